#!/usr/bin/env bash
# The engine against a naive evaluator: COUNT random queries (a million), SEED, on THREADS threads.
set -euo pipefail
cd "$(dirname "$0")/.."
"${SWIFT:-swift}" build -c release --scratch-path .build-release --product stemma-differential >/dev/null
exec .build-release/release/stemma-differential "${COUNT:-1000000}" "${SEED:-1}" "${THREADS:-2}"
