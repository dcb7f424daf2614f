# A Debian image, since the Temporal SDK needs glibc: on Alpine it does not start.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Only this package may run a script, also where the npm of the image does not know allowScripts in package.json.
RUN npm ci --ignore-scripts && npm rebuild better-sqlite3
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
# The list of packages is made without its date and its random number, so that two builds of one commit have the same.
RUN npm run build \
  && npm sbom --omit=dev --sbom-format cyclonedx >bom.json \
  && npm prune --omit=dev \
  && sed -i '/"serialNumber":/d; /"timestamp":/d' bom.json \
  && find dist -name '*.map' -o -name .tsbuildinfo | xargs rm
# Nothing reads these at run time: the Temporal SDK's core for other platforms (27 MB each), the sources of native modules,
# source maps, types and sources in TypeScript.
RUN node -p 'require("@temporalio/core-bridge/common").getPrebuiltTargetName()' >/tmp/platform \
  && cd node_modules \
  && find @temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(cat /tmp/platform)" -exec rm -r {} + \
  && find better-sqlite3/build -type f ! -name better_sqlite3.node -delete \
  && rm -r better-sqlite3/deps better-sqlite3/src @temporalio/core-bridge/sdk-core \
  && find . -type f '(' -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' ')' -delete

FROM node:24-slim
# The Temporal SDK trusts the system's certificate authorities, and a slim image has none.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/ldconfig \
  && install --directory --owner node --group node --mode 700 /data
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json /app/bom.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY playbooks ./playbooks
USER node
# docker build --build-arg REVISION="$(git rev-parse HEAD)" . names the commit.
ARG REVISION=
LABEL org.opencontainers.image.title=Answerback \
  org.opencontainers.image.description="Answers every inbound text message exactly once, durably" \
  org.opencontainers.image.version=1.0.0 \
  org.opencontainers.image.licenses=MIT \
  org.opencontainers.image.revision=$REVISION
# The parts are started as docker-compose.yml and deploy/kubernetes.yaml do; by itself the image says what it has.
CMD ["node", "dist/cli/main.js", "--help"]
