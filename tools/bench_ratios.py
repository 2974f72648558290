#!/usr/bin/env python3
"""What is asked for beside the table of `make bench-peers`: Stemma against the
hand-written floor in C, 100 thousand experiments against a million, and the start of a process.

usage: bench_ratios.py WORK SCALE PEERS [--stemma PROGRAM]

PEERS is the folder of the benchmark. The results of the peers' run are in WORK/out-SCALE.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

FLOOR = {"ancestors": 2, "descendants": 2, "descendants_asof": 2, "shortest": 2, "scan": 2.5, "groupby": 5}
ANCHORED = ["point", "onehop", "ancestors", "descendants", "descendants_asof", "failed_siblings",
            "best_lineage", "shortest"]
SPREAD = 2
START = 10


def medians(work, scale):
    """Milliseconds of each operation of Stemma's column, where there is one."""
    file = work / f"out-{scale}" / "stemma.json"
    if not file.exists():
        return {}
    ops = json.loads(file.read_text(encoding="utf-8"))["ops"]
    return {name: op["median_ms"] for name, op in ops.items() if "median_ms" in op}


def floor(work, scale, peers):
    """Milliseconds of the floor's operations, the least of three runs."""
    program = work / "lmdb_floor"
    subprocess.run(["cc", "-O2", "-w", "-include", "stddef.h", "-o", program, peers / "lmdb_floor.c", "-llmdb"], check=True)
    lines = work / f"params-{scale}.txt"
    data = work / f"data-{scale}"
    with open(lines, "w", encoding="utf-8") as file:
        subprocess.run([sys.executable, peers / "params_txt.py", data / "params.json"], stdout=file, check=True)
    best = {}
    for _ in range(3):
        done = subprocess.run(
            [program, data, work / f"floor-{scale}", lines], capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            answer = json.loads(line)
            if "median_us" in answer:
                took = answer["median_us"] / 1e3
                best[answer["op"]] = min(best.get(answer["op"], took), took)
    return best


def verdict(ratio, asked):
    return f"{ratio:6.2f} x, asked {asked}{'' if ratio <= asked else '  MISSED'}"


def start(program, store):
    """Milliseconds from the start of a process to its first answer, the median of fifteen."""
    query = "MATCH (p:Proposal {id: 4242}) RETURN p.campaign"
    times = []
    for _ in range(15):
        before = time.perf_counter()
        subprocess.run([program, "query", "--store", store, query], capture_output=True, check=True)
        times.append((time.perf_counter() - before) * 1e3)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("scale")
    parser.add_argument("peers", type=pathlib.Path)
    parser.add_argument("--stemma")
    given = parser.parse_args()
    ours = medians(given.work, given.scale)
    lowest = floor(given.work, given.scale, given.peers)
    print(f"\nbeside the floor in C, {given.scale} experiments")
    for name, asked in FLOOR.items():
        if name in ours and name in lowest:
            print(f"  {name:18}{ours[name]:9.3f} ms {lowest[name]:9.3f} ms {verdict(ours[name] / lowest[name], asked)}")
    small, large = medians(given.work, "100000"), medians(given.work, "1000000")
    if small and large:
        print("\na million experiments beside 100 thousand")
        for name in ANCHORED:
            if name in small and name in large:
                print(f"  {name:18}{large[name]:9.3f} ms {small[name]:9.3f} ms {verdict(large[name] / small[name], SPREAD)}")
    if given.stemma:
        took = start(given.stemma, given.work / f"db-{given.scale}" / "stemma.store")
        print(f"\nprocess start to first answer: {took:.1f} ms, asked {START}{'' if took <= START else '  MISSED'}")


main()
