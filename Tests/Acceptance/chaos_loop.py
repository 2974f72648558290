#!/usr/bin/env python3
"""Seeded chaos: campaigns under random kills, full disks and hanging evaluators end as one that was left alone.

usage: chaos_loop.py STEMMA [--minutes 15] [--seed 1] [--proposals 24] [--slots 4] [--runners 1] [--table FILE]

The store lies on a small file system of its own (a loop device; needs root). Undisturbed, one campaign is the reference;
some of its evaluations hang until their wall clock ends them. Then, campaign after campaign, with one of these at each
seeded moment until it ends by itself: SIGKILL of the loop, SIGTERM, SIGKILL of its whole session, or a disk that is full
for a moment. With --runners 2 two of them share every campaign, and each may meet that. After each: `stemma verify` is clean, the graph has what the reference has (times, costs and identities
aside), nothing ran twice, and no process, mount or control group is left.
"""
import argparse, os, random, re, shutil, signal, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kill_loop import DOUBLED, PROPOSALS, QUERY, fail, leftovers, run, started

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "../../Benchmarks/LoopBench")
sys.path.insert(0, SOURCE)
import bench

# Some of them hang, by what is evaluated: the same ones in every campaign.
HANG = '''case $accuracy in *.[02468]7?) sleep 3600 ;; esac
'''
VALUES = """
MATCH (e:Eval)-[:EVALUATES]->(r:Run)-[:EXECUTES]->(p:Proposal)
RETURN p.changeHash AS change, r.kind AS kind, r.seed AS seed, r.status AS run, e.status AS status, e.value AS value
ORDER BY change, kind, seed
"""


class Disk:
    """A small ext4 file system; `fill` takes all that is left of it."""

    def __init__(self, folder, megabytes):
        self.image, self.place = os.path.join(folder, "disk.img"), os.path.join(folder, "disk")
        os.mkdir(self.place)
        with open(self.image, "wb") as image:
            image.truncate(megabytes << 20)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", self.image], check=True)
        subprocess.run(["mount", "-o", "loop", self.image, self.place], check=True)

    def fill(self):
        with open(os.path.join(self.place, "ballast"), "wb") as ballast:
            try:
                while True:
                    ballast.write(b"\0" * (256 << 10))
                    ballast.flush()
            except OSError:
                pass

    def free(self):
        try:
            os.unlink(os.path.join(self.place, "ballast"))
        except FileNotFoundError:
            pass

    def remove(self):
        self.free()
        subprocess.run(["umount", self.place])


class Campaign:
    def __init__(self, stemma, options, home, reference=None):
        self.stemma, self.home, self.runners = stemma, home, options.runners
        self.file = bench.prepare(options, home)
        script = os.path.join(home, "evaluator/score.sh")
        text = open(script).read()
        open(script, "w").write(text.replace("case $accuracy in\n", HANG + "case $accuracy in\n", 1))
        text = open(self.file).read()
        head, tail = text.split("[evaluate.budget]")
        open(self.file, "w").write(head + "[evaluate.budget]" + tail.replace('wall = "10s"', 'wall = "6s"', 1))
        done = run([stemma, "init", home])
        if done.returncode:
            fail("init", done)
        if reference:
            shutil.copytree(os.path.join(reference.home, ".stemma/vault"), os.path.join(home, ".stemma/vault"))

    def start(self):
        log = open(os.path.join(self.home, "..", "loop.log"), "a")
        share = ["--share"] if self.runners > 1 else []
        process = subprocess.Popen([self.stemma, "loop", "run", self.file, "--store", self.home, "--quiet"] + share,
                                   stdout=log, stderr=log, start_new_session=True)
        started(process)
        return process

    def query(self, text):
        import json
        done = run([self.stemma, "query", text, "--store", self.home, "--format", "json"])
        if done.returncode:
            fail("query", done)
        return json.loads(done.stdout)["rows"]


def live(campaign, disk, draw, span):
    """Disturbs a campaign until it ends by itself. Returns what was done to it."""
    events, failures = [], 0
    others = [campaign.start() for _ in range(campaign.runners - 1)]
    while True:
        process = campaign.start()
        if others:
            # Whichever is disturbed, the others go on.
            others.append(process)
            process = others.pop(draw.randrange(len(others)))
        try:
            code = process.wait(draw.uniform(0.1, span))
        except subprocess.TimeoutExpired:
            event = draw.choice(["kill", "kill", "kill session", "terminate", "full disk"])
            events.append(event)
            if event == "kill":
                process.kill()
            elif event == "kill session":
                os.killpg(process.pid, signal.SIGKILL)
            elif event == "terminate":
                process.terminate()
            else:
                disk.fill()
                time.sleep(draw.uniform(0.2, 2))
                if draw.random() < 0.5:
                    process.kill()
                disk.free()
            if event != "full disk":
                process.wait()
                continue
            try:
                code = process.wait(300)
            except subprocess.TimeoutExpired:
                fail("the loop hangs after a full disk")
        if code == 0:
            for other in others:
                try:
                    other.wait(120)
                except subprocess.TimeoutExpired:
                    fail("a runner goes on after the campaign is over")
            return events
        # A full disk ends a loop with an error, and that of another runner too, which may be looked at
        # only later; nothing else may.
        failures += 1
        if "full disk" not in events or failures > 50:
            log = open(os.path.join(campaign.home, "..", "loop.log")).read()
            fail(f"the loop ended with {code} after {events}: {log[-2000:]}")


def check(reference, campaign, what):
    done = run([campaign.stemma, "verify", "--store", campaign.home])
    if done.returncode:
        fail(f"verify after {what}", done)
    if doubled := campaign.query(DOUBLED):
        fail(f"{what}: something ran twice: {doubled}")
    for query in (QUERY, PROPOSALS, VALUES):
        expected, actual = reference[query], campaign.query(query)
        if expected != actual:
            missing = [row for row in expected if row not in actual][:5]
            extra = [row for row in actual if row not in expected][:5]
            fail(f"{what}: the graphs differ\n  missing {missing}\n  extra   {extra}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stemma")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--proposals", type=int, default=24)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--per-round", type=int, default=8)
    parser.add_argument("--runners", type=int, default=1)
    parser.add_argument("--table", default=bench.TABLE)
    options = parser.parse_args()
    options.proposer = "replay"
    if not os.path.exists(options.table):
        print(f"skipped: there is no {options.table}")
        return
    stemma = os.path.abspath(options.stemma)
    scratch = tempfile.mkdtemp(prefix="stemma-chaos-")
    disk = Disk(scratch, 512)
    try:
        start = time.time()
        first = Campaign(stemma, options, os.path.join(disk.place, "reference"))
        if first.start().wait():
            fail("the reference failed: " + open(os.path.join(disk.place, "loop.log")).read()[-2000:])
        seconds = time.time() - start
        reference = {query: first.query(query) for query in (QUERY, PROPOSALS, VALUES)}
        runs = next(row["n"] for row in reference[QUERY] if row["kind"] == "Run")
        hung = sum(row["status"] == "failed" for row in reference[VALUES])
        check(reference, first, "the reference")
        print(f"reference: {seconds:.1f} s, {runs} runs, {hung} evaluations hung", flush=True)
        number, total = 0, {}
        while time.time() - start < 60 * options.minutes:
            number += 1
            draw = random.Random(f"{options.seed} {number}")
            campaign = Campaign(stemma, options, os.path.join(disk.place, f"campaign-{number}"), first)
            events = live(campaign, disk, draw, max(3, seconds / 3))
            check(reference, campaign, f"campaign {number} ({', '.join(events)})")
            if left := leftovers(campaign.home):
                fail(f"campaign {number}: left behind: {left}")
            for event in events:
                total[event] = total.get(event, 0) + 1
            print(f"campaign {number}: {len(events)} disturbances, the same graph", flush=True)
            shutil.rmtree(campaign.home)
        print(f"passed: {number} campaigns in {(time.time() - start) / 60:.1f} minutes under {total}; none lost or doubled anything")
    finally:
        disk.remove()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
