#!/usr/bin/env bash
# Lets Optuna drive examples/ngram through `stemma ask`, `tell` and `wait`. Optuna goes into a virtual
# environment of its own (.venv-optuna); with SAMPLER=random nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
stemma=${STEMMA:-$PWD/.build-release/stemma}
python=python3
if [ "${SAMPLER:-optuna}" = optuna ]; then
  [ -x .venv-optuna/bin/python ] || { python3 -m venv .venv-optuna && .venv-optuna/bin/pip install -q optuna; }
  python=$PWD/.venv-optuna/bin/python
fi
work=$(mktemp -d)
loop=
trap '[ -z "$loop" ] || kill "$loop" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
cp -r examples/ngram "$work/ngram"
cd "$work"
python3 - ngram/campaign.toml <<'END'
import re, sys
path = sys.argv[1]
text = open(path).read()
text = re.sub(r'\[proposer\].*?(?=\n\[\[critics)', '[proposer]\nkind = "outside"\nper_round = 5\n', text, flags=re.S)
text = re.sub(r'rounds = \d+', 'rounds = 2', text)
open(path, "w").write(text)
END
"$stemma" init >/dev/null
"$stemma" loop run ngram/campaign.toml --quiet >loop.log 2>&1 & loop=$!
until "$stemma" ask ngram >/dev/null 2>&1; do kill -0 "$loop" || { cat loop.log; exit 1; }; sleep 0.2; done
"$python" "$OLDPWD/examples/optuna/drive.py" ngram --stemma "$stemma" --sampler "${SAMPLER:-optuna}"
wait "$loop"
loop=
"$stemma" loop status ngram
