#!/usr/bin/env python3
"""Kills the loop with SIGKILL and resumes it, many times, and checks that nothing was lost or doubled.

usage: kill_loop.py STEMMA [--campaign FOLDER | --table FILE] [--moments 30] [--kills 1] [--seed 1]
                    [--boundaries K/N|none] [--rounds N]

1. One campaign runs undisturbed: the reference. The others get its vault, so that they draw the same seeds.
2. For each seeded moment: a fresh store, `loop run`, SIGKILL after a random part of the reference's time, and
   with --kills again up to so many times, then `loop run` again until it ends by itself.
3. For each step boundary that the loop names: the same, killed exactly there (`--die-at NAME`).
After each: `stemma verify` passes, each kind of node is there as often as in the reference, nothing ran twice, and no
process, mount or control group of ours is left. --table takes the quick campaign of the loop's benchmark over a table
of NAS-Bench-201 instead of examples/ngram; then the whole graph is the reference's (same_graph.py says what is left
aside). In the example, questions tell how much time is left, so that what is asked differs from run to run.
"""
import argparse, json, os, random, re, shutil, signal, subprocess, sys, tempfile, time

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Benchmarks/LoopBench")]
import bench, same_graph

QUERY = """
MATCH (n) WHERE NOT n:Charge AND NOT n:GuardCheck AND NOT n:Attempt
RETURN labels(n)[0] AS kind, count(*) AS n ORDER BY kind
"""
PROPOSALS = """
MATCH (p:Proposal) OPTIONAL MATCH (c:Comparison)-[:CANDIDATE]->(:Eval)-[:EVALUATES]->(:Run)-[:EXECUTES]->(p)
RETURN p.changeHash AS change, count(*) > 0 AS present ORDER BY change
"""
DOUBLED = """
MATCH (r:Run)-[:EXECUTES]->(p:Proposal)
WITH p.key AS proposal, r.kind AS kind, r.seed AS seed, count(*) AS n WHERE n > 1
RETURN proposal, kind, seed, n
"""


# Number and start of processes: numbers are used again within an hour or two.
STARTED = set()


def started(process):
    """Remembers a process, so that what others leave on this machine is not taken for ours."""
    with open(f"/proc/{process.pid}/stat") as file:
        STARTED.add((str(process.pid), file.read().rpartition(")")[2].split()[19]))


def run(arguments, **keywords):
    """Like subprocess.run, and remembers the process."""
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **keywords) as process:
        started(process)
        output, errors = process.communicate()
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


def fail(message, result=None):
    print("FAILED:", message)
    if result is not None:
        print(result.stdout[-2000:], result.stderr[-4000:])
    sys.exit(1)


class Campaign:
    def __init__(self, stemma, options, scratch, name, reference=None):
        self.stemma, self.home = stemma, os.path.join(scratch, name)
        shutil.copytree(options.campaign, self.home, ignore=shutil.ignore_patterns(".stemma", "output"))
        if options.rounds:
            path = os.path.join(self.home, "campaign.toml")
            text = open(path).read()
            open(path, "w").write(re.sub(r"(?m)^rounds = \d+", f"rounds = {options.rounds}", text))
        done = run([stemma, "init", self.home])
        if done.returncode:
            fail("init", done)
        if reference:
            shutil.copytree(os.path.join(reference.home, ".stemma/vault"), os.path.join(self.home, ".stemma/vault"),
                            ignore=shutil.ignore_patterns("holdout-*"))

    def command(self, *extra):
        return [self.stemma, "loop", "run", os.path.join(self.home, "campaign.toml"),
                "--store", self.home, *extra]

    def finish(self, limit=10):
        """Runs to the end, however often it takes, and returns the number of starts."""
        for start in range(1, limit + 1):
            done = run(self.command())
            if done.returncode == 0:
                return start
        fail("the loop does not come to its end", done)

    def kill_after(self, seconds):
        process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        started(process)
        try:
            process.wait(seconds)
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True

    def query(self, text):
        done = run([self.stemma, "query", text, "--store", self.home, "--format", "json"])
        if done.returncode:
            fail("query", done)
        return json.loads(done.stdout)["rows"]

    def verify(self, what):
        done = run([self.stemma, "verify", "--store", self.home])
        if done.returncode:
            fail("verify after " + what, done)


RUN_NAME = re.compile(r"stemma-\w+-(\d+)-(\d+)-\d+")


def is_orphan(text):
    """Whether it names a run (stemma-BOOT-PROCESS-START-NUMBER) of a loop of this script that is gone."""
    name = RUN_NAME.search(text)
    return name is not None and name.groups() in STARTED and not os.path.exists(f"/proc/{name[1]}")


def leftovers(scratch):
    """What of ours is left among mounts, control groups and processes; what other runners do now is theirs."""
    places = (line.split(" - ")[0] for line in open("/proc/self/mountinfo"))
    found = [place for place in places if is_orphan(place) or scratch in place]
    for root, folders, _ in os.walk("/sys/fs/cgroup"):
        found += [os.path.join(root, folder) for folder in folders if is_orphan(folder)]
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open(f"/proc/{pid}/cmdline", "rb").read().split(b"\0")
        except OSError:
            continue
        if scratch.encode() in b" ".join(words) and int(pid) != os.getpid():
            found.append(b" ".join(words).decode(errors="replace"))
    return found


def compare(reference, campaign, what, whole):
    campaign.verify(what)
    if campaign.query(DOUBLED):
        fail(f"{what}: something ran twice: {campaign.query(DOUBLED)}")
    for query in (QUERY, PROPOSALS):
        expected, actual = reference.query(query), campaign.query(query)
        if expected != actual:
            fail(f"{what}: the graphs differ\n  reference {expected}\n  killed    {actual}")
    if whole and (found := same_graph.differences(
            *(same_graph.read(side.stemma, side.home) for side in (reference, campaign)))):
        fail(f"{what}: the graphs differ in {len(found)} nodes\n" + "\n".join(line[:600] for line in found[:6]))
    if left := leftovers(os.path.dirname(campaign.home)):
        fail(f"{what}: left behind: {left}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stemma")
    parser.add_argument("--campaign", default=os.path.join(os.path.dirname(__file__), "../../examples/ngram"))
    parser.add_argument("--table", help="a table of NAS-Bench-201, for a campaign of seconds")
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--kills", type=int, default=1, help="at most so many in one campaign")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--boundaries", default="1/1", help="which share of them: K/N, or none")
    parser.add_argument("--rounds", type=int, help="instead of the campaign's own number")
    options = parser.parse_args()
    stemma = os.path.abspath(options.stemma)
    generator = random.Random(options.seed)
    scratch = tempfile.mkdtemp(prefix="stemma-kill-")
    try:
        if options.table:
            options.campaign = os.path.join(scratch, "source")
            bench.prepare(argparse.Namespace(table=options.table, slots=4, seeds=2, per_round=4, proposals=12,
                                             proposer="replay"), options.campaign)
        start = time.time()
        reference = Campaign(stemma, options, scratch, "reference")
        reference.finish()
        seconds = time.time() - start
        whole = bool(options.table)
        compare(reference, reference, "the reference", whole)
        print(f"reference: {seconds:.1f} s, {reference.query(QUERY)}", flush=True)
        met, killed = 0, 0
        for moment in range(options.moments):
            campaign = Campaign(stemma, options, scratch, f"moment-{moment}", reference)
            times = []
            for _ in range(generator.randint(1, options.kills)):
                times.append(generator.uniform(0.05, seconds * 0.98 / (1 if options.kills == 1 else 2)))
                if not campaign.kill_after(times[-1]):
                    times.pop()
                    break
            campaign.finish()
            met, killed = met + bool(times), killed + len(times)
            after = ", ".join(f"{after:.2f}" for after in times) or "no"
            compare(reference, campaign, f"moment {moment} ({after} s)", whole)
            shutil.rmtree(campaign.home)
            print(f"moment {moment + 1}/{options.moments}: killed after {after} s, resumed", flush=True)
        boundaries, unmet = [], []
        if options.boundaries != "none":
            share, shares = map(int, options.boundaries.split("/"))
            boundaries = run([stemma, "loop", "boundaries"]).stdout.splitlines()[share - 1 :: shares]
        for name in boundaries:
            campaign = Campaign(stemma, options, scratch, "boundary", reference)
            done = run(campaign.command("--die-at", name))
            if done.returncode == 0:
                unmet.append(name)
                shutil.rmtree(campaign.home)
                continue
            if done.returncode != -signal.SIGKILL:
                fail(f"boundary {name}: the loop ended otherwise", done)
            campaign.finish()
            compare(reference, campaign, f"boundary {name}", whole)
            shutil.rmtree(campaign.home)
            print(f"boundary {name}: killed, resumed", flush=True)
        print(f"passed: {killed} kills in {met} of {options.moments} campaigns, {len(boundaries) - len(unmet)} boundaries; "
              f"never met in this campaign: {', '.join(unmet) or 'none'}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
