#!/usr/bin/env bash
# Builds the server and starts it on http://127.0.0.1:9090 with the sample configuration, data in ./data.
set -euo pipefail
cd "$(dirname "$0")/.."

build/build.sh src/Forethought/Forethought.csproj Release
cat <<TEXT

Forethought starts on http://127.0.0.1:9090 and scrapes itself every 5 seconds (build/prometheus.yml, data in ./data).
Look at:
  http://127.0.0.1:9090/-/ready
  http://127.0.0.1:9090/metrics
  http://127.0.0.1:9090/api/v1/targets
  http://127.0.0.1:9090/api/v1/query?query=up
Stop it with Ctrl+C.

TEXT
exec src/Forethought/bin/Release/net10.0/forethought \
    --config.file=build/prometheus.yml --storage.tsdb.path=data --web.listen-address=127.0.0.1:9090 --web.enable-lifecycle "$@"
