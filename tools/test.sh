#!/usr/bin/env bash
# Runs all tests and closes with one line that says how many ran. Arguments go to `swift test`.
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${SWIFT:-swift}" test "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
summary=$(grep -E 'Test run with [0-9]+ tests?' "$log" | tail -1)
count=$(sed -E 's/.*Test run with ([0-9]+) tests?.*/\1/' <<<"$summary")
skipped=$(grep -cE '^(➜|.*) Test .* skipped' "$log" || true)
if [ "$status" -eq 0 ] && [ -n "$count" ]; then
  echo "stemma: ${count} tests ran, all passed (${skipped} skipped)"
else
  # The lines that say what failed are told again, because a log may be cut to its end.
  grep -aE '^✘ .*(recorded an issue|failed after)|error: |Fatal error|signal code' "$log" | tail -40
  echo "stemma: ${count:-0} tests ran, and something failed (see the lines above)"
  [ "$status" -ne 0 ] || status=1
fi
exit "$status"
