#!/usr/bin/env bash
# A campaign with proposer and critic behind HTTP: our misbehaving server, and third-party mocks where
# their programs are given (LITELLM=program of PyPI's litellm[proxy], AIMOCK=program of its ai-mock). What a
# server does to the first question has to be in the records, request by request. Each campaign is then run
# again from its recorded answers and its sealed seeds, in a network namespace with nothing in it where this
# user may make one, and has to come to the same: answers, draws of prompts, critiques, weights, decisions and
# outcomes, byte by byte.
set -euo pipefail
cd "$(dirname "$0")/.."
stemma=${STEMMA:-$PWD/.build-release/stemma}
export STEMMA_PROGRAM=$stemma
work=$(mktemp -d)
pids=()
trap 'for p in "${pids[@]}"; do pkill -P "$p" || true; kill "$p" 2>/dev/null || true; done; rm -rf "$work"' EXIT
python3 tools/mock_models.py 0 >"$work/port" & pids+=($!)
until [ -s "$work/port" ]; do sleep 0.1; done
port=$(cat "$work/port")
export TEST_MODEL_KEY=sk-test-secret-0123456789
failed=0
offline=()
if unshare --net true 2>/dev/null; then offline=(unshare --net); else echo "note: no network namespace here"; fi

cat >"$work/exchanges.py" <<'END'
# What was sent for one question: exchanges.py requests | system FOLDER < exchanges
import json, os, subprocess, sys
what, folder = sys.argv[1:]
sent = json.load(sys.stdin)
if what == "requests":
    print(" ".join(f"{e['purpose']}:{e.get('httpStatus', 'none')}:{e['status']}" for e in sent))
else:
    name = sent[0]["request"]
    stemma = os.environ["STEMMA_PROGRAM"]
    request = json.loads(subprocess.check_output([stemma, "object", name, "--store", folder]))
    print(request["messages"][0]["content"], end="")
END

first() { # name, role, requests | system: of the first question to a role what was sent, or the system's text
  local call
  call=$("$stemma" query --store "$work/$1" --format csv \
    "MATCH (c:Call {role: '$2'}) RETURN c.key ORDER BY id(c) LIMIT 1" | tail -1)
  "$stemma" replay --store "$work/$1" --part exchanges "$call" | python3 "$work/exchanges.py" "$3" "$work/$1"
}

expected() { # name of the model: what has to be recorded
  case $1 in
    plain | stream) echo "ask:200:answered" ;;
    tool) echo "ask:200:answered tool:200:answered" ;;
    429+500+plain) echo "ask:429:failed ask:500:failed ask:200:answered" ;;
    cut+html+plain) echo "ask:none:failed ask:200:failed ask:200:answered" ;;
    bad+plain) echo "ask:200:answered repair:200:answered" ;;
    slow+plain) echo "ask:none:timedOut ask:200:answered" ;;
    500) echo "ask:500:failed" ;;
  esac
}

recorded() { # name, role, what has to be recorded
  local found
  found=$(first "$1" "$2" requests 2>/dev/null) || true
  if [ "$found" != "$3" ]; then echo "FAIL $1: of the $2 is recorded '$found', not '$3'"; failed=1; fi
}

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
  ask "$1" "MATCH (p:Proposal)-[d:DUPLICATES]->(o:Proposal) RETURN p.key, o.key, d.kind, d.score ORDER BY id(p), id(o)"
  ask "$1" "MATCH (c:Critique) RETURN c.key, c.verdict, c.summary, c.score, c.struck, c.struckReasons ORDER BY id(c)"
  # A replay has no prompt that is built in: nobody reads it.
  ask "$1" "MATCH (c:Call) OPTIONAL MATCH (c)-[:USES]->(p:Prompt) WHERE NOT p.name STARTS WITH 'built-in' RETURN c.key, c.draw, p.key, p.contentHash ORDER BY id(c), p.key"
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
  (cd "$work/$1-again" && "${offline[@]}" "$stemma" loop run campaign.toml >run.log 2>&1) || true
  facts "$1-again" "$1" >"$work/$1-again.facts"
  local calls
  calls=$("$stemma" query --store "$work/$1" --format csv \
    "MATCH (c:Call) RETURN c.status AS s, count(*) AS n ORDER BY s" | tail -n +2 | tr '\n' ' ')
  if cmp -s "$work/$1.facts" "$work/$1-again.facts"; then
    echo "PASS $1: calls $calls, replayed alike"
  else
    echo "FAIL $1: calls $calls, the replay differs"; failed=1
    diff "$work/$1.facts" "$work/$1-again.facts" | head -5 || true
  fi
}

model() { # kind, model, more
  printf 'kind = "%s"\nname = "m"\nmodel = "%s"\nbase_url = "http://127.0.0.1:%s/v1"\nkey_environment = "TEST_MODEL_KEY"\ntimeout = "3s"\nretries = 2\n%s\n' "$1" "$2" "${4:-$port}" "${3:-}"
}

for kind in openai anthropic; do
  for name in plain stream tool 429+500+plain cut+html+plain bad+plain slow+plain; do
    word=$kind-$(echo "$name" | tr '+' '-')
    campaign "$word" "$(model $kind "$name" | sed 's/name = "m"/name = "p"/')" \
      "$(model $kind "$name" | sed 's/name = "m"/name = "c"/')"
    check "$word"
    recorded "$word" proposer "$(expected "$name")"
    recorded "$word" critic "$(expected "$name")"
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
for name in plain tool slow+plain bad; do
  word=judge-$(echo "$name" | tr '+' '-')
  judge="[judge]
$(model anthropic "$name" | sed 's/name = "m"/name = "j"/')"
  campaign "$word" "$(model openai plaineditor | sed 's/name = "m"/name = "p"/')" \
    "$(model openai plain | sed 's/name = "m"/name = "c"/')" "$judge"
  check "$word" "[judge]
kind = \"replay\"
name = \"j\"
file = \"../$word.jsonl\""
  if [ $name = bad ]; then want="ask:200:answered repair:200:answered"; else want=$(expected $name); fi
  recorded "$word" judge "$want"
  "$stemma" query --store "$work/$word" --format csv \
    "MATCH (d:Decision {gate: 'duplicate'}) RETURN d.action, d.reason ORDER BY id(d)" >"$work/$word.gate"
  if [ $name = bad ]; then said="not judged"; else said="for the same as"; fi
  if ! grep -q "$said" "$work/$word.gate"; then echo "FAIL $word: no gate says '$said'"; failed=1; fi
done
campaign never "$(model openai plain | sed 's/name = "m"/name = "p"/')" \
  "$(model openai 500 'temperature = 0.0' | sed 's/name = "m"/name = "c"/; s/retries = 2/retries = 0/')"
check never
recorded never critic "$(expected 500)"
if [ -n "${LITELLM:-}" ]; then
  cat >"$work/litellm.yaml" <<'END'
model_list:
  - model_name: mock-propose
    litellm_params: {model: openai/mock, api_key: none, mock_response: '{"version": 1, "title": "a higher rate", "hypothesis": "it learns faster", "parameters": {"learning_rate": 0.02}}'}
  - model_name: mock-critic
    litellm_params: {model: openai/mock, api_key: none, mock_response: '{"version": 1, "verdict": "approve", "summary": "fine"}'}
  - model_name: mock-429
    litellm_params: {model: openai/mock, api_key: none, mock_response: "litellm.RateLimitError"}
  - model_name: mock-500
    litellm_params: {model: openai/mock, api_key: none, mock_response: "litellm.InternalServerError"}
  - model_name: mock-tool
    litellm_params: {model: openai/mock, api_key: none, mock_response: "", mock_tool_calls: [{id: call_1, type: function, function: {name: tried_before, arguments: '{"words": "rate"}'}}]}
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
  for name in 429 500 tool; do
    campaign litellm-$name "$(model openai mock-propose "" 14010 | sed 's/name = "m"/name = "p"/; s/3s/20s/')" \
      "$(model openai mock-$name $'stream = false\ntool_calls = 2' 14010 |
        sed 's/name = "m"/name = "c"/; s/3s/20s/; s/retries = 2/retries = 1/')"
    check litellm-$name
    case $name in
      tool) recorded litellm-tool critic "ask:200:answered tool:200:answered tool:200:answered" ;;
      *) recorded litellm-$name critic "ask:$name:failed ask:$name:failed" ;;
    esac
  done
fi
if [ -n "${AIMOCK:-}" ]; then
  # It answers by what a message says, exactly; without a rule it says what it was told.
  python3 - "$work/aimock.json" "$(first openai-plain proposer system)" "$(first openai-plain critic system)" <<'END'
import json, sys
path, proposer, critic = sys.argv[1:]
call = lambda system: {"type": "function", "input": {"content": system, "offset": -2},
                       "output": {"name": "tried_before", "arguments": {"words": "rate"}}}
then = lambda system, said: {"type": "text", "input": {"content": system, "offset": -4}, "output": json.dumps(said)}
json.dump({"responses": [
    call(proposer), call(critic),
    then(proposer, {"version": 1, "title": "a higher rate", "hypothesis": "it learns faster",
                    "parameters": {"learning_rate": 0.02}}),
    then(critic, {"version": 1, "verdict": "approve", "summary": "fine"})]}, open(path, "w"))
END
  PATH="$(dirname "$AIMOCK"):$PATH" "$AIMOCK" server "$work/aimock.json" -h 127.0.0.1 -p 14013 >"$work/aimock.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 60); do curl -sf -m 2 127.0.0.1:14013/ >/dev/null && break; sleep 1; done
  at() { sed "s|:14013/v1|:14013/$1|; s/name = \"m\"/name = \"$2\"/; s/3s/20s/"; }
  for streams in true false; do
    campaign aimock-openai-$streams "$(model openai mock "stream = $streams" 14013 | at openai p)" \
      "$(model openai mock "stream = $streams" 14013 | at openai c)"
    check aimock-openai-$streams
    recorded aimock-openai-$streams critic "ask:200:answered tool:200:answered"
    campaign aimock-anthropic-$streams "$(model openai mock "stream = $streams" 14013 | at openai p)" \
      "$(model anthropic mock "stream = $streams" 14013 | at anthropic/v1 c)"
    check aimock-anthropic-$streams
    recorded aimock-anthropic-$streams critic "ask:200:answered repair:200:answered"
  done
fi
exit $failed
