#!/usr/bin/env python3
"""How long a brief takes over a large history, asked of one `stemma mcp` that stays open.

usage: bench.py STEMMA [--proposals 1000000] [--questions 200] [--store DIR]

Makes proposals of six parameters, with titles, hypotheses, a third of them compared, each based on an earlier one;
imports them, asks about late proposals that were drawn at random, and looks up everything that the briefs cite.
With --store the store is kept, and used again where it is there.
"""
import argparse, json, os, random, shutil, statistics, subprocess, sys, tempfile, time

WORDS = ("warmup decay schedule dropout layers width tokens batch loss smoothing context embedding optimiser momentum "
         "clip norm rotary bias residual gate expert router cache prefix kernel window stride pooling mixture label").split()
STATUSES = ["refuted", "confirmed", "failed", "rejected", "screened", "indistinguishable"]


def generate(count, out, head):
    draw = random.Random(1)
    write = lambda value: out.write(json.dumps(value) + "\n")
    write({**head})
    write({"node": "C1", "labels": ["Campaign"], "properties": {
        "name": "large", "seed": 1, "baseTree": "t", "unit": "nat", "goal": "lower the loss", "status": "running", "specification": "", "specificationHash": "0",
        "metric": "loss", "direction": "minimise"}})
    nodes, edges = 1, []
    for number in range(1, count + 1):
        values = [f"batch={2 ** draw.randint(4, 12)}", f"layers={draw.randint(1, 48)}", f"width={64 * draw.randint(1, 64)}",
                  f"lr={10 ** draw.uniform(-5, -1):.6f}", f"decay={draw.uniform(0, 0.3):.4f}", f"optimiser={draw.choice(['adam', 'sgd', 'lion'])}"]
        text = " ".join(draw.choices(WORDS, k=6)) + f" {draw.randint(1, 9999)}"
        write({"node": f"P{number}", "labels": ["Proposal"], "properties": {
            "kind": "baseline" if number == 1 else "parameters", "title": text, "hypothesis": "it helps " + " ".join(draw.choices(WORDS, k=8)),
            "status": draw.choice(STATUSES), "changeHash": f"h{draw.randrange(count * 4)}", "tree": "t", "assignments": values}})
        nodes += 1
        if number > 1:
            edges.append({"edge": "BASED_ON", "from": f"P{number}", "to": f"P{draw.randint(max(1, number - 500), number - 1)}"})
    for number in range(3, count + 1, 3):
        effect = draw.gauss(0, 0.01)
        write({"node": f"CP{number // 3}", "labels": ["Comparison"], "properties": {
            "metric": "loss", "stage": "confirm", "test": "paired one-sided t", "verdict": "better" if effect > 0.01 else "indistinguishable", "effect": effect,
            "lower": effect - 0.01, "upper": effect + 0.01}})
        nodes += 1
        edges.append({"edge": "COMPARES", "from": f"CP{number // 3}", "to": f"P{number}"})
    for edge in edges:
        write({**edge, "properties": {}})
    return nodes, len(edges)


class Server:
    def __init__(self, stemma, store):
        self.process = subprocess.Popen([stemma, "mcp", "--store", store], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def call(self, tool, **arguments):
        line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}})
        start = time.perf_counter()
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        took = (time.perf_counter() - start) * 1000
        result = answer["result"]
        assert not result.get("isError"), result
        return took, result["structuredContent"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("stemma")
    arguments.add_argument("--proposals", type=int, default=1_000_000)
    arguments.add_argument("--questions", type=int, default=200)
    arguments.add_argument("--store")
    given = arguments.parse_args()
    stemma, folder = os.path.abspath(given.stemma), given.store or tempfile.mkdtemp()
    try:
        if not os.path.exists(os.path.join(folder, ".stemma", "data.mdb")):
            os.makedirs(folder, exist_ok=True)
            subprocess.run([stemma, "init", folder], check=True, stdout=subprocess.DEVNULL)
            here = os.path.dirname(os.path.abspath(__file__))
            lines = open(os.path.join(here, "../../queries/history.jsonl")).read().splitlines()
            path = os.path.join(folder, "history.jsonl")
            with open(path, "w") as out:
                nodes, edges = generate(given.proposals, out, json.loads(lines[0]))
                out.write(json.dumps({**json.loads(lines[-1]), "nodes": nodes, "edges": edges}) + "\n")
            start = time.perf_counter()
            subprocess.run([stemma, "import", path, "--store", folder], check=True, stdout=subprocess.DEVNULL)
            os.remove(path)
            print(f"imported {nodes:,} nodes and {edges:,} relationships in {time.perf_counter() - start:.0f} s")
        server = Server(stemma, folder)
        took, _ = server.call("tried_before", key=f"P{given.proposals}")
        print(f"the first question, which makes the index where there is none: {took / 1000:.1f} s")
        draw = random.Random(2)
        keys = [f"P{draw.randint(given.proposals * 9 // 10, given.proposals)}" for _ in range(given.questions)]
        failed = False
        for tool, more in [("brief", {"tokens": 4000}), ("tried_before", {"limit": 10})]:
            times, cited = [], set()
            for key in keys:
                took, answer = server.call(tool, key=key, **more)
                times.append(took)
                for part in answer.get("parts", []):
                    cited.update(part["keys"])
            times.sort()
            print(f"{tool}: median {statistics.median(times):.1f} ms, 95 % under {times[len(times) * 95 // 100]:.1f} ms, "
                  f"longest {times[-1]:.1f} ms over {len(times)} proposals")
            failed |= statistics.median(times) > 20
            if cited:
                _, found = server.call("query", text="UNWIND $keys AS key MATCH (n {key: key}) RETURN count(n) AS n",
                                       parameters={"keys": sorted(cited)})
                resolved = found["rows"][0]["n"]
                print(f"{tool}: {resolved} of {len(cited)} records that were cited resolve")
                failed |= resolved != len(cited)
        sys.exit(1 if failed else 0)
    finally:
        if not given.store:
            shutil.rmtree(folder, ignore_errors=True)


main()
