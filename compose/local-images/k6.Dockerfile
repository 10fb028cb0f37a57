FROM localhost/outcry/debian
COPY k6 /usr/bin/k6
USER 12345
ENTRYPOINT ["k6"]
