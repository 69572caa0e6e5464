# Portico with an external PostgreSQL; see compose.yaml.
FROM node:24-slim AS build
WORKDIR /portico
COPY package.json package-lock.json ./
# Not "npm ci": the lock may lack optional packages of other platforms.
RUN npm install --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs && npm prune --omit=dev --no-audit --no-fund && rm -rf .portico

FROM node:24-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORTICO_DATA_DIR=/var/lib/portico
WORKDIR /portico
COPY --from=build /portico ./
RUN install -d -o node -g node -m 0700 /var/lib/portico
USER node
VOLUME /var/lib/portico
EXPOSE 3000
# Health and metrics stay on the container's own loopback unless OPS_ADDR says otherwise.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.ts"]
