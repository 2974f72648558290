#!/usr/bin/env python3
"""How well briefs find what is related, on real histories, against plain baselines.

usage: tools/retrieval.py [STEMMA [DATA]]     (default .build-release/stemma ../shared/data)

Histories become stores in which, as the loop records it, every proposal is based on the best one so
far. Each later proposal is asked about, and what came after it is passed over. What is related is taken
from the histories, never from the index:
  track3     parents that the author of an experiment names (modded-nanogpt, 46 results)
  knobs      experiments that change the same constant or name the same knob (autoresearch, 126);
             only those that failed before count, for "are the failed repetitions found"; asked of the
             whole ranking, and of its failed ones, which a brief shows first
  nasbench   architectures at edit distance 1 among 1,500 drawn; parameters only
Baselines: recency, best-k by the metric, words only (the words that both have, weighted by rarity).
"""
import csv, json, math, os, random, re, subprocess, sys, tempfile

STEMMA = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build-release/stemma")
DATA = sys.argv[2] if len(sys.argv) > 2 else "../shared/data"
KS = (1, 3, 5, 10)


def words(text):
    return {w.rstrip("s") if len(w) > 3 else w for w in re.findall(r"[a-z0-9.]{2,}", text.lower())}


def track3():
    rows = list(csv.DictReader(open(f"{DATA}/modded-nanogpt/track3_results.tsv"), delimiter="\t"))
    place = {r["id"]: i for i, r in enumerate(rows)}
    items, related = [], {}
    for i, r in enumerate(rows):
        # The text must not give the answer away by naming its parents.
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", r["description"])
        text = re.sub(r"#\d+", "", text)
        items.append({"title": text[:300], "hypothesis": "", "value": float(r["steps"].rstrip("(!)")),
                      "failed": False})
        parents = {place[str(p)] for p in json.loads(r["parents"]) if str(p) in place and place[str(p)] < i}
        if parents:
            related[i] = parents
    return "track3: named parents", items, related


KNOB = re.compile(r"\b(warmdown|warmup|weight decay|wd|batch|depth|aspect|window|head[_ ]?dim|embedding lr|"
                  r"embed lr|unembedding|matrix lr|scalar lr|muon|momentum|betas?|adam|softcap|rope|"
                  r"value emb\w*|ve|init|mlp|activation|gelu|relu|swiglu|dropout|seed|label smoothing|"
                  r"lr decay|final lr|cosine|clip\w*|x0|resid\w*|kv|norm|z-loss|ns steps)\b", re.I)


def knobs():
    rows = json.load(open(f"{DATA}/autoresearch/mar8_experiments.json"))
    items, touched = [], []
    for r in rows:
        diff = r.get("diff") or ""
        names = set(re.findall(r"^[+-]\s*([A-Z][A-Z_0-9]{3,})\s*=", diff, re.M))
        found = {m.lower() for m in KNOB.findall(r["description"])}
        touched.append((names, found))
        items.append({"title": r["description"], "hypothesis": "", "value": r["val_bpb"] or 9,
                      "failed": r["status"] != "keep", "diff": diff})
    related = {}
    for i, (names, found) in enumerate(touched):
        if len(found) + len(names) == 0:
            continue
        like = {j for j in range(i) if items[j]["failed"] and
                ((names & touched[j][0]) or (len(found & touched[j][1]) >= min(2, len(found))))}
        if like:
            related[i] = like
    return "knobs: failed on the same knob", items, related


def nasbench():
    rows = list(csv.reader(open(f"{DATA}/nasbench201/cifar10.csv")))
    head, rows = rows[0], rows[1:]
    random.Random(7).shuffle(rows)
    rows = rows[:1500]
    items = []
    for r in rows:
        code = r[0].zfill(6)
        items.append({"title": "architecture", "hypothesis": "", "value": -float(r[1]), "failed": False,
                      "parameters": {f"edge{n}": f"op{c}" for n, c in enumerate(code)}, "code": code})
    related = {}
    for i in range(1000, 1500, 5):
        like = {j for j in range(i) if sum(a != b for a, b in zip(items[i]["code"], items[j]["code"])) == 1}
        if like:
            related[i] = like
    return "nasbench: edit distance 1", items, related


def incumbents(items):
    """The best before each, by the metric; none before the first."""
    best, bases = None, []
    for i, item in enumerate(items):
        bases.append(best)
        if best is None or item["value"] < items[best]["value"]:
            best = i
    return bases


def store(items, folder):
    subprocess.run([STEMMA, "init", folder], check=True, capture_output=True)
    path = f"{folder}/graph.csv"
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["id", "kind", "title", "hypothesis", "status", "changeHash", "tree", "parameters"])
        for i, item in enumerate(items):
            out.writerow([i, "parameters", item["title"], item["hypothesis"] or "-",
                          "refuted" if item["failed"] else "confirmed", f"h{i}", "t",
                          json.dumps(item.get("parameters", {}), sort_keys=True)])
    with open(f"{folder}/based.csv", "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["child", "parent"])
        out.writerows((i, base) for i, base in enumerate(incumbents(items)) if base is not None)
    ends = {end: {"column": column, "label": "Proposal"} for end, column in (("from", "child"), ("to", "parent"))}
    json.dump({"nodes": [{"file": "graph.csv", "label": "Proposal", "id": "id", "columns": {
        c: "STRING" for c in ("kind", "title", "hypothesis", "status", "changeHash", "tree", "parameters")}}],
        "edges": [{"file": "based.csv", "type": "BASED_ON", "columns": {}, **ends}]}, open(f"{folder}/mapping.json", "w"))
    subprocess.run([STEMMA, "import", "csv", "--mapping", f"{folder}/mapping.json", "--store",
                    f"{folder}/.stemma"], check=True, capture_output=True)


def by_brief(items, wanted, folder):
    """One session of the context server for all questions; later proposals are passed over."""
    lines, order = [], sorted(wanted)
    for i in order:
        lines.append(json.dumps({"jsonrpc": "2.0", "id": i, "method": "tools/call", "params": {
            "name": "tried_before", "arguments": {"key": f"P{i + 1}", "limit": 100}}}))
    out = subprocess.run([STEMMA, "mcp", "--store", f"{folder}/.stemma"], input="\n".join(lines) + "\n",
                         capture_output=True, text=True, check=True).stdout
    found = {}
    for line in out.splitlines():
        answer = json.loads(line)
        rows = answer["result"]["structuredContent"]["rows"]
        found[answer["id"]] = [int(r["key"][1:]) - 1 for r in rows if int(r["key"][1:]) - 1 < answer["id"]]
    return found


def by_words(items, i):
    earlier = [words(items[j]["title"]) for j in range(i)]
    count = {}
    for have in earlier:
        for w in have:
            count[w] = count.get(w, 0) + 1
    mine = words(items[i]["title"])
    score = lambda j: sum(math.log(1 + (i + .5) / (count.get(w, 0) + .5)) for w in mine & earlier[j])
    return sorted(range(i), key=lambda j: (-score(j), -j))


def main():
    print("| history | questions | ranking | " + " | ".join(f"found in first {k}" for k in KS) + " | MRR |")
    print("|---|---|---|" + "---|" * (len(KS) + 1))
    for name, items, related in (track3(), knobs(), nasbench()):
        with tempfile.TemporaryDirectory() as folder:
            store(items, folder)
            briefs = by_brief(items, related, folder)
        rankings = {
            "brief": briefs,
            "words only": {i: by_words(items, i) for i in related},
            "recency": {i: list(range(i - 1, -1, -1)) for i in related},
            "best-k": {i: sorted(range(i), key=lambda j: items[j]["value"]) for i in related},
        }
        if any(item["failed"] for item in items):
            for title in ("brief", "words only"):
                rankings[f"{title}, failed ones"] = {
                    i: [j for j in found if items[j]["failed"]] for i, found in rankings[title].items()}
        for title, ranking in rankings.items():
            cells = []
            for k in KS:
                share = [len(set(ranking[i][:k]) & r) / min(k, len(r)) for i, r in related.items()]
                cells.append(f"{sum(share) / len(share):.2f}")
            first = [next((1 / (n + 1) for n, j in enumerate(ranking[i]) if j in r), 0) for i, r in related.items()]
            print(f"| {name} | {len(related)} | {title} | " + " | ".join(cells)
                  + f" | {sum(first) / len(first):.2f} |")


main()
