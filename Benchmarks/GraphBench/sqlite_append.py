"""The experiments of the benchmark in SQLite through Python's own module.

usage: sqlite_append.py FILE SCHEMA EXPERIMENTS SINGLES
Prints the median seconds of a durable single experiment, then experiments per second in groups
of 500.
"""

import random
import sqlite3
import sys
import time


def experiment(cursor, number, rng):
    cursor.execute(
        "INSERT INTO proposal VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, f"P{number + 1}", f"change the learning rate of step {number}", rng.randrange(50),
         rng.random() * 0.001, 16 << rng.randrange(4), 6 + rng.randrange(24), rng.random() * 0.5))
    cursor.executemany(
        "INSERT INTO critique VALUES (?, ?, ?, ?, ?)",
        [(i, f"K{i + 1}", number, rng.choice(("accept", "reject")),
          "the effect is below the noise of the last eight runs")
         for i in (2 * number, 2 * number + 1)])
    cursor.execute(
        "INSERT INTO run VALUES (?, ?, ?, ?, ?)",
        (number, f"R{number + 1}", number, number, "finished"))
    cursor.executemany(
        "INSERT INTO eval VALUES (?, ?, ?, ?, ?)",
        [(2 * number + i, f"E{2 * number + i + 1}", number, metric, rng.random())
         for i, metric in enumerate(("accuracy", "loss"))])
    if number:
        cursor.execute(
            "INSERT INTO derived_from VALUES (?, ?)",
            (number, number - 1 - rng.randrange(min(number, 30))))
    cursor.execute(
        "INSERT INTO request VALUES (?, ?, ?, ?, ?)",
        ((1 << 64 | number).to_bytes(16, "big"), number + 2, time.time_ns() // 1000, "bench",
         "one experiment"))


def main():
    file, schema, experiments, singles = sys.argv[1:]
    database = sqlite3.connect(file, isolation_level=None)
    with open(schema) as script:
        database.executescript(script.read())
    rng = random.Random(42)
    cursor = database.cursor()
    made = 0
    start = time.perf_counter()
    while made < int(experiments):
        cursor.execute("BEGIN IMMEDIATE")
        for _ in range(500):
            experiment(cursor, made, rng)
            made += 1
        cursor.execute("COMMIT")
    rate = made / (time.perf_counter() - start)
    times = []
    for _ in range(int(singles)):
        start = time.perf_counter()
        cursor.execute("BEGIN IMMEDIATE")
        experiment(cursor, made, rng)
        cursor.execute("COMMIT")
        times.append(time.perf_counter() - start)
        made += 1
    times.sort()
    print(times[len(times) // 2], rate)


main()
