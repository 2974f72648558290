#!/usr/bin/env bash
# Runs the openCypher TCK from a folder of feature files: TCK=folder, default ../shared/tck.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${TCK:-../shared/tck}
if [ ! -d "$folder" ]; then
  echo "stemma: there is no folder $folder; set TCK to the features of openCypher's TCK" >&2
  exit 2
fi
"${SWIFT:-swift}" build -c release --scratch-path .build-release --product stemma-tck >/dev/null
exec .build-release/release/stemma-tck "$folder" "$@"
