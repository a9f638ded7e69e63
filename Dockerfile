# The application alone; docker-compose.yml adds the Neo4j that it keeps its facts in.

FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/liantu && /opt/liantu/bin/pip install '.[export]'

FROM python:3.12-slim
LABEL org.opencontainers.image.title="liantu" \
      org.opencontainers.image.description="Knowledge graph of Shanghai's industrial chains" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/liantu /opt/liantu
# /app/var holds the embedded store when no Neo4j is named; mount a volume there to keep it.
RUN useradd --uid 10001 --create-home --home-dir /app liantu \
    && install --directory --owner=liantu --group=liantu /app/var
WORKDIR /app
USER liantu
ENV PATH=/opt/liantu/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LIANTU_HOST=0.0.0.0 \
    LIANTU_PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['LIANTU_PORT'] + '/healthz', timeout=4)"]
CMD ["liantu", "serve"]
