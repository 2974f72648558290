#!/usr/bin/env bash
# The lineage workload. `tools/bench.sh` runs our part alone and compares it with the run before;
# `tools/bench.sh peers` installs the peers in a virtual environment and prints the table of all,
# and after it how Stemma stands to the floor in C, to the other size, and to the past.
# BENCH=folder with the benchmark (default ../shared/bench), SCALE=experiments, PEERS=a,b,c, ROUNDS=3,
# WORK=folder for data, stores and results (default .bench), README=1 writes the table into README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
bench=${BENCH:-../shared/bench}/peers
scale=${SCALE:-100000}
work=${WORK:-.bench}
if [ ! -f "$bench/run.py" ]; then
  echo "stemma: there is no benchmark in $bench; set BENCH to its folder" >&2
  exit 2
fi
"${SWIFT:-swift}" build -c release --scratch-path .build-release --product stemma-bench >/dev/null
# How long a process takes to start is that of the program that is installed.
[ "${1:-alone}" != peers ] || tools/release.sh >/dev/null
program=$PWD/.build-release/release/stemma-bench
mkdir -p "$work"
data=$work/data-$scale
environment=$work/.venv
if [ ! -x "$environment/bin/python" ]; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet numpy duckdb==2.0.0 kuzu==0.11.3 ladybug==0.22.0
fi
python=$environment/bin/python
[ -f "$data/params.json" ] || "$python" "$bench/generate.py" --scale "$scale" --out "$data" >/dev/null
if [ "${1:-alone}" != peers ]; then
  exec "$program" --data "$data" --db "$work/db-$scale" --rounds "${ROUNDS:-3}" \
    --history "$work/history.jsonl"
fi
rm -rf "$work/out-$scale"
STEMMA_BENCH=$program "$python" "$bench/run.py" --data "$data" --db "$work/db-$scale" \
  --out "$work/out-$scale" --rounds "${ROUNDS:-3}" --peers "${PEERS:-stemma,sqlite,duckdb,kuzu,ladybug}"
# SQLite once more, without Python between.
if [[ ,${PEERS:-sqlite}, == *,sqlite,* ]]; then
  cc -O2 -o "$work/sqlite_calls" Benchmarks/PeersBench/sqlite_calls.c -lsqlite3
  "$python" Benchmarks/PeersBench/sqlite_in_c.py "$bench" "$data" "$work/db-$scale" \
    "$work/out-$scale" "$work/sqlite_calls" "${ROUNDS:-3}"
fi
{
  echo "$(date -u +%F), $scale experiments, $(nproc) processors" \
    "($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), load $(cut -d' ' -f1 /proc/loadavg);" \
    "per parameter the best of ${ROUNDS:-3} rounds, then the median over parameters."
  echo
  "$python" "$bench/run.py" --table "$work/out-$scale"
} >"$work/table-$scale.md"
cat "$work/table-$scale.md"
[ -z "${README:-}" ] || tools/bench_table.py "$work/table-$scale.md" "$scale"
tools/bench_ratios.py "$work" "$scale" "$bench" --stemma "$PWD/.build-release/stemma"
# Loaded again: the inserts above have changed the answers.
"$program" --data "$data" --db "$work/db-$scale" --rounds "${ROUNDS:-3}" \
  --history "$work/history.jsonl"
