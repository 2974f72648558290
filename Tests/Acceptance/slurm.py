#!/usr/bin/env python3
"""A campaign whose runs are jobs of real Slurm daemons: every end of a job, a killed loop, a cancelled run.

usage: slurm.py STEMMA CLUSTER      CLUSTER: a folder that `tools/slurm.sh up` has made; SLURM_CONF points into it

The runner on the node is a script that hands over to STEMMA, but for some proposals: then it eats the job's memory
(OUT_OF_MEMORY), hangs until its time limit (TIMEOUT), until its node fails (NODE_FAIL), until somebody else cancels it
(CANCELLED) or until `stemma loop cancel`. What is infrastructure is tried again, what is the program's is not. The
loop is killed with SIGKILL on the way; afterwards no job was submitted twice and the values are those of the same
campaign on this machine.
"""
import json, os, shutil, signal, subprocess, sys, tempfile, time

CAMPAIGN = """
format = 1
[campaign]
name = "%(name)s"
goal = "find the least"
slots = 4
[[objectives]]
metric = "loss"
direction = "minimise"
[source]
directory = "source"
[[editable.parameters]]
name = "x"
type = "integer"
minimum = 1
maximum = 9
default = 1
[run]
command = ["/bin/sh", "run.sh", "{x}", "{seed}"]
retries = 2
[run.budget]
wall = "20s"
memory = "32MiB"
disk = "2MiB"
[evaluate]
command = ["/bin/sh", "{evaluator}/score.sh", "{run}"]
directory = "evaluator"
benchmark = "least"
[proposer]
kind = "replay"
file = "answers.jsonl"
per_round = 7
[budgets]
rounds = 1
%(slurm)s
"""
RUN = 'mkdir -p output; echo "$1.$(($2 %% 100))" > output/value; [ "$1" != 8 ] || exit 3\n'.replace("%%", "%")
SCORE = 'read value < "$1/value"; printf \'{"metrics":{"loss":%s}}\' "$value" >&3\n'
# The runner that the campaign names: some runs meet their end on the node, the first time that they come by.
NODE = """#!/bin/sh
package=$3; x=$(sed -n 's/.*"parameters":{"x":\\([0-9]*\\)}.*/\\1/p' "$package/order.json")
if [ -n "$x" ] && [ "$x" -ge 3 ] && [ "$x" -le 7 ] && mkdir "%(marks)s/$x" 2>/dev/null; then
  printf %%s "$SLURM_JOB_ID" > "$package/claim"
  [ "$x" = 3 ] && exec python3 -c 'x = b"x" * (2 << 30)'
  exec sleep 3600
fi
exec %(stemma)s "$@"
"""
RUNS = """
MATCH (r:Run)-[:EXECUTES]->(p:Proposal)
OPTIONAL MATCH (a:Attempt)-[:IN]->(r) WITH r, p, a ORDER BY a.number
OPTIONAL MATCH (e:Eval)-[:EVALUATES]->(r)
RETURN p.parameters AS x, r.key AS run, r.kind AS kind, r.status AS status, r.killedBy AS by, e.value AS value,
       collect(a.status) AS attempts, collect(a.place) AS places
ORDER BY run
"""


def fail(message):
    print("FAILED:", message)
    sys.exit(1)


def run(*words, **keywords):
    done = subprocess.run(words, capture_output=True, text=True, **keywords)
    if done.returncode:
        fail(f"{' '.join(words)}: {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
    return done.stdout


class Campaign:
    def __init__(self, stemma, home, slurm=""):
        self.stemma, self.home = stemma, home
        for name in ("source", "evaluator"):
            os.makedirs(os.path.join(home, name))
        name = "cluster"
        for path, text in (("campaign.toml", CAMPAIGN % {"name": name, "slurm": slurm}), ("source/run.sh", RUN),
                           ("evaluator/score.sh", SCORE), ("answers.jsonl", "".join(map(self.answer, range(2, 9))))):
            with open(os.path.join(home, path), "w") as out:
                out.write(text)
        run(stemma, "init", home)

    @staticmethod
    def answer(x):
        return json.dumps({"role": "proposer", "answer": {"version": 1, "title": f"x {x}", "hypothesis": "h",
                                                          "parameters": {"x": x}}}) + "\n"

    def start(self):
        log = open(os.path.join(self.home, "loop.log"), "a")
        self.loop = subprocess.Popen([self.stemma, "loop", "run", os.path.join(self.home, "campaign.toml"), "--store",
                                 self.home], stdout=log, stderr=log, start_new_session=True)
        return self.loop

    def query(self, text):
        return json.loads(run(self.stemma, "query", text, "--store", self.home, "--format", "json"))["rows"]

    def check(self):
        if self.loop.poll() is not None:
            fail("the loop ended: " + self.log())

    def log(self):
        return open(os.path.join(self.home, "loop.log")).read()[-3000:]


def jobs(state=None):
    lines = run("squeue", "--noheader", "--states=all", "--format=%i|%T|%j").splitlines()
    rows = [line.split("|") for line in lines if "-cluster-" in line]
    return [(job, name.split("-cluster-")[1]) for job, now, name in rows if state in (None, now)]


def wait(campaign, what, find, seconds=120):
    end = time.time() + seconds
    while time.time() < end:
        if found := find():
            return found
        campaign.check()
        time.sleep(0.3)
    fail(f"{what} did not happen within {seconds} s; jobs {jobs()}")


def running(campaign, marks, x):
    """The running job of the proposal with a parameter, once the node has met it."""
    if not os.path.exists(os.path.join(marks, str(x))):
        return None
    keys = [row["run"] for row in campaign.query(RUNS) if json.loads(row["x"])["x"] == x]
    found = [(job, name) for job, name in jobs("RUNNING") if name.rsplit("-", 1)[0] in keys]
    return found[0] if found else None


def disturb(campaign, marks, loop):
    job, _ = wait(campaign, "a job that hangs", lambda: running(campaign, marks, 4))
    run("scontrol", "update", f"JobId={job}", "TimeLimit=1")
    print(f"job {job}: time limit lowered, will be TIMEOUT", flush=True)
    loop.kill()
    loop.wait()
    print("loop killed; it goes on", flush=True)
    loop = campaign.start()
    job, _ = wait(campaign, "a job to be cancelled by others", lambda: running(campaign, marks, 6))
    run("scancel", job)
    print(f"job {job}: cancelled by somebody else", flush=True)
    _, name = wait(campaign, "a run to be cancelled", lambda: running(campaign, marks, 7))
    run(campaign.stemma, "loop", "cancel", name.rsplit("-", 1)[0], "--reason", "not wanted", "--store", campaign.home)
    print(f"run {name}: cancelled through Stemma", flush=True)
    # The node fails last: that ends everything on it.
    wait(campaign, "the time limit", lambda: jobs("TIMEOUT"), 180)
    wait(campaign, "a job on a failing node", lambda: running(campaign, marks, 5))
    node = run("sinfo", "--noheader", "--format=%n").split()[0]
    run("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=test")
    time.sleep(2)
    # It may have come back by itself, as its daemon lives.
    subprocess.run(["scontrol", "update", f"NodeName={node}", "State=RESUME"], capture_output=True)
    print("the node failed and came back", flush=True)
    return loop


def main():
    stemma, cluster = map(os.path.abspath, sys.argv[1:3])
    scratch = tempfile.mkdtemp(prefix="stemma-slurm-")
    marks, shared = os.path.join(scratch, "marks"), os.path.join(scratch, "shared")
    os.mkdir(marks)
    os.mkdir(shared)
    node = os.path.join(scratch, "node.sh")
    with open(node, "w") as out:
        out.write(NODE % {"marks": marks, "stemma": stemma})
    os.chmod(node, 0o755)
    here = Campaign(stemma, os.path.join(scratch, "here"))
    if here.start().wait():
        fail("the campaign on this machine: " + here.log())
    slurm = f'[slurm]\ndirectory = "{shared}"\nprogram = "{node}"\npoll = "500ms"\n'
    there = Campaign(stemma, os.path.join(scratch, "there"), slurm)
    shutil.copytree(os.path.join(here.home, ".stemma/vault"), os.path.join(there.home, ".stemma/vault"),
                    dirs_exist_ok=True)
    begin = time.time()
    loop = disturb(there, marks, there.start())
    if loop.wait(600):
        fail("the campaign on the cluster: " + there.log())
    run(stemma, "verify", "--store", there.home)
    rows = {(json.loads(row["x"])["x"], row["kind"], row["run"]): row for row in there.query(RUNS)}
    local = {(json.loads(row["x"])["x"], row["kind"], row["run"]): row for row in here.query(RUNS)}
    if rows.keys() != local.keys():
        fail(f"other runs: {rows.keys() ^ local.keys()}")
    expected = {3: ("killed", "memory", ["killed"]), 4: ("killed", "wall", ["killed"]),
                5: ("finished", None, ["failed", "finished"]), 6: ("finished", None, ["failed", "finished"]),
                7: ("cancelled", "cancelled", ["cancelled"]), 8: ("failed", None, ["failed"])}
    for key, row in rows.items():
        status, by, attempts = expected.get(key[0], ("finished", None, ["finished"]))
        # Whatever else was on the failing node was tried again.
        if row["attempts"] != attempts and row["attempts"] != ["failed"] + attempts:
            fail(f"{key}: attempts {row}")
        if (row["status"], row["by"]) != (status, by):
            fail(f"{key}: {row}")
        if status == "finished" and row["value"] != local[key]["value"]:
            fail(f"{key}: {row['value']} on the cluster, {local[key]['value']} here")
        if status == "finished" and not row["places"][-1].startswith("job "):
            fail(f"{key}: it does not say where it was carried out: {row}")
    names = [name for _, name in jobs()]
    if len(names) != len(set(names)):
        fail(f"a job was submitted twice: {sorted(names)}")
    states = sorted({line for line in run("squeue", "--noheader", "--states=all", "--format=%T").split()})
    left = [name for name in os.listdir(os.path.join(shared, os.listdir(shared)[0])) if name.startswith("R")]
    if left:
        fail(f"packages left: {left}")
    print(f"passed: {len(rows)} runs as {len(names)} jobs in {time.time() - begin:.0f} s, states {' '.join(states)}")
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
