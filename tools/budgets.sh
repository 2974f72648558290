#!/usr/bin/env bash
# Counts the instructions of a read and of an append under callgrind and compares them with
# Benchmarks/ReadBench/budgets.txt: exact counts, blind to what else the machine does. More than the
# tolerance above a budget is an error. BLESS=1 writes what was counted into the file.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v valgrind >/dev/null; then
  echo "stemma: skipped, valgrind is not installed (apt-get install valgrind)"
  exit 0
fi
budgets=Benchmarks/ReadBench/budgets.txt
"${SWIFT:-swift}" build -c release --scratch-path .build-release --product ReadBench >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Valgrind does not read this compiler's debug information.
program=$folder/ReadBench
strip -o "$program" .build-release/release/ReadBench
# Hashes are the same in every run, so that no set has another shape.
export SWIFT_DETERMINISTIC_HASHING=1
"$program" "$folder/data" 2000 65536 get 1 >/dev/null

# The instructions of a run.
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$folder/data" 2000 65536 \
    "$1" "$2" 2>&1 >/dev/null | sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p'
}

tolerance=$(sed -n 's/^tolerance \([0-9]*\) %$/\1/p' "$budgets")
status=0
written=
while read -r operation budget repeats parts; do
  once=$(count "$operation" "$repeats")
  twice=$(count "$operation" $((repeats * 2)))
  each=$(((twice - once) / repeats / parts))
  written+="$operation $each $repeats $parts"$'\n'
  verdict=same
  if ((each * 100 > budget * (100 + tolerance))); then
    verdict="above the budget by more than $tolerance %" status=1
  elif ((each * 100 < budget * (100 - tolerance))); then
    verdict="below by more than $tolerance %: lower the budget (BLESS=1)"
  fi
  printf '%-8s %8d instructions, budget %8d: %s\n' "$operation" "$each" "$budget" "$verdict"
done < <(grep -E '^[a-z]+ [0-9]+ [0-9]+ [0-9]+$' "$budgets")
if [ -n "${BLESS:-}" ]; then
  { grep -vE '^[a-z]+ [0-9]+ [0-9]+ [0-9]+$' "$budgets"; printf '%s' "$written"; } >"$folder/new"
  cp "$folder/new" "$budgets"
  status=0
fi
exit "$status"
