#!/usr/bin/env python3
"""SQLite through C as one more peer: the file, the statements and the settings of the adapter in Python,
run by sqlite_calls.c without Python between.

usage: sqlite_in_c.py PEERS DATA DB OUT PROGRAM [ROUNDS]

PEERS is the folder of the benchmark, DB has the file that the peer sqlite has loaded, PROGRAM is the
compiled sqlite_calls.c. Writes OUT/sqlite-c.json, which `run.py --table` takes as a column.
"""
import ctypes
import ctypes.util
import json
import os
import statistics
import subprocess
import sys


def field(value):
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        return f"f{value!r}"
    return f"s{value}"


class Calls:
    """The calls of one run of the program, and what came out of them."""

    def __init__(self, program, file):
        self.command, self.lines = [program, file], []

    def prepare(self, name, sql):
        self.lines.append(f"P\t{name}\t{' '.join(sql.split())}")

    def call(self, *runs):
        self.lines.append("B")
        for name, *arguments in runs:
            self.lines.append("\t".join(["R", name, *map(field, arguments)]))
        self.lines.append("E")

    def answers(self):
        done = subprocess.run(
            self.command, input="\n".join(self.lines) + "\n", capture_output=True, text=True, check=True)
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        return [(float(row[0]) / 1e6, [float(number) for number in row[1:]]) for row in rows]


def parameters(name, entry):
    """The values of an entry in the order in which the adapter binds them."""
    order = {
        "descendants_asof": ["id", "t"], "top10": ["metric", "benchmark", "gpu_max"],
        "groupby": ["metric"], "best_lineage": ["metric", "benchmark"],
        "shortest": ["src", "dst"], "scan": ["lr", "dropout", "depth"],
    }
    return [entry[key] for key in order.get(name, ["id"])]


def folded(name, numbers):
    """The answer as the reference has it: the adapter counts and adds up the rows of a hop itself."""
    if name == "onehop":
        return [len(numbers) // 3, sum(numbers[::3])]
    return numbers


def experiments(peers, entry):
    """The statements of an insert, as the adapter makes them."""
    runs = []
    texts = {sql: name for name, sql in peers.INSERTS.items()}
    peers.SQLite()._insert(lambda sql, values: runs.append((f"insert_{texts[sql]}", *values)), entry)
    return runs


def remove(calls, entry):
    """Takes an experiment out that was inserted before."""
    proposal, run = entry["proposal"][0], entry["run"][0]
    calls.call(
        ("delete_proposal", proposal), ("delete_derived_from", proposal), ("delete_run", run),
        *[("delete_critique", row[0]) for row in entry["critiques"]],
        *[("delete_eval", row[0]) for row in entry["evals"]])


def main():
    folder, data, database, out, program = sys.argv[1:6]
    rounds = int(sys.argv[6]) if len(sys.argv) > 6 else 3
    sys.path.insert(0, folder)
    import peers
    import run as harness
    with open(os.path.join(data, "params.json"), encoding="utf-8") as file:
        entries = json.load(file)
    file = os.path.join(database, "sqlite.db")
    cleaning = Calls(program, file)
    for table in ("proposal", "critique", "run", "eval"):
        cleaning.prepare(f"delete_{table}", f"DELETE FROM {table} WHERE id = ?1")
    cleaning.prepare("delete_derived_from", "DELETE FROM derived_from WHERE child = ?1")
    cleaning.prepare("begin", "BEGIN")
    cleaning.prepare("commit", "COMMIT")
    cleaning.call(("begin",))
    for entry in entries["inserts"]:
        remove(cleaning, entry)
    cleaning.call(("commit",))
    cleaning.answers()
    library = ctypes.CDLL(ctypes.util.find_library("sqlite3"))
    library.sqlite3_libversion.restype = ctypes.c_char_p
    result = {"peer": "sqlite-c", "version": library.sqlite3_libversion().decode(), "ops": {}}
    for name, sql in peers.SQLite.SQLX.items():
        best, wrong = None, None
        taken = entries[name] * harness.ITER.get(name, 1)
        for _ in range(rounds):
            calls = Calls(program, file)
            calls.prepare(name, sql)
            for entry in taken[:1] + taken:
                calls.call((name, *parameters(name, entry)))
            answers = calls.answers()[1:]
            times = [time for time, _ in answers]
            best = [min(pair) for pair in zip(best, times)] if best else times
            for (_, numbers), entry in zip(answers, taken):
                if not harness.same(folded(name, numbers), entry["expect"]):
                    wrong = wrong or {"got": folded(name, numbers), "want": entry["expect"]}
        result["ops"][name] = {
            "median_ms": statistics.median(best), "n": len(best), "wrong": wrong,
            "load1": os.getloadavg()[0]}
    calls = Calls(program, file)
    calls.prepare("begin", "BEGIN IMMEDIATE")
    calls.prepare("commit", "COMMIT")
    for table, sql in peers.INSERTS.items():
        calls.prepare(f"insert_{table}", sql)
    for entry in entries["inserts"]:
        calls.call(("begin",), *experiments(peers, entry), ("commit",))
    times = [time for time, _ in calls.answers()]
    result["ops"]["insert"] = {
        "median_ms": statistics.median(times), "n": len(times), "wrong": None,
        "load1": os.getloadavg()[0]}
    with open(os.path.join(out, "sqlite-c.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)


main()
