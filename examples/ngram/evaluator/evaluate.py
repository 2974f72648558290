"""Scores a model file on texts that no run can see, topic by topic, in bits per character.

It reads the model as data and runs no code of the candidate. Before it scores anything it checks that
the model is a probability distribution over the declared alphabet: in every context the shares are not
negative and, with the rest, add up to 1. By induction over the length of contexts this holds for
everything that the model can be asked. A model that gives the capital and the small letter the full
probability of both fails here, however good its score would look.

usage: evaluate.py RUN HIDDEN     (one JSON answer goes to descriptor 3, or to standard output)
"""
import json
import math
import os
import pathlib
import sys

TOLERANCE = 1e-6
HERE = pathlib.Path(__file__).resolve().parent


class Invalid(Exception):
    """The model may not be scored at all."""


def load(path: pathlib.Path) -> dict:
    try:
        model = json.loads(path.read_text(encoding="ascii"))
    except (OSError, ValueError, RecursionError) as error:
        raise Invalid(f"there is no readable model.json: {error}") from error
    if not isinstance(model, dict) or not isinstance(model.get("table"), dict):
        raise Invalid("model.json holds no table")
    return model


def check(model: dict, alphabet: list) -> None:
    """Raises Invalid unless the table is a distribution over exactly the declared alphabet."""
    if model.get("alphabet") != alphabet:
        raise Invalid("the model's alphabet is not the declared one")
    order, fold = model.get("order"), model.get("fold_context")
    if not isinstance(order, int) or not 0 <= order <= 16 or not isinstance(fold, bool):
        raise Invalid("order must be 0 ... 16 and fold_context true or false")
    known, table = set(alphabet), model["table"]
    if "" not in table:
        raise Invalid("the empty context is missing")
    for context, entry in table.items():
        rest, direct = entry
        total = rest + sum(direct.values())
        if rest < -TOLERANCE or any(share < 0 for share in direct.values()):
            raise Invalid(f"a probability after {context!r} is negative")
        if not abs(total - 1) <= TOLERANCE:
            raise Invalid(
                f"the probabilities after {context!r} add up to {total:.4f}, not to 1")
        if not known.issuperset(direct):
            raise Invalid(f"after {context!r} there is a character outside the alphabet")


def bits(model: dict, text: str, size: int) -> float:
    """The sum over the characters of -log2 p(character | the characters before it)."""
    order, table = model["order"], model["table"]
    seen = text.lower() if model["fold_context"] else text
    total = 0.0
    for index, character in enumerate(text):
        probability, factor = 0.0, 1.0
        for length in range(min(order, index), -1, -1):
            entry = table.get(seen[index - length:index])
            if entry is not None:
                probability += factor * entry[1].get(character, 0.0)
                factor *= entry[0]
        probability += factor / size
        if probability <= 0:
            raise Invalid(f"the model gives {character!r} the probability 0")
        total -= math.log2(probability)
    return total


def answer(run: pathlib.Path, hidden: pathlib.Path) -> dict:
    alphabet = json.loads((HERE / "alphabet.json").read_text())
    topics = json.loads((hidden / "topics.json").read_text())
    try:
        model = load(run / "model.json")
        try:
            check(model, alphabet)
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            raise Invalid(f"model.json is not in form: {error}") from error
        items, total, characters = [], 0.0, 0
        for name, text in sorted(topics.items()):
            sum_of_bits = bits(model, text, len(alphabet))
            items.append({"id": name, "cluster": name, "weight": len(text),
                          "values": {"bits_per_character": sum_of_bits / len(text)}})
            total, characters = total + sum_of_bits, characters + len(text)
    except Invalid as reason:
        return {"version": 1, "valid": False, "reason": str(reason), "metrics": {}}
    return {"version": 1, "valid": True, "items": items,
            "metrics": {"bits_per_character": total / characters,
                        "contexts": len(model["table"])}}


def main() -> None:
    result = json.dumps(answer(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
    try:
        os.write(3, result.encode())
    except OSError:
        print(result)


main()
