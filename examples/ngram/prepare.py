#!/usr/bin/env python3
"""How the texts of this example were made: the help topics in Python's own library, split by topic.

The results are committed, because the texts differ between versions of Python. Run it only to make
them anew: every number in the README changes with them.
"""
import hashlib
import json
import pathlib
import random
import re

from pydoc_data.topics import topics

HERE = pathlib.Path(__file__).resolve().parent
TOPIC_CHARACTERS = 1_200
TRAINING_CHARACTERS = 110_000


def cleaned(text: str) -> str:
    """Printable ASCII and newlines; runs of blank lines and of spaces become one."""
    text = "".join(c if c == "\n" or " " <= c <= "~" else " " for c in text)
    text = re.sub(r"[ \t]+", " ", text)
    return re.sub(r"\n\s*\n+", "\n\n", text).strip() + "\n"


def main() -> None:
    names = sorted(name for name in topics if len(cleaned(topics[name])) >= 500)
    random.Random(20_260).shuffle(names)
    holdout, validation, training = names[:24], names[24:48], names[48:]
    for split, chosen in (("validation", validation), ("holdout", holdout)):
        items = {name: cleaned(topics[name])[:TOPIC_CHARACTERS] for name in sorted(chosen)}
        write(HERE / "data" / split / "topics.json", json.dumps(items, indent=1) + "\n")
    text = "\f".join(cleaned(topics[name]) for name in training)[:TRAINING_CHARACTERS]
    write(HERE / "source" / "training.txt", text)
    alphabet = ["\n"] + [chr(code) for code in range(32, 127)]
    write(HERE / "evaluator" / "alphabet.json", json.dumps(alphabet) + "\n")


def write(path: pathlib.Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")
    print(hashlib.sha256(text.encode()).hexdigest()[:16], len(text), path.relative_to(HERE))


main()
