#!/usr/bin/env bash
# Our column of the lineage benchmark, beside the peers where they are installed.
# BENCH=folder with the benchmark (default ../shared/bench), SCALE=experiments, PEERS=a,b,c.
set -euo pipefail
cd "$(dirname "$0")/.."
bench=${BENCH:-../shared/bench}/peers
scale=${SCALE:-10000}
if [ ! -f "$bench/run.py" ]; then
  echo "stemma: there is no benchmark in $bench; set BENCH to its folder" >&2
  exit 2
fi
"${SWIFT:-swift}" build -c release --scratch-path .build-release --product stemma-bench >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$bench/generate.py" --scale "$scale" --out "$work/data"
STEMMA_BENCH="$PWD/.build-release/release/stemma-bench" python3 "$bench/run.py" \
  --data "$work/data" --db "$work/db" --out "$work/out" --peers "${PEERS:-stemma,sqlite}"
python3 "$bench/run.py" --table "$work/out"
