#!/usr/bin/env bash
# A campaign with proposer and critic behind HTTP: our misbehaving server, and third-party mocks where
# their programs are given (LITELLM=program, from PyPI's litellm[proxy]). Each is then run again from
# its recorded answers and its sealed seeds, with no network, and has to come to the same: answers, draws of
# prompts, critiques, weights, decisions and outcomes, byte by byte.
set -euo pipefail
cd "$(dirname "$0")/.."
stemma=${STEMMA:-$PWD/.build-release/stemma}
work=$(mktemp -d)
pids=()
trap 'for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; rm -rf "$work"' EXIT
python3 tools/mock_models.py 0 >"$work/port" & pids+=($!)
until [ -s "$work/port" ]; do sleep 0.1; done
port=$(cat "$work/port")
export TEST_MODEL_KEY=sk-test-secret-0123456789
failed=0

campaign() { # name, proposer lines, critic lines, more tables
  rm -rf "$work/$1"; mkdir "$work/$1"
  echo "Propose a change. Be BOLD." >"$work/$1/bold.md"
  echo "Propose a change. Be careful." >"$work/$1/careful.md"
  echo "Judge the change by what was tried." >"$work/$1/critic.md"
  (cd "$work/$1" && "$stemma" init --campaign "$1" >/dev/null)
  python3 - "$work/$1/campaign.toml" "$2" "$3" "${4:-}" <<'END'
import re, sys
path, proposer, critic, more = sys.argv[1:]
text = open(path).read()
text = re.sub(r'\[proposer\].*?(?=\n\[\[critics)', '[proposer]\n' + proposer + '\nper_round = 2\n', text, flags=re.S)
text = re.sub(r'\[\[critics\]\].*?(?=\n\[gates)', '[[critics]]\n' + critic + '\n', text, flags=re.S)
text = re.sub(r'rounds = \d+', 'rounds = 4' if more else 'rounds = 2', text)
open(path, "w").write(text + "\n" + more)
END
}

facts() { # the answers, the proposals and their ends
  ask() { "$stemma" query --store "$work/$1" --format csv "$2"; }
  "$stemma" loop answers "$2" --store "$work/$1"
  ask "$1" "MATCH (p:Proposal) RETURN p.key, p.title, p.parameters, p.changeHash, p.status ORDER BY id(p)"
  ask "$1" "MATCH (c:Critique) RETURN c.key, c.verdict, c.summary, c.score, c.struck, c.struckReasons ORDER BY id(c)"
  ask "$1" "MATCH (c:Call) OPTIONAL MATCH (c)-[:USES]->(p:Prompt) RETURN c.key, c.draw, p.key, p.contentHash ORDER BY id(c), p.key"
  ask "$1" "MATCH (d:Decision) RETURN d.key, d.gate, d.action, d.reason ORDER BY id(d)"
  ask "$1" "MATCH (e:Eval) RETURN e.key, e.metric, e.value, e.status ORDER BY id(e)" | grep -v seconds
}

check() { # name, more tables, more of the proposer and of critics for the replay
  if ! (cd "$work/$1" && "$stemma" loop run campaign.toml >run.log 2>&1); then
    echo "FAIL $1: $(tail -3 "$work/$1/run.log")"; failed=1; return
  fi
  if grep -rqa "$TEST_MODEL_KEY" "$work/$1"; then echo "FAIL $1: the key was kept"; failed=1; fi
  facts "$1" "$1" >"$work/$1.facts"
  "$stemma" loop answers "$1" --store "$work/$1" >"$work/$1.jsonl"
  campaign "$1-again" "kind = \"replay\"
name = \"p\"
file = \"../$1.jsonl\"
${3:-}" "kind = \"replay\"
name = \"c\"
file = \"../$1.jsonl\"
${4:-}" "${2:-}"
  cp -r "$work/$1/.stemma/vault" "$work/$1-again/.stemma/"
  sed -i "s/name = \"$1-again\"/name = \"$1\"/" "$work/$1-again/campaign.toml"
  (cd "$work/$1-again" && "$stemma" loop run campaign.toml >run.log 2>&1) || true
  facts "$1-again" "$1" >"$work/$1-again.facts"
  local calls
  calls=$("$stemma" query --store "$work/$1" --format csv \
    "MATCH (c:Call) RETURN c.status AS s, count(*) AS n ORDER BY s" | tail -n +2 | tr '\n' ' ')
  if cmp -s "$work/$1.facts" "$work/$1-again.facts"; then
    echo "PASS $1: calls $calls, replayed alike"
  else
    echo "FAIL $1: calls $calls, the replay differs"; failed=1
    diff "$work/$1.facts" "$work/$1-again.facts" | head -5
  fi
}

model() { # kind, model, more
  printf 'kind = "%s"\nname = "m"\nmodel = "%s"\nbase_url = "http://127.0.0.1:%s/v1"\nkey_environment = "TEST_MODEL_KEY"\ntimeout = "3s"\nretries = 2\n%s\n' "$1" "$2" "${4:-$port}" "${3:-}"
}

for kind in openai anthropic; do
  for name in plain stream tool 429+500+plain cut+html+plain bad+plain slow+plain; do
    word=$kind-$(echo "$name" | tr '+' '-')
    campaign "$word" "$(model $kind "$name" | sed 's/name = "m"/name = "p"/')" \
      "$(model $kind "$name+" | sed 's/+"$/"/; s/name = "m"/name = "c"/')"
    check "$word"
  done
done
rules='[critique]
rule = "weighted"
threshold = 0.4
[[critique.criteria]]
name = "novelty"
question = "Was it tried before?"
weight = 2.0
anchors = { "0" = "the same was tried", "1" = "nothing like it" }
[[critique.criteria]]
name = "plausibility"
question = "Will it help?"
anchors = { "0" = "no", "1" = "yes" }'
prompts='prompts = ["careful.md", "bold.md"]'
for kind in openai anthropic; do
  other=$([ $kind = openai ] && echo anthropic || echo openai)
  word=$kind-critics-and-prompts
  campaign "$word" "$(model $kind plain "$prompts" | sed 's/name = "m"/name = "p"/')" \
    "$(model $kind plain 'prompt = "critic.md"' | sed 's/name = "m"/name = "c"/')

[[critics]]
$(model $other strict | sed 's/name = "m"/name = "strict"/')" "$rules"
  check "$word" "$rules" "$prompts" 'prompt = "critic.md"

[[critics]]
kind = "replay"
name = "strict"
file = "../'"$word"'.jsonl"'
done
campaign never "$(model openai plain | sed 's/name = "m"/name = "p"/')" \
  "$(model openai 500 'temperature = 0.0' | sed 's/name = "m"/name = "c"/; s/retries = 2/retries = 0/')"
check never
if [ -n "${LITELLM:-}" ]; then
  cat >"$work/litellm.yaml" <<'END'
model_list:
  - model_name: mock-propose
    litellm_params: {model: openai/mock, api_key: none, mock_response: '{"version": 1, "title": "a higher rate", "hypothesis": "it learns faster", "parameters": {"learning_rate": 0.02}}'}
  - model_name: mock-critic
    litellm_params: {model: openai/mock, api_key: none, mock_response: '{"version": 1, "verdict": "approve", "summary": "fine"}'}
router_settings: {num_retries: 0, disable_cooldowns: true}
litellm_settings: {num_retries: 0, telemetry: false}
general_settings: {master_key: sk-test-secret-0123456789}
END
  NO_DOCS=True LITELLM_LOCAL_MODEL_COST_MAP=True LITELLM_TELEMETRY=False \
    PATH="$(dirname "$LITELLM"):$PATH" "$LITELLM" --config "$work/litellm.yaml" --host 127.0.0.1 --port 14010 >"$work/litellm.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 120); do curl -sf -m 2 127.0.0.1:14010/health/liveliness >/dev/null && break; sleep 1; done
  for kind in openai anthropic; do
    for streams in true false; do
      word=litellm-$kind-$streams
      campaign "$word" "$(model $kind mock-propose "stream = $streams" 14010 | sed 's/name = "m"/name = "p"/; s/3s/20s/')" \
        "$(model $kind mock-critic "stream = $streams" 14010 | sed 's/name = "m"/name = "c"/; s/3s/20s/')"
      check "$word"
    done
  done
fi
exit $failed
