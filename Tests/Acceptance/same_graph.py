"""Whether two stores of one campaign hold the same graph: everything that `stemma export` writes, except when something
happened, what was measured of the machine, the numbers of keys (several slots end in any order), and what an
interruption itself leaves: lost attempts with their charges, and the guards' checks at each start.

usage: same_graph.py STEMMA STORE STORE
"""
import hashlib, json, os, re, subprocess, sys

# What a start of the runner or a lost attempt adds.
INTERRUPTIONS = {"Attempt", "Charge", "GuardCheck"}
# What was measured of a process, and the statement of it with its signature. What came out is beside it.
MEASURED = {"latencyMilliseconds", "wallSeconds", "cpuSeconds", "peakMemoryBytes", "costSeconds", "statement", "signature"}
KEY = re.compile(r"\b[A-Z]{1,3}[0-9]+\b")
SECONDS = re.compile(r"\b[0-9][0-9.,]* s\b")


def plain(value):
    """A value without times, seconds in texts, and the numbers of keys."""
    if isinstance(value, dict):
        return "a time" if "$dateTime" in value else {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return SECONDS.sub("SECONDS", KEY.sub("KEY", value)) if isinstance(value, str) else value


def digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def read(stemma, home):
    """The nodes, each as text that names its neighbours by what they are, sorted."""
    text = subprocess.run([stemma, "export", "--store", home], check=True, capture_output=True, text=True).stdout
    # References to data name where the campaign lies.
    text = text.replace(os.path.abspath(home), "HOME")
    nodes, edges = {}, []
    for line in map(json.loads, text.splitlines()):
        if "node" in line:
            if line["labels"][0] not in INTERRUPTIONS:
                kept = {name: plain(value) for name, value in line["properties"].items() if name not in MEASURED}
                nodes[line["node"]] = [line["labels"], kept]
        elif "edge" in line:
            edges.append((line["edge"], line["from"], line["to"], plain(line.get("properties", {}))))
    edges = [edge for edge in edges if edge[1] in nodes and edge[2] in nodes]
    # What a node is takes in its neighbours, theirs, and so on: as far as tells any two apart here.
    names = {key: digest(node) for key, node in nodes.items()}
    for _ in range(6):
        around = {key: [] for key in nodes}
        for kind, source, target, properties in edges:
            around[source].append(["to", kind, properties, names[target]])
            around[target].append(["from", kind, properties, names[source]])
        names = {key: digest([names[key], sorted(map(json.dumps, around[key]))]) for key in nodes}
    return {"nodes": nodes, "names": names, "edges": len(edges)}


def differences(one, other):
    """A few lines on what only one of them has; empty where they are the same."""
    found = []
    for title, left, right in (("missing", one, other), ("extra", other, one)):
        rest = sorted(right["names"].values())
        counts = {name: rest.count(name) for name in set(rest)}
        for key, name in left["names"].items():
            if counts.get(name, 0) > 0:
                counts[name] -= 1
            else:
                found.append(f"{title} {key} {json.dumps(left['nodes'][key])}")
    # Whoever differs makes its neighbours differ; those that differ by themselves come first.
    own = [{digest(node) for node in side["nodes"].values()} for side in (one, other)]
    return sorted(found, key=lambda line: digest(json.loads(line.split(" ", 2)[2])) in own[0] & own[1])


def main():
    stemma, *homes = sys.argv[1:]
    one, other = (read(stemma, home) for home in homes)
    found = differences(one, other)
    for line in found[:20]:
        print(line[:1000])
    print(f"{len(one['nodes'])} and {len(other['nodes'])} nodes, {one['edges']} and {other['edges']} edges: "
          + (f"{len(found)} differ" if found else "the same"))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
