#!/usr/bin/env python3
"""What a sandbox costs: from its start to the exit of `true`, and what looking after it takes.

usage: bench.py STEMMA [--runs 200] [--user UID]

`small disk` has a disk budget that lies in memory, `ext4 disk` one that is a file system on a loop device. `in the
sandbox` is the wall time of the status file, `whole command` the clock around `stemma sandbox run`, its own start
included. Memory is that of the supervising process while a sandboxed program sleeps.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

BUDGETS = ["--memory", "256MiB", "--processes", "64", "--inodes", "5000", "--wall", "8s", "--cpus", "1",
           "--cpu-time", "6s", "--open-files", "1024", "--log", "8MiB"]


def private_kilobytes(process):
    """Proportional and private memory of a process, in KiB."""
    facts = dict(line.split(":") for line in open(f"/proc/{process}/smaps_rollup").read().splitlines()[1:])
    number = lambda name: int(facts[name].split()[0])
    return number("Rss"), number("Pss"), number("Private_Clean") + number("Private_Dirty")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stemma")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--user", type=int)
    options = parser.parse_args()
    who = {"user": options.user, "group": options.user, "extra_groups": []} if options.user else {}
    with tempfile.TemporaryDirectory(prefix="stemma-sandbox-bench-") as home:
        os.chmod(home, 0o777)
        status = os.path.join(home, "status.json")
        for label, disk, limit in (("small disk", "16MiB", 25), ("ext4 disk", "64MiB", 60)):
            words = [options.stemma, "sandbox", "run", "--work", os.path.join(home, "work"), "--disk", disk, *BUDGETS]
            os.makedirs(os.path.join(home, "work"), exist_ok=True)
            os.chmod(os.path.join(home, "work"), 0o777)
            inside, whole = [], []
            for _ in range(options.runs):
                start = time.monotonic()
                subprocess.run(words + ["--status", status, "--", "true"], check=True, stdin=subprocess.DEVNULL, **who)
                whole.append(1000 * (time.monotonic() - start))
                inside.append(1000 * json.load(open(status))["wall"])
            held = json.load(open(status))["guards"]["disk"]
            print(f"{label} ({held}): in the sandbox median {statistics.median(inside):.1f} ms, whole command median "
                  f"{statistics.median(whole):.1f} ms, 95 of 100 within {sorted(whole)[len(whole) * 95 // 100]:.1f} ms "
                  f"(asked: under {limit} ms as root)")
        running = subprocess.Popen(words + ["--", "sleep", "3"], stdin=subprocess.DEVNULL, **who)
        time.sleep(1.5)
        rss, pss, private = private_kilobytes(running.pid)
        running.wait()
        print(f"supervisor: {private / 1024:.1f} MB of its own, {pss / 1024:.1f} MB with its part of what is shared, "
              f"{rss / 1024:.1f} MB resident (asked: under 10 MB per run)")


if __name__ == "__main__":
    main()
