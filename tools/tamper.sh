#!/usr/bin/env bash
# Flips every bit of a small store's data file and objects, one at a time, and has each verified.
# STEP=n takes every n-th bit only. Prints what is exempt, and fails where a flip was missed.
set -euo pipefail
cd "$(dirname "$0")/.."
step=${STEP:-1}
processes=$(nproc)
swift=${SWIFT:-swift}
"$swift" build -c release --scratch-path .build-release --product tamper-probe >/dev/null
probe=$("$swift" build -c release --scratch-path .build-release --show-bin-path)/tamper-probe
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$probe" make "$folder/store"
bytes=$(stat -c %s "$folder/store/data.mdb")
running=()
for ((number = 0; number < processes; number++)); do
  cp -r "$folder/store" "$folder/$number"
  "$probe" verify "$folder/$number" $((number * step)) $((processes * step)) 1000000000 \
    >"$folder/$number.txt" &
  running+=($!)
done
failed=0
for process in "${running[@]}"; do wait "$process" || failed=1; done
"$probe" objects "$folder/store" >"$folder/objects.txt" || failed=1
echo "a store of $bytes bytes, every ${step}th bit:"
awk '/^missed/ { print; missed++ }
  /^flips/ { for (i = 1; i < NF; i += 2) if ($i == "exempt") { sum["exempt " $(i + 1)] += $(i + 2); i++ }
             else sum[$i] += $(i + 1) }
  END { for (what in sum) print what, sum[what]; print "missed", missed + 0; exit missed > 0 }' \
  "$folder"/*.txt || failed=1
[ "$failed" -eq 0 ] && echo "stemma: every flip of a byte in use was reported" || echo "stemma: tampering was missed, or a process died"
exit "$failed"
