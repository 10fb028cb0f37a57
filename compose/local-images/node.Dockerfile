FROM localhost/outcry/debian
COPY node/bin/node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN chmod 755 /usr/local/lib/node_modules/npm/bin/*.js \
  && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
  && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
  && echo cafile=/etc/ssl/certs/ca-certificates.crt >/etc/npmrc
ENV NPM_CONFIG_GLOBALCONFIG=/etc/npmrc
CMD ["node"]
