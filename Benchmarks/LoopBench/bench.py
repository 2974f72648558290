#!/usr/bin/env python3
"""The loop over the real table of NAS-Bench-201: sandboxed runs per second, and what we cost ourselves.

usage: bench.py STEMMA [--proposals 5000] [--seeds 3] [--slots 8] [--per-round 50] [--proposer replay|search]
                [--table FILE] [--keep DIR] [--optuna PYTHON]

Every run is a program in a sandbox of its own with all budgets, and so is every evaluation; every step of the loop is
a durable transaction. While the loop runs, queries are asked of the store from another process. --optuna PYTHON does
the same bookkeeping with Optuna (SQLite storage, no sandbox, the objective read from memory) with that interpreter.
Skipped, and said so, where the table is absent.
"""
import argparse, json, os, random, re, resource, shutil, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "../../../shared/data/nasbench201/cifar10.csv")
RUNS = "MATCH (r:Run) RETURN r.status AS status, r.kind AS kind, count(*) AS n ORDER BY status, kind"
PROPOSALS = "MATCH (p:Proposal) RETURN p.status AS status, count(*) AS n ORDER BY status"
WATCHED = [
    "MATCH (p:Proposal) RETURN p.status AS status, count(*) AS n",
    "MATCH (e:Eval {metric: 'accuracy', split: 'validation'}) RETURN max(e.value) AS best",
    "MATCH (r:Run) WHERE r.key = 'R20' MATCH (r)-[:EXECUTES]->(p:Proposal) RETURN p.key, p.title",
]


def architectures(table):
    with open(table) as lines:
        next(lines)
        return [line.split(",", 1)[0] for line in lines]


def answers(table, count, path):
    """Recorded answers for a replay: architectures of the table in a seeded order, each once."""
    names = architectures(table)
    random.Random(11).shuffle(names)
    with open(path, "w") as out:
        for name in names[:count]:
            parameters = {f"edge{place}": int(digit) for place, digit in enumerate(name)}
            answer = {"version": 1, "title": f"cell {name}", "hypothesis": "another cell is more accurate",
                      "parameters": parameters}
            out.write(json.dumps({"role": "proposer", "answer": answer}) + "\n")


def prepare(options, home):
    shutil.copytree(os.path.join(HERE, "campaign"), home)
    table = os.path.abspath(options.table)
    proposer = 'kind = "search"\nexploration = 0.7'
    if options.proposer == "replay":
        answers(table, options.proposals, os.path.join(home, "answers.jsonl"))
        proposer = 'kind = "replay"\nfile = "answers.jsonl"'
    values = {"slots": options.slots, "table": table, "seeds": options.seeds, "per_round": options.per_round,
              "rounds": -(-options.proposals // options.per_round), "proposer": proposer}
    text = open(os.path.join(home, "campaign.toml.in")).read()
    text = re.sub(r"@(\w+)@", lambda place: str(values[place[1]]), text)
    open(os.path.join(home, "campaign.toml"), "w").write(text)
    return os.path.join(home, "campaign.toml")


class Watcher(threading.Thread):
    """Asks the store while the loop writes it."""

    def __init__(self, stemma, home):
        super().__init__(daemon=True)
        self.stemma, self.home, self.times, self.failed, self.ended = stemma, home, [], 0, threading.Event()

    def run(self):
        turn = 0
        while not self.ended.wait(1):
            start = time.time()
            done = subprocess.run([self.stemma, "query", WATCHED[turn % len(WATCHED)], "--store", self.home],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            self.times.append(time.time() - start)
            self.failed += done.returncode != 0
            turn += 1


def processor_times(pid):
    """Seconds of processor time of a process without its children: in the program and in the kernel."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return int(fields[11]) / os.sysconf("SC_CLK_TCK"), int(fields[12]) / os.sysconf("SC_CLK_TCK")


def measure(options, stemma, home):
    campaign = prepare(options, home)
    subprocess.run([stemma, "init", home], check=True, stdout=subprocess.DEVNULL)
    watcher = Watcher(stemma, home)
    if not options.unwatched:
        watcher.start()
    start, times = time.time(), (0.0, 0.0)
    with open(os.path.join(home, "loop.log"), "w") as log:
        loop = subprocess.Popen([stemma, "loop", "run", campaign, "--store", home, "--quiet"], stdout=log, stderr=log)
        while loop.poll() is None:
            try:
                times = processor_times(loop.pid)
            except (OSError, IndexError):
                pass
            time.sleep(0.2)
    seconds = time.time() - start
    watcher.ended.set()
    if loop.returncode:
        print(open(os.path.join(home, "loop.log")).read()[-2000:])
        sys.exit("the loop failed")
    query = lambda text: json.loads(subprocess.run(
        [stemma, "query", text, "--store", home, "--format", "json"], check=True, capture_output=True).stdout)["rows"]
    runs = sum(row["n"] for row in query(RUNS))
    print(f"proposals {query(PROPOSALS)}\nruns {query(RUNS)}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"{runs} sandboxed runs with their evaluations in {seconds:.1f} s: {runs / seconds:.1f} runs/s, "
          f"{2 * runs / seconds:.1f} sandboxes/s")
    # What the runner's process has used itself, as the kernel counts it; bubblewrap and what runs in it are children.
    user, system = (1000 * seconds / runs for seconds in times)
    print("processor time of the runner's own process, its children (bubblewrap, programs, evaluators) not counted:")
    for name, count in (("run with its evaluation", 1), (f"experiment of {options.seeds} seeds", options.seeds),
                        ("proposal, noise and confirmation runs included", runs / options.proposals)):
        print(f"  per {name}: {(user + system) * count:.2f} ms = {user * count:.2f} ms in the program + "
              f"{system * count:.2f} ms in the kernel (sandboxes made and removed, commits, objects)")
    print(f"largest process {peak / 1024:.0f} MB")
    if watcher.times:
        times = sorted(watcher.times)
        print(f"{len(times)} queries meanwhile, {watcher.failed} failed: median "
              f"{1000 * times[len(times) // 2]:.0f} ms, slowest {1000 * times[-1]:.0f} ms, process start included")
    return watcher.failed == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stemma")
    parser.add_argument("--proposals", type=int, default=5000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument("--per-round", type=int, default=50)
    parser.add_argument("--proposer", choices=["replay", "search"], default="replay")
    parser.add_argument("--table", default=TABLE)
    parser.add_argument("--keep", help="a folder that does not exist yet, for the store")
    parser.add_argument("--unwatched", action="store_true", help="ask no queries meanwhile")
    parser.add_argument("--optuna", help="a Python with Optuna, to compare with")
    options = parser.parse_args()
    if not os.path.exists(options.table):
        print(f"skipped: there is no {options.table}")
        return
    home = options.keep or os.path.join(tempfile.mkdtemp(prefix="stemma-loop-"), "campaign")
    good = measure(options, os.path.abspath(options.stemma), home)
    if not options.keep:
        shutil.rmtree(os.path.dirname(home))
    if options.optuna:
        subprocess.run([options.optuna, os.path.join(HERE, "optuna_same.py"), options.table, str(options.proposals),
                        str(options.seeds)], check=True)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
