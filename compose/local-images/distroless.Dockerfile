FROM localhost/outcry/debian
COPY node/bin/node /nodejs/bin/node
# Without a shell, as the real one: what needs one fails here too.
RUN useradd --uid 65532 --create-home nonroot && rm -f /bin/sh /bin/dash /bin/bash
USER 65532
WORKDIR /home/nonroot
ENTRYPOINT ["/nodejs/bin/node"]
