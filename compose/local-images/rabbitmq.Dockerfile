FROM localhost/outcry/debian
RUN apt-get update -q && apt-get install -y --no-install-recommends rabbitmq-server \
  && rm -rf /var/lib/rabbitmq/* /var/lib/rabbitmq/.erlang.cookie /var/log/rabbitmq/* && mkdir -p /etc/rabbitmq/conf.d \
  && printf 'loopback_users = none\nlog.console = true\nlog.file = false\n' >/etc/rabbitmq/conf.d/10-defaults.conf \
  && echo '[rabbitmq_management,rabbitmq_prometheus].' >/etc/rabbitmq/enabled_plugins
COPY rabbitmq-entrypoint /usr/local/bin/docker-entrypoint.sh
# The broker itself and its tools without the check of the user that Debian puts before them.
ENV PATH=/usr/lib/rabbitmq/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/var/lib/rabbitmq LANG=C.UTF-8
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["rabbitmq-server"]
