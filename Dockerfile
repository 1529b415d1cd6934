# The coach for batches: videos in, results out, no screen and no camera. See docs/install.md.
#   docker build -t coach .
#   docker run --rm -v "$PWD/videos:/videos:ro" -v "$PWD/results:/results" coach batch /videos --out /results
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY coach coach
COPY exercises exercises
COPY programmes programmes
COPY samples samples
RUN python -m venv /opt/coach \
    && /opt/coach/bin/python -m pip install --no-cache-dir --constraint requirements.lock '.[parquet,cluster]'

FROM python:3.12-slim
# What MediaPipe and OpenCV are linked to, also where no window is shown.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libegl1 libgles2 libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 coach \
    && install --directory --owner coach /videos /results
COPY --from=build /opt/coach /opt/coach
ENV PATH=/opt/coach/bin:$PATH \
    COACH_HOME=/home/coach/history
USER 1000
WORKDIR /results
ENTRYPOINT ["coach"]
CMD ["--help"]
