#!/usr/bin/env python3
"""A history of 100,000 nodes: how fast the program starts, and answers `why` and `lineage`.

usage: big_history.py STEMMA [--copies 420] [--keep DIR]

Takes the small history of queries/ many times over, each copy's baseline based on the one before, imports it and
times whole processes (start, open, answer, end), the median of 21.
"""
import argparse, json, os, re, shutil, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = re.compile(r"^([A-Z]+)([0-9]+)$")


def generate(copies, path):
    """Writes the history and returns how many nodes and proposals one copy has."""
    lines = [json.loads(line) for line in open(os.path.join(HERE, "../../queries/history.jsonl"))]
    head, tail, body = lines[0], lines[-1], lines[1:-1]
    highest = {}
    for line in body:
        if "node" in line and (match := KEY.match(str(line["node"]))):
            highest[match[1]] = max(highest.get(match[1], 0), int(match[2]))
    confirmed = [l["node"] for l in body if "node" in l and "Proposal" in l["labels"]
                 and l["properties"].get("status") == "confirmed" and l["properties"].get("kind") != "baseline"]

    def rename(key, copy):
        match = KEY.match(str(key))
        return f"{match[1]}{int(match[2]) + copy * highest[match[1]]}" if match else f"{key}"

    nodes = edges = 0
    with open(path, "w") as out:
        out.write(json.dumps(head) + "\n")
        for copy in range(copies):
            for line in body:
                if "node" not in line:
                    continue
                properties = dict(line["properties"])
                for name in ("name", "requestId", "uri", "title"):
                    if name in properties and copy and isinstance(properties[name], str):
                        properties[name] += f"-{copy}"
                out.write(json.dumps({"node": rename(line["node"], copy), "labels": line["labels"], "properties": properties}) + "\n")
                nodes += 1
        for copy in range(copies):
            for line in body:
                if "edge" not in line:
                    continue
                out.write(json.dumps(dict(line, **{"from": rename(line["from"], copy), "to": rename(line["to"], copy)})) + "\n")
                edges += 1
            if copy:
                out.write(json.dumps({"edge": "BASED_ON", "from": rename("P1", copy), "to": rename(confirmed[-1], copy - 1)}) + "\n")
                edges += 1
        out.write(json.dumps(dict(tail, nodes=nodes, edges=edges)) + "\n")
    return nodes, edges, lambda key, copy: rename(key, copy)


def clock(arguments, runs=21):
    times = []
    for _ in range(runs + 2):
        start = time.perf_counter()
        done = subprocess.run(arguments, capture_output=True)
        times.append((time.perf_counter() - start) * 1000)
        if done.returncode not in (0, 6):
            print("FAILED:", " ".join(arguments), done.stderr.decode()[-500:])
            sys.exit(1)
    times = sorted(times[2:])
    return statistics.median(times), times[0], times[-1], done.stdout.count(b"\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stemma")
    parser.add_argument("--copies", type=int, default=420)
    parser.add_argument("--keep")
    options = parser.parse_args()
    stemma = os.path.abspath(options.stemma)
    home = options.keep or tempfile.mkdtemp(prefix="stemma-history-")
    os.makedirs(home, exist_ok=True)
    try:
        nodes, edges, rename = generate(options.copies, os.path.join(home, "history.jsonl"))
        subprocess.run([stemma, "init", home], check=True, stdout=subprocess.DEVNULL)
        start = time.perf_counter()
        subprocess.run([stemma, "import", os.path.join(home, "history.jsonl"), "--store", home,
                        "--reason", "a large history"], check=True, stdout=subprocess.DEVNULL)
        print(f"{nodes:,} nodes, {edges:,} edges, imported in {time.perf_counter() - start:.1f} s")
        middle = options.copies // 2
        last = rename("P1", options.copies - 1)
        for name, arguments in [
            ("start: --version", ["--version"]),
            ("first answer: one node by key", ["query", f"MATCH (p:Proposal {{key: '{rename('P3', middle)}'}}) RETURN p.title"]),
            ("why, a proposal", ["why", rename("P3", middle)]),
            ("why, its campaign", ["why", rename("C1", middle)]),
            ("lineage, the last one's ancestors", ["lineage", last]),
            ("lineage, a middle one's descendants", ["lineage", rename("P1", middle), "--descendants"]),
        ]:
            where = [] if name.startswith("start") else ["--store", home]
            median, low, high, lines = clock([stemma, *arguments, *where])
            print(f"{name:38} median {median:7.2f} ms   min {low:7.2f}   max {high:7.2f}   {lines} lines")
    finally:
        if not options.keep:
            shutil.rmtree(home, ignore_errors=True)


main()
