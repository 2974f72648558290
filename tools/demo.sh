#!/usr/bin/env bash
# A whole campaign from a weak baseline, in a folder of its own: .demo. What it shows is what the
# program says; nothing here is prepared but the example itself.
set -euo pipefail
cd "$(dirname "$0")/.."
stemma=$PWD/.build-release/stemma
rm -rf .demo
mkdir .demo
cp -r examples/ngram .demo/ngram
cd .demo
say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }
stemma() { "$stemma" "$@"; }

say stemma init
stemma init
say stemma loop run ngram/campaign.toml
stemma loop run ngram/campaign.toml
say stemma query @duplicates
stemma query @duplicates
say stemma query @killed-runs
stemma query @killed-runs
say stemma query @holdout
stemma query @holdout
say stemma verify
stemma verify
key() { stemma query --format csv "$1" | tail -1; }
winner=$(key "MATCH (p:Proposal {status: 'confirmed'}) RETURN p.key ORDER BY id(p) DESC LIMIT 1")
last=$(key "MATCH (p:Proposal) RETURN p.key ORDER BY id(p) DESC LIMIT 1")
cat <<END

The store is .demo/.stemma. From .demo, try next:

  ../.build-release/stemma why $winner
  ../.build-release/stemma query @tried-like --param key=$last
  ../.build-release/stemma repl
END
