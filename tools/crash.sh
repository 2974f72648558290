#!/usr/bin/env bash
# Cuts everything that writes a store short at every call that reaches the disk, by kills and by
# losses of power, and counts. STEP=n takes every n-th call only; SCENARIO names one operation.
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
"$swift" build -c release --scratch-path .build-release --product crash-lab >/dev/null
lab=$("$swift" build -c release --scratch-path .build-release --show-bin-path)/crash-lab
folder=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$folder"' EXIT
running=()
for way in kill power; do
  "$lab" "$way" "${SCENARIO:-all}" "$folder/$way" "${STEP:-1}" 0 >"$folder/$way.txt" &
  running+=($!)
done
failed=0
for process in "${running[@]}"; do wait "$process" || failed=1; done
cat "$folder/kill.txt" "$folder/power.txt"
awk '{ for (i = 1; i < NF; i++) if ($i == "kills" || $i == "layouts" || $i == "failures") sum[$i] += $(i + 1) }
  END { printf "stemma: %d kills, %d losses of power, %d failures\n", sum["kills"], sum["layouts"], sum["failures"] }' \
  "$folder/kill.txt" "$folder/power.txt"
exit "$failed"
