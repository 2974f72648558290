"""Scores a neural character model on texts that no run can see, in bits per character.

It loads arrays (never pickled objects) and computes the network itself, with a softmax over exactly
the declared alphabet: what it scores is a probability distribution by construction. A model that
folds capitals into small letters has another alphabet and is invalid.

usage: evaluate.py RUN HIDDEN     (one JSON answer goes to descriptor 3, or to standard output)
"""
import json
import os
import pathlib
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(f"{sys.executable} has no numpy; install it with: apt-get install python3-numpy")

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ("embedding", "weights1", "bias1", "weights2", "bias2")


class Invalid(Exception):
    """The model may not be scored at all."""


def load(run: pathlib.Path, alphabet: list) -> tuple:
    """The description and the arrays, with every shape checked against the declared alphabet."""
    try:
        described = json.loads((run / "model.json").read_text(encoding="ascii"))
        with np.load(run / "model.npz", allow_pickle=False) as stored:
            model = {name: np.asarray(stored[name], dtype=np.float64) for name in NAMES}
        context, alphabet_of_model = described["context"], described["alphabet"]
        activation = described["activation"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Invalid(f"the model cannot be read: {error}") from error
    if alphabet_of_model != alphabet:
        raise Invalid("the model's alphabet is not the declared one")
    if activation not in ("tanh", "relu") or not isinstance(context, int) or context < 1:
        raise Invalid("the activation is tanh or relu, and the context a positive number")
    hidden, width = model["bias1"].size, model["embedding"].shape[-1]
    shapes = {"embedding": (len(alphabet), width), "weights1": (context * width, hidden),
              "bias1": (hidden,), "weights2": (hidden, len(alphabet)), "bias2": (len(alphabet),)}
    for name, shape in shapes.items():
        if model[name].shape != shape:
            raise Invalid(f"{name} has the shape {model[name].shape}, not {shape}")
        if not np.isfinite(model[name]).all():
            raise Invalid(f"{name} holds something that is no finite number")
    return context, activation, model


def bits(text: str, position: dict, context: int, activation: str, model: dict) -> float:
    """Mean -log2 p over the characters that have a whole context before them."""
    codes = np.array([position[character] for character in text])
    targets = np.arange(context, len(codes))
    contexts = codes[targets[:, None] - np.arange(context, 0, -1)]
    sums = model["embedding"][contexts].reshape(len(targets), -1) @ model["weights1"]
    sums += model["bias1"]
    hidden = np.tanh(sums) if activation == "tanh" else np.maximum(sums, 0)
    outputs = hidden @ model["weights2"] + model["bias2"]
    outputs -= outputs.max(axis=1, keepdims=True)
    logarithms = outputs - np.log(np.exp(outputs).sum(axis=1, keepdims=True))
    return float(-logarithms[np.arange(len(targets)), codes[targets]].mean() / np.log(2))


def answer(run: pathlib.Path, hidden: pathlib.Path) -> dict:
    alphabet = json.loads((HERE / "alphabet.json").read_text())
    position = {character: index for index, character in enumerate(alphabet)}
    topics = json.loads((hidden / "topics.json").read_text())
    try:
        context, activation, model = load(run, alphabet)
        if context >= min(len(text) for text in topics.values()):
            raise Invalid("the context is longer than a topic")
        items = []
        for name, text in sorted(topics.items()):
            value = bits(text, position, context, activation, model)
            items.append({"id": name, "cluster": name, "weight": len(text) - context,
                          "values": {"bits_per_character": value}})
    except Invalid as reason:
        return {"version": 1, "valid": False, "reason": str(reason), "metrics": {}}
    weight = sum(item["weight"] for item in items)
    mean = sum(item["values"]["bits_per_character"] * item["weight"] for item in items) / weight
    return {"version": 1, "valid": True, "items": items,
            "metrics": {"bits_per_character": mean,
                        "parameters": sum(int(value.size) for value in model.values())}}


def main() -> None:
    result = json.dumps(answer(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
    try:
        os.write(3, result.encode())
    except OSError:
        print(result)


main()
