# An archive, served by an ordinary user from a root that may be read-only: docs/how-to/deploy.md
ARG PYTHON=python:3.13-slim-trixie
FROM ${PYTHON} AS base

FROM base AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY locks/server.txt locks/
COPY src/ src/
COPY ontology/ ontology/
COPY shapes/ shapes/
COPY queries/ queries/
COPY examples/ examples/
RUN python -m venv /opt/cetsgraph
RUN /opt/cetsgraph/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation --require-hashes --requirement locks/server.txt
RUN /opt/cetsgraph/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation --no-index .

FROM base
COPY --from=build /opt/cetsgraph /opt/cetsgraph
ENV PATH=/opt/cetsgraph/bin:$PATH
USER 10001:10001
EXPOSE 7878
HEALTHCHECK --start-period=60s --timeout=10s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7878/health', timeout=5)"]
ENTRYPOINT ["cetsgraph"]
CMD ["serve", "--store", "/store", "--host", "0.0.0.0"]
