"""The reads of ReadBench, asked of SQLite from Python.

usage: sqlite_reads.py FILE IDENTITIES START BOUND ROUNDS

IDENTITIES is a file with a number per line. Prints the least seconds of the rounds for points,
neighbours, the closure and the scan, one per line, each with its check sum.
"""
import sqlite3
import sys
import time

file, identities, start, bound, rounds = sys.argv[1:]
start, bound, rounds = int(start), float(bound), int(rounds)
with open(identities, encoding="ascii") as lines:
    nodes = [(int(line),) for line in lines]
database = sqlite3.connect(file)
database.execute("PRAGMA mmap_size = 8589934592")
database.execute("PRAGMA cache_size = -262144")


def points():
    total = 0.0
    for node in nodes:
        found = database.execute("SELECT batch, rate FROM node WHERE id = ?", node).fetchone()
        total += found[0] + found[1]
    return total


def neighbours():
    total = 0
    for node in nodes:
        for found in database.execute("SELECT target FROM edge WHERE source = ?", node):
            total += found[0]
    return total


def closure():
    return database.execute(
        "WITH RECURSIVE met(id) AS (SELECT target FROM edge WHERE source = ?1 UNION "
        "SELECT target FROM edge JOIN met ON source = met.id) SELECT sum(id) FROM met", (start,)
    ).fetchone()[0]


def scan():
    return database.execute(
        "SELECT sum(second) FROM measure WHERE first < ?", (bound,)).fetchone()[0]


for operation, times in ((points, rounds), (neighbours, rounds), (closure, rounds), (scan, 2)):
    least, result = float("inf"), None
    for _ in range(times):
        begin = time.perf_counter()
        result = operation()
        least = min(least, time.perf_counter() - begin)
    print(least, result)
