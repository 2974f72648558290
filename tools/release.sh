#!/usr/bin/env bash
# Builds .build-release/stemma: one program that needs no Swift on the machine it runs on.
# A fully static link starts fastest; where the machine lacks an archive for it, only Swift's own
# libraries are linked in.
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
# Programs that are measured are linked otherwise: in one folder each would undo the other's work.
options=(-c release --scratch-path .build-static --product stemma)
kind="static"
link=(-Xswiftc -static-executable)
# libedit's own dependencies follow it, because an archive does not name them.
for library in lmdb crypto sqlite3 edit tinfo bsd md; do
  if [ "$(cc -print-file-name="lib$library.a")" = "lib$library.a" ]; then
    kind="static Swift libraries: there is no lib$library.a"
    link=(--static-swift-stdlib)
    break
  fi
  case $library in tinfo | bsd | md) link+=(-Xlinker "-l$library") ;; esac
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$swift" build "${options[@]}" "${link[@]}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
mkdir -p .build-release
strip -o .build-release/stemma "$("$swift" build "${options[@]}" --show-bin-path)/stemma"
echo "stemma: .build-release/stemma ($kind, $(stat -c %s .build-release/stemma) bytes)"
