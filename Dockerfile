# One image for all services: each Deployment names its bundle, such as `services/order/main.mjs`.
#   docker build -t outcry/services:dev .
#   docker run --rm -e ... outcry/services:dev services/order/main.mjs
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The password hash is native code of this platform, which cannot be bundled.
RUN node scripts/image/bundle.ts /app && mkdir /app/node_modules && cp -R node_modules/@node-rs /app/node_modules/

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app ./
USER 65532:65532
EXPOSE 9000 9464
