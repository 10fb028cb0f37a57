# One image for all services: each Deployment names its bundle, such as `services/order/main.mjs`.
#   docker build -t outcry/services:dev .
#   docker run --rm -e ... outcry/services:dev services/order/main.mjs
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The password hash is native code of this platform: it cannot be bundled, and asks for a part of glibc that small images may lack.
RUN node scripts/image/bundle.ts /app \
  && mkdir /app/node_modules /app/lib \
  && cp -R node_modules/@node-rs /app/node_modules/ \
  && cp -L /lib/*-linux-gnu/librt.so.1 /app/lib/

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
# `--build-arg OUTCRY_RELEASE=...`: what operators see as the release of each process.
ARG OUTCRY_RELEASE=
ENV OUTCRY_RELEASE=$OUTCRY_RELEASE
ENV NODE_ENV=production LD_LIBRARY_PATH=/app/lib
COPY --from=build /app ./
USER 65532:65532
EXPOSE 9000 9464
