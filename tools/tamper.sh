#!/usr/bin/env bash
# Flips every bit of a small store's data file and objects, one at a time, and has each verified.
# STEP=n takes every n-th bit only, PROCESSES says how many work at it. Prints what is exempt, and
# fails where a flip was missed, or a process trapped or hung.
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
"$swift" build -c release --scratch-path .build-release --product tamper-probe >/dev/null
probe=$("$swift" build -c release --scratch-path .build-release --show-bin-path)/tamper-probe
folder=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$folder"' EXIT
"$probe" make "$folder/store"
echo "a store of $(stat -c %s "$folder/store/data.mdb") bytes"
failed=0
echo "data.mdb:"
"$probe" flip "$folder/store" "${STEP:-1}" 0 "${PROCESSES:-$(nproc)}" || failed=1
echo "files of objects:"
"$probe" objects "$folder/store" 1 || failed=1
echo "lock.mdb, every 101st bit:"
"$probe" lock "$folder/store" 101 || failed=1
[ "$failed" -eq 0 ] && echo "stemma: every flip of a byte in use was reported" \
  || echo "stemma: tampering was missed, or a process died"
exit "$failed"
