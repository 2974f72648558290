#!/usr/bin/env bash
# Coverage-guided fuzzing with libFuzzer, which Swift's toolchain brings along.
#   SECONDS_EACH=600  how long each of the two targets runs;  CORPUS=folder for what is found (.build-fuzz/corpus)
# A finding is a file crash-*, timeout-* or oom-* in .build-fuzz; replay it: .build-fuzz/release/stemma-fuzz FILE
set -euo pipefail
cd "$(dirname "$0")/.."
# The fuzzer itself must see a crash, to keep the input.
export SWIFT_BACKTRACE=enable=no
"${SWIFT:-swift}" build -c release --scratch-path .build-fuzz --product stemma-fuzz \
  -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld -Xswiftc -DFUZZING
for target in ${TARGETS:-parser query}; do
  corpus=${CORPUS:-.build-fuzz/corpus}/$target
  mkdir -p "$corpus"
  STEMMA_FUZZ=$target .build-fuzz/release/stemma-fuzz "$corpus" Fuzz/Corpus \
    -dict=Fuzz/cypher.dict -max_len=1000 -timeout=10 -rss_limit_mb=2500 \
    -artifact_prefix=.build-fuzz/ -max_total_time="${SECONDS_EACH:-600}" \
    -print_final_stats=1 "$@"
done
