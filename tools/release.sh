#!/usr/bin/env bash
# Builds .build-release/stemma: one program that needs no Swift on the machine it runs on.
# A fully static link starts fastest; where the machine lacks the static libraries for it, only
# Swift's own libraries are linked in.
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
options=(-c release --scratch-path .build-release --product stemma)
# liblmdb, libcrypto and libedit as archives; libedit's own dependencies follow it.
static=(-Xswiftc -static-executable -Xlinker -ltinfo -Xlinker -lbsd -Xlinker -lmd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if "$swift" build "${options[@]}" "${static[@]}" >"$log" 2>&1; then
  kind="static"
else
  "$swift" build "${options[@]}" --static-swift-stdlib | tee "$log" || { cat "$log" >&2; exit 1; }
  kind="static Swift libraries"
fi
built=$("$swift" build "${options[@]}" --show-bin-path)/stemma
strip -o .build-release/stemma "$built"
echo "stemma: .build-release/stemma ($kind, $(stat -c %s .build-release/stemma) bytes)"
