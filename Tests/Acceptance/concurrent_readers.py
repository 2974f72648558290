#!/usr/bin/env python3
"""Three processes query while the loop writes: no half transaction is seen, and reading stays fast.

usage: concurrent_readers.py STEMMA [--campaign FOLDER] [--readers 3]

Each reader starts `stemma query` again and again and times it. First with the loop at rest (the baseline), then while
it runs. A half transaction would be a node of the loop without the edge that its transaction gives it.
"""
import argparse, json, os, shutil, subprocess, sys, tempfile, threading, time

HALVES = """
MATCH (r:Run) WHERE NOT EXISTS { MATCH (r)-[:EXECUTES]->(:Proposal) } RETURN 'run ' + r.key AS half
UNION ALL
MATCH (e:Eval) WHERE NOT EXISTS { MATCH (e)-[:EVALUATES]->(:Run) } RETURN 'eval ' + e.key AS half
UNION ALL
MATCH (c:Critique) WHERE NOT EXISTS { MATCH (c)-[:CRITIQUES]->(:Proposal) } RETURN 'critique ' + c.key AS half
"""


def reader(stemma, home, until, times, faults):
    while not until.is_set():
        start = time.perf_counter()
        done = subprocess.run([stemma, "query", HALVES, "--store", home, "--format", "json"],
                              capture_output=True, text=True)
        times.append((time.perf_counter() - start) * 1000)
        if done.returncode:
            faults.append(done.stderr[-500:])
        elif rows := json.loads(done.stdout)["rows"]:
            faults.append(f"half transactions: {rows}")


def measure(stemma, home, readers, body):
    until, times, faults = threading.Event(), [], []
    threads = [threading.Thread(target=reader, args=(stemma, home, until, times, faults)) for _ in range(readers)]
    for thread in threads:
        thread.start()
    body()
    until.set()
    for thread in threads:
        thread.join()
    if faults:
        print("FAILED:", faults[0])
        sys.exit(1)
    return sorted(times)


def row(name, times):
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))]
    print(f"{name:24} {len(times):6} queries   median {at(.5):7.2f} ms   p99 {at(.99):7.2f} ms   max {times[-1]:7.2f} ms")
    return at(.99)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stemma")
    parser.add_argument("--campaign", default=os.path.join(os.path.dirname(__file__), "../../examples/ngram"))
    parser.add_argument("--readers", type=int, default=3)
    options = parser.parse_args()
    stemma = os.path.abspath(options.stemma)
    scratch = tempfile.mkdtemp(prefix="stemma-readers-")
    home = os.path.join(scratch, "campaign")
    try:
        shutil.copytree(options.campaign, home, ignore=shutil.ignore_patterns(".stemma", "output"))
        subprocess.run([stemma, "init", home], check=True, stdout=subprocess.DEVNULL)
        busy = measure(stemma, home, options.readers, lambda: subprocess.run(
            [stemma, "loop", "run", os.path.join(home, "campaign.toml"), "--store", home],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        idle = measure(stemma, home, options.readers, lambda: time.sleep(10))
        slowest_idle, slowest_busy = row("idle", idle), row("while the loop writes", busy)
        print(f"ratio of the 99th percentiles: {slowest_busy / slowest_idle:.2f}; no half transaction was seen")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


main()
