#!/usr/bin/env python3
"""A proposer in forty lines: it reads one question as JSON and writes one answer as JSON.

It works through a notebook of ideas as a student would, good ones and bad ones: a duplicate, a trap, a
program that never ends and one that crashes are among them. After the last idea it draws at random.
Any program that speaks docs/provider-protocol.md can stand here, a language model behind it or not;
`kind = "search"` in campaign.toml is the built-in one.
"""
import json
import random
import sys

LONGER = "Longer contexts predict better."
IDEAS = [
    ("order 3", LONGER, {"order": 3}, [], -0.3, 0.7),
    ("tune the discount", "The best of all discounts beats a guess.", {}, ["tune-discount"],
     -0.05, 0.4),
    ("discount 0.75", "Counts of one are worth less than they say.", {"discount": 0.75}, [],
     -0.03, 0.5),
    ("order 3, again", LONGER, {"order": 3, "base": "first"}, [], -0.2, 0.6),
    ("predict both letters as one", "Capitals carry no meaning.", {}, ["lower-case"], -0.1, 0.6),
    ("order 4", LONGER, {"order": 4}, [], -0.1, 0.6),
    ("more text", "More text, fewer surprises.", {"fraction": 0.9}, [], -0.15, 0.8),
    ("train without headings", "Headings are not prose.", {}, ["skip-headings"], -0.05, 0.4),
    ("a little more text", "More text, fewer surprises.", {"fraction": 0.88}, [], -0.14, 0.7),
    ("count kinds, not times", "What follows many contexts follows new ones too (Kneser and Ney).",
     {}, ["kneser-ney"], -0.1, 0.6),
    ("gentle discount", "Rich contexts need less discount.", {}, ["gentle-discount"], -0.05, 0.5),
    ("Witten-Bell", "Rare contexts should trust shorter ones more.", {"smoothing": "witten-bell"},
     [], -0.03, 0.5),
    ("order 5", LONGER, {"order": 5}, [], -0.05, 0.5),
    ("discount 0.76", "A finer value may be better.", {"discount": 0.76}, [], -0.001, 0.2),
    ("read contexts in small letters", "Fewer contexts, better counts.", {"fold_context": True}, [],
     -0.02, 0.4),
]


def main() -> None:
    ask = json.load(sys.stdin)
    if ask["ordinal"] < len(IDEAS):
        title, hypothesis, changes, patches, effect, probability = IDEAS[ask["ordinal"]]
    else:
        draw = random.Random(ask["seed"])
        title, hypothesis, patches = "another discount", "It may help.", []
        effect, probability = -0.01, 0.2
        changes = {"discount": round(draw.uniform(0.1, 0.95), 2)}
    changes = dict(changes)
    base = ask["history"][0] if changes.pop("base", None) else ask["incumbent"]
    json.dump({"version": 1, "title": title, "hypothesis": hypothesis, "base": base["key"],
               "parameters": changes, "patches": base["patches"] + patches,
               "prediction": {"effect": effect, "probability": probability}}, sys.stdout)


main()
