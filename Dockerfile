# A Debian image, since the Temporal SDK needs glibc: on Alpine it does not start.
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Only this package may run a script; the npm of this image does not know allowScripts in package.json.
RUN npm ci --ignore-scripts && npm rebuild better-sqlite3
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:22-slim
# The Temporal SDK trusts the system's certificate authorities, and a slim image has none.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner node --group node /data
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY playbooks ./playbooks
USER node
CMD ["node", "dist/standalone/main.js"]
