#!/usr/bin/env python3
"""What the built-in critic is worth: the built-in loop with and without it, at equal budgets, over the real table of
NAS-Bench-201.

usage: ablation.py STEMMA [--seeds 30] [--runs 150] [--slots 8] [--table FILE] [--csv FILE]

Each seed is one campaign with the critic (historian) and one with `critics = []`: same proposer, same budget of runs,
after which the campaign ends by itself. Counted from the graph, never from what the loop prints:
  duplicates   runs of proposals whose canonical change an earlier proposal of the campaign already had and ran
  failures     those of them whose earlier twin had failed (not in the table) or was refuted, screened out or not told apart
  architectures  different cells that were run
  best         the mean accuracy over the table's three seeds of the campaign's last incumbent, never seen by the loop
Means with 95 % intervals (Student's t over seeds), and of the paired difference. Skipped, and said so, without the table.
"""
import argparse, json, math, os, re, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "../../../shared/data/nasbench201/cifar10.csv")
PROPOSALS = """MATCH (p:Proposal) OPTIONAL MATCH (r:Run)-[:EXECUTES]->(p) WHERE r.purpose = p.key
WITH p, count(r) AS runs ORDER BY id(p)
RETURN p.key AS key, p.kind AS kind, p.assignments AS assignments, p.status AS status, runs"""
INCUMBENT = """MATCH (c:Comparison {stage: 'confirm', verdict: 'better'})-[:COMPARES]->(p:Proposal {status: 'confirmed'})
RETURN p.assignments AS assignments ORDER BY id(c) DESC LIMIT 1"""
LOST = {"failed", "refuted", "screened", "indistinguishable", "invalid"}


def student(freedom, quantile=0.975):
    """The quantile of Student's t, by bisection of its distribution (numerical integration)."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    density = lambda x: scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        steps = 2_000
        width = middle / steps
        area = sum(density(i * width) + 4 * density((i + 0.5) * width) + density((i + 1) * width)
                   for i in range(steps)) * width / 6
        low, high = (middle, high) if 0.5 + area < quantile else (low, middle)
    return low


def interval(values):
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    half = student(len(values) - 1) * spread / math.sqrt(len(values))
    return f"{mean:8.3f} [{mean - half:.3f}, {mean + half:.3f}]"


def prepare(options, home, seed, has_critic):
    shutil.copytree(os.path.join(HERE, "campaign"), home)
    values = {"slots": options.slots, "table": os.path.abspath(options.table), "seeds": 1, "per_round": 5,
              "rounds": 1000, "proposer": 'kind = "search"'}
    text = open(os.path.join(home, "campaign.toml.in")).read()
    text = re.sub(r"@(\w+)@", lambda place: str(values[place[1]]), text)
    text = text.replace("\nseed = 11\n", f"\nseed = {seed}\n")
    text = text.rstrip() + f"\ncampaign = {{ runs = {options.runs} }}\n"
    if not has_critic:
        text = text.replace("format = 1\n", "format = 1\ncritics = []\n", 1)
    open(os.path.join(home, "campaign.toml"), "w").write(text)


def rows(stemma, home, text):
    answer = subprocess.run([stemma, "query", text, "--store", home, "--format", "json"], check=True,
                            capture_output=True).stdout
    return json.loads(answer)["rows"]


def cell(assignments):
    given = dict(part.split("=", 1) for part in assignments)
    return "".join(given.get(f"edge{place}", "1" if place == 0 else "0") for place in range(6))


def campaign(options, stemma, seed, has_critic, means):
    home = os.path.join(tempfile.mkdtemp(prefix="stemma-ablation-"), "campaign")
    prepare(options, home, seed, has_critic)
    subprocess.run([stemma, "init", home], check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run([stemma, "loop", "run", os.path.join(home, "campaign.toml"), "--store", home, "--quiet"],
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"seed {seed}: the loop failed: {done.stderr[-1000:]}")
    earlier, counts = {}, {"duplicates": 0, "failures": 0, "runs": 0, "proposals": 0, "rejected": 0}
    for row in rows(stemma, home, PROPOSALS):
        if row["kind"] == "baseline":
            earlier[cell(row["assignments"])] = row["status"]
            continue
        counts["proposals"] += 1
        counts["rejected"] += row["status"] == "rejected"
        counts["runs"] += row["runs"]
        if not row["runs"]:
            continue
        name = cell(row["assignments"])
        if name in earlier:
            counts["duplicates"] += row["runs"]
            counts["failures"] += row["runs"] if earlier[name] in LOST else 0
        earlier.setdefault(name, row["status"])
    best = rows(stemma, home, INCUMBENT)
    last = cell(best[0]["assignments"]) if best else "100000"
    shutil.rmtree(os.path.dirname(home))
    return counts | {"architectures": len(earlier), "best": means.get(last, float("nan"))}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stemma")
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--runs", type=int, default=150)
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument("--table", default=TABLE)
    parser.add_argument("--csv", help="write one line per campaign")
    options = parser.parse_args()
    if not os.path.exists(options.table):
        print(f"skipped: there is no {options.table}")
        return
    if options.seeds < 2:
        sys.exit("an interval takes at least two seeds")
    means = {}
    with open(options.table) as lines:
        next(lines)
        for line in lines:
            name, *values = line.strip().split(",")
            means[name] = sum(map(float, values)) / len(values)
    start, found = time.time(), {True: [], False: []}
    for seed in range(1, options.seeds + 1):
        for has_critic in (True, False):
            found[has_critic].append(campaign(options, os.path.abspath(options.stemma), seed, has_critic, means))
    if options.csv:
        with open(options.csv, "w") as out:
            names = list(found[True][0])
            out.write("seed,critic," + ",".join(names) + "\n")
            for seed in range(options.seeds):
                for has_critic in (True, False):
                    values = found[has_critic][seed]
                    out.write(f"{seed + 1},{int(has_critic)}," + ",".join(str(values[name]) for name in names) + "\n")
    print(f"{options.seeds} seeds, {options.runs} runs each, noise runs included, {time.time() - start:.0f} s; "
          "mean [95 % interval]\n")
    print(f"{'':14} {'with critic':28} {'without':28} difference")
    for name in ("proposals", "rejected", "runs", "duplicates", "failures", "architectures", "best"):
        left, right = ([counts[name] for counts in found[side]] for side in (True, False))
        paired = [a - b for a, b in zip(left, right)]
        print(f"{name:14} {interval(left):28} {interval(right):28} {interval(paired)}")


if __name__ == "__main__":
    main()
