"""Trains a character n-gram model and writes it as data: this file is what proposals change.

The model is a table of back-off distributions. For a context h and a character c

    p(c | h) = share(h, c) + rest(h) * p(c | h without its first character)

down to the empty context, whose rest goes to the uniform distribution over the alphabet. For every
context the shares and the rest add up to 1. The evaluator reads the table; it runs nothing from here.
"""
import collections
import json
import os
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
ALPHABET = ["\n"] + [chr(code) for code in range(32, 127)]


def parameters() -> dict:
    """What the runner hands over, or the file beside this one when run by hand."""
    given = os.environ.get("STEMMA_PARAMETERS")
    return json.loads(given) if given else json.loads((HERE / "parameters.json").read_text())


def sample(fraction: float, seed: int) -> str:
    """A share of the training paragraphs, drawn by the seed: this is where runs differ."""
    paragraphs = (HERE / "training.txt").read_text(encoding="ascii").replace("\f", "\n\n")
    pieces = paragraphs.split("\n\n")
    count = max(1, round(len(pieces) * fraction))
    chosen = sorted(random.Random(seed).sample(range(len(pieces)), count))
    return "\n\n".join(pieces[index] for index in chosen)


def counted(text: str, order: int, fold: bool) -> list:
    """For each length of context: context -> character -> count."""
    contexts = text.lower() if fold else text
    tables = []
    for length in range(order + 1):
        table = collections.defaultdict(collections.Counter)
        for index in range(length, len(text)):
            table[contexts[index - length:index]][text[index]] += 1
        tables.append(table)
    return tables


def shares(counts: collections.Counter, smoothing: str, discount: float) -> tuple:
    """The direct shares of the characters seen, and the rest that goes to the shorter context."""
    total, kinds = sum(counts.values()), len(counts)
    if smoothing == "witten-bell":
        return {c: n / (total + kinds) for c, n in counts.items()}, kinds / (total + kinds)
    if smoothing == "jelinek-mercer":
        return {c: (1 - discount) * n / total for c, n in counts.items()}, discount
    kept = {c: max(n - discount, 0) / total for c, n in counts.items()}
    return kept, 1 - sum(kept.values())


def main() -> None:
    chosen = parameters()
    text = sample(chosen["fraction"], int(os.environ.get("STEMMA_SEED", "0")))
    model = {}
    for table in counted(text, chosen["order"], chosen["fold_context"]):
        for context, counts in table.items():
            if context and sum(counts.values()) < chosen["min_count"]:
                continue
            direct, rest = shares(counts, chosen["smoothing"], chosen["discount"])
            model[context] = [rest, direct]
    output = pathlib.Path(os.environ.get("STEMMA_OUTPUT", HERE / "output"))
    output.mkdir(exist_ok=True)
    (output / "model.json").write_text(json.dumps({
        "alphabet": ALPHABET, "order": chosen["order"], "fold_context": chosen["fold_context"],
        "table": model}))
    print(f"{len(model)} contexts from {len(text)} characters")


main()
