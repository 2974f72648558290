#!/usr/bin/env python3
"""A scripted coding agent, standing in for a model, in both directions: started by the runner in a sandboxed checkout,
and owning the loop through `stemma propose` and `stemma wait`. Ten proposals complete each way; in between it reaches
for the evaluator, leaves the tree and spends past its budget, and has to be refused by name each time.

usage: agent.py STEMMA
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TRAIN = """import json, os, random, time
VALUE = 10.0
random.seed(int(os.environ["STEMMA_SEED"]))
os.makedirs(os.environ["STEMMA_OUTPUT"], exist_ok=True)
with open(os.environ["STEMMA_OUTPUT"] + "/value", "w") as file:
    file.write(str(VALUE + random.gauss(0, 0.01)))
"""

EVALUATE = """import os, sys
value = float(open(sys.argv[1] + "/value").read())
os.write(3, ('{"version": 1, "metrics": {"loss": %r}}' % value).encode())
"""

# What the agent does by the number of the question: even ones are honest, odd ones are not.
AGENT = r"""import json, os, re, subprocess, sys
EVALUATOR = "@EVALUATOR@"
HIDDEN = "@HIDDEN@"
request = json.load(open(os.environ["STEMMA_REQUEST"]))
brief = open(os.environ["STEMMA_BRIEF"]).read()
number = request["ordinal"]
assert os.getcwd() == os.environ["STEMMA_TREE"], os.getcwd()
for place in (EVALUATOR, HIDDEN):
    print("SEEN" if os.path.exists(place) else "not there", place)

def say(**more):
    json.dump({"title": f"proposal {number}", "hypothesis": "a smaller value is better"} | more,
              open(os.environ["STEMMA_PROPOSAL"], "w"))

def lower(by):
    text = open("train.py").read()
    value = float(re.search(r"VALUE = ([0-9.]+)", text)[1])
    open("train.py", "w").write(text.replace(f"VALUE = {value}", f"VALUE = {round(value - by, 3)}"))

say(prediction={"metric": "loss", "effect": -0.5, "probability": 0.8})
if number % 2 == 0:
    lower(0.5 + number / 100)
    subprocess.run(json.loads(os.environ["STEMMA_RUN"]), check=True)
    print("tried out:", open(os.environ["STEMMA_OUTPUT"] + "/value").read(), "brief of", len(brief), "bytes")
    sys.exit(0)
lower(0.1)
attempt = ["evaluator", "leave", "budget", "link", "mode", "large", "look", "pipe", "memory", "silent"][number // 2]
if attempt == "evaluator":
    try:
        os.makedirs(os.path.dirname(EVALUATOR), exist_ok=True)
        open(EVALUATOR, "w").write("os.write(3, b'0')")
        print("wrote a copy that nobody will see")
    except OSError as error:
        print("cannot write the evaluator:", error)
    open("evaluate.py", "w").write("print(0)")
elif attempt == "leave":
    open("../escape.txt", "w").write("out")
elif attempt == "budget":
    while True:
        pass
elif attempt == "link":
    os.remove("train.py")
    os.symlink("/etc/passwd", "train.py")
elif attempt == "mode":
    os.chmod("train.py", 0o755)
elif attempt == "large":
    open("weights.bin", "wb").write(os.urandom(300_000))
elif attempt == "look":
    os.symlink("/", "../root")
elif attempt == "pipe":
    os.mkfifo("notes.fifo")
elif attempt == "memory":
    hoard = b"x" * (1 << 30)
elif attempt == "silent":
    os.remove(os.environ["STEMMA_PROPOSAL"])
"""

NAMES = ["not-editable: evaluate.py was added", "outside-tree: escape.txt", "budget: cpu", "link: train.py",
         "mode: train.py was made executable", "oversized: weights.bin", "outside-tree: root",
         "special-file: notes.fifo", "budget: memory", "answer: the agent left no proposal.json"]

WEAKER = ["memory-by-polling", "processes-by-polling", "cpu-by-polling", "cpus-by-affinity", "disk-by-polling",
          "shared-user"]

CAMPAIGN = """format = 1
[campaign]
name = "@NAME@"
goal = "lower the value"
slots = 4
[[objectives]]
metric = "loss"
direction = "minimise"
[source]
directory = "source"
[editable]
files = ["train.py", "*.bin"]
[run]
command = ["python3", "train.py"]
@WEAKER@
budget = { wall = "10s" }
[evaluate]
command = ["python3", "{evaluator}/evaluate.py", "{run}"]
directory = "evaluator"
hidden = ["hidden"]
benchmark = "value"
[noise]
runs = 8
[confirm]
pairs = 4
[proposer]
@PROPOSER@
per_round = 5
[budgets]
rounds = @ROUNDS@
"""


class Bench:
    def __init__(self, program):
        self.program = program
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stemma-agent-"))

    def write(self, path, text):
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def prepare(self, name, proposer, rounds):
        self.write(f"{name}/source/train.py", TRAIN)
        self.write(f"{name}/source/README.md", "a tiny model\n")
        self.write(f"{name}/evaluator/evaluate.py", EVALUATE)
        self.write(f"{name}/hidden/answers.txt", "42\n")
        evaluator = self.folder / name / "evaluator/evaluate.py"
        self.write(f"{name}/agent/agent.py", AGENT.replace("@EVALUATOR@", str(evaluator))
                   .replace("@HIDDEN@", str(self.folder / name / "hidden")))
        weaker = "" if os.geteuid() == 0 else f"allow_weaker = {json.dumps(WEAKER)}"
        self.write(f"{name}/campaign.toml", CAMPAIGN.replace("@NAME@", name).replace("@PROPOSER@", proposer)
                   .replace("@ROUNDS@", str(rounds)).replace("@WEAKER@", weaker))
        self.name = name
        self.stemma("init")

    def start(self, *words):
        return [self.program, *words]

    def stemma(self, *words, fails=None):
        done = subprocess.run(self.start(*words), cwd=self.folder / self.name, capture_output=True, text=True)
        if fails is None:
            assert done.returncode == 0, (words, done.stdout, done.stderr)
            return done.stdout
        assert done.returncode == fails, (words, done.returncode, done.stdout, done.stderr)
        return done.stderr

    def rows(self, query):
        return [json.loads(line) for line in self.stemma("query", query, "--format", "jsonl").splitlines()]


def started_by_the_runner(bench):
    proposer = """kind = "agent"
command = ["python3", "{agent}/agent.py"]
directory = "agent"
budget = { wall = "20s", cpu = "3s", memory = "256MiB" }
file_limit = "256KiB"
"""
    bench.prepare("inside", proposer, 4)
    before = (bench.folder / "inside/evaluator/evaluate.py").read_bytes()
    bench.stemma("loop", "run", "campaign.toml", "--quiet")
    calls = bench.rows("MATCH (c:Call {role: 'proposer'}) OPTIONAL MATCH (c)-[:PRODUCED]->(p:Proposal) "
                       "RETURN c.ordinal AS n, c.status AS status, c.refusals AS refusals, p.key AS proposal, "
                       "p.status AS ending, c.logHash AS log, c.settings AS settings ORDER BY n")
    assert len(calls) == 20, len(calls)
    logs = [bench.stemma("object", call["log"]) for call in calls]
    assert any("tried out:" in log for log in logs)
    for call in calls:
        number = call["n"]
        assert call["log"] and "network" in call["settings"], call
        if number % 2 == 0:
            assert call["status"] == "answered" and call["proposal"], call
            assert call["ending"] in ("confirmed", "refuted", "indistinguishable", "screened", "terminated"), call
        else:
            assert call["status"] == "invalid" and call["proposal"] is None, call
            assert any(text.startswith(NAMES[number // 2]) for text in call["refusals"]), (number, call)
            print(f"  refused: {call['refusals'][0]}")
    completed = sum(1 for call in calls if call["proposal"])
    assert completed == 10 and any(call["ending"] == "confirmed" for call in calls)
    assert not any("SEEN" in log and "import json, os, re" not in log for log in logs), "the agent saw what judges it"
    assert (bench.folder / "inside/evaluator/evaluate.py").read_bytes() == before
    assert not (bench.folder / "inside/escape.txt").exists()
    print(f"  {completed} proposals complete; "
          f"{sum(call['ending'] == 'confirmed' for call in calls)} confirmed, {len(NAMES)} refused by name")


def owning_the_loop(bench):
    bench.prepare("outside", 'kind = "outside"', 2)
    loop = subprocess.Popen(bench.start("loop", "run", "campaign.toml", "--quiet"), cwd=bench.folder / "outside",
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        drive(bench)
        out, errors = loop.communicate(timeout=120)
        assert loop.returncode == 0, (out, errors)
    finally:
        if loop.poll() is None:
            loop.kill()
            loop.wait()
    rows = bench.rows("MATCH (t:Control {action: 'propose'})-[:RESULTED_IN]->(p:Proposal)-[:BY]->(a:Actor) "
                      "RETURN p.status AS status, a.name AS name")
    assert len(rows) == 10 and all(row["name"] == "outside:scripted" for row in rows), rows
    print(f"  10 proposals complete; {sum(row['status'] == 'confirmed' for row in rows)} confirmed")


def question(bench):
    while True:
        done = subprocess.run(bench.start("ask"), cwd=bench.folder / "outside", capture_output=True, text=True)
        if done.returncode == 0:
            return json.loads(done.stdout)


def drive(bench):
    assert question(bench)["editable"] == ["train.py", "*.bin"]
    tree = bench.folder / "outside/work"

    def fresh():
        subprocess.run(["rm", "-rf", tree], check=True)
        bench.stemma("checkout", "work")

    def propose(*more, fails=None):
        return bench.stemma("propose", "--worktree", "work", "--hypothesis", "a smaller value is better", "--predict",
                            "loss -0.5", "--as", "scripted", "--patience", "60s", "--format", "json", *more,
                            fails=fails)

    def lower(by):
        text = (tree / "train.py").read_text()
        value = float(text.split("VALUE = ")[1].split()[0])
        (tree / "train.py").write_text(text.replace(f"VALUE = {value}", f"VALUE = {round(value - by, 3)}"))

    def refused(names, attempt):
        names = [names] if isinstance(names, str) else names
        fresh()
        lower(0.1)
        attempt()
        before = bench.stemma("query", "MATCH (t:Control) RETURN count(t)", "--format", "csv")
        said = propose(fails=4)
        assert any(f"refused: {each}" in said for each in names), said
        assert before == bench.stemma("query", "MATCH (t:Control) RETURN count(t)", "--format", "csv")
        print(f"  refused: {said.splitlines()[0].split('refused: ')[-1]}")

    refused("not-editable: evaluate.py was added", lambda: (tree / "evaluate.py").write_text("print(0)"))
    refused("not-editable: README.md was changed", lambda: (tree / "README.md").write_text("mine"))
    refused("link: train.py", lambda: ((tree / "train.py").unlink(),
                                       (tree / "train.py").symlink_to("../evaluator/evaluate.py")))
    refused("mode: train.py was made executable", lambda: (tree / "train.py").chmod(0o755))
    refused("oversized: weights.bin", lambda: (tree / "weights.bin").write_bytes(os.urandom(5 << 20)))
    refused("not-editable: README.md was removed", lambda: (tree / "README.md").unlink())
    refused("special-file: pipe", lambda: os.mkfifo(tree / "pipe"))
    for number in range(10):
        fresh()
        lower(0.5 + number / 100)
        told = json.loads(propose())
        if number == 9:
            refused("budget: all 10 proposals", lambda: None)
        outcome = json.loads(bench.stemma("wait", told["key"], "--format", "json", "--timeout", "120s"))
        assert outcome["isOver"] and outcome["value"] > 0, outcome
    refused(["budget: all 10 proposals", "campaign: 'outside' is finished"], lambda: None)


def main():
    bench = Bench(os.path.abspath(sys.argv[1]))
    try:
        print("stemma: an agent that the runner starts")
        started_by_the_runner(bench)
        print("stemma: an agent that owns the loop")
        owning_the_loop(bench)
    finally:
        if "KEEP" not in os.environ:
            subprocess.run(["rm", "-rf", bench.folder], check=True)
        else:
            print(bench.folder)
    print("stemma: ten proposals in both directions, everything else refused by name")


main()
