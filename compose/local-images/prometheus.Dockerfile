FROM localhost/outcry/debian
RUN apt-get update -q && apt-get install -y --no-install-recommends prometheus && install -d -o prometheus -g prometheus /prometheus
USER prometheus
WORKDIR /prometheus
ENTRYPOINT ["prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
