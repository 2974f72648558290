"""Trains a small neural character model (an MLP over the last characters; Bengio et al., 2003).

It needs numpy. The work is a number of steps, not a time, so the same seed gives the same bits on a
busy machine as on an idle one. The model is written as arrays; the evaluator computes with them itself.
"""
import json
import math
import os
import pathlib
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(f"{sys.executable} has no numpy; install it with: apt-get install python3-numpy")

HERE = pathlib.Path(__file__).resolve().parent
ALPHABET = ["\n"] + [chr(code) for code in range(32, 127)]
STEPS = 600


def parameters() -> dict:
    """What the runner hands over, or the file beside this one when run by hand."""
    given = os.environ.get("STEMMA_PARAMETERS")
    return json.loads(given) if given else json.loads((HERE / "parameters.json").read_text())


def encoded(text: str) -> np.ndarray:
    position = {character: index for index, character in enumerate(ALPHABET)}
    return np.array([position[c] for c in text if c in position], dtype=np.int32)


def initial(chosen: dict, random: np.random.Generator) -> dict:
    inputs = chosen["context"] * chosen["embedding"]

    def normal(rows: int, columns: int, scale: float) -> np.ndarray:
        return (random.standard_normal((rows, columns)) * scale).astype(np.float32)

    return {
        "embedding": normal(len(ALPHABET), chosen["embedding"], 0.1),
        "weights1": normal(inputs, chosen["width"], 1 / math.sqrt(inputs)),
        "bias1": np.zeros(chosen["width"], np.float32),
        "weights2": normal(chosen["width"], len(ALPHABET), 0.5 / math.sqrt(chosen["width"])),
        "bias2": np.zeros(len(ALPHABET), np.float32),
    }


def gradients(model: dict, contexts: np.ndarray, targets: np.ndarray, activation: str) -> dict:
    """Back-propagation of the mean cross-entropy of one batch."""
    rows = np.arange(len(targets))
    inputs = model["embedding"][contexts].reshape(len(targets), -1)
    sums = inputs @ model["weights1"] + model["bias1"]
    hidden = np.tanh(sums) if activation == "tanh" else np.maximum(sums, 0)
    outputs = hidden @ model["weights2"] + model["bias2"]
    outputs -= outputs.max(axis=1, keepdims=True)
    error = np.exp(outputs)
    error /= error.sum(axis=1, keepdims=True)
    error[rows, targets] -= 1
    error /= len(targets)
    back = error @ model["weights2"].T
    back *= (1 - hidden * hidden) if activation == "tanh" else sums > 0
    embedding = np.zeros_like(model["embedding"])
    parts = (back @ model["weights1"].T).reshape(*contexts.shape, -1)
    np.add.at(embedding, contexts, parts)
    return {"embedding": embedding, "weights1": inputs.T @ back, "bias1": back.sum(axis=0),
            "weights2": hidden.T @ error, "bias2": error.sum(axis=0)}


def rate(step: int, chosen: dict) -> float:
    """The learning rate: a short warm-up, then the chosen schedule."""
    warm = min(1.0, (step + 1) / 50)
    done = step / STEPS
    shape = {"constant": 1.0, "linear": 1 - done,
             "cosine": 0.5 * (1 + math.cos(math.pi * done))}[chosen["schedule"]]
    return chosen["learning_rate"] * warm * shape


def main() -> None:
    chosen = parameters()
    random = np.random.default_rng(int(os.environ.get("STEMMA_SEED", "0")))
    text = encoded((HERE / "training.txt").read_text(encoding="ascii"))
    model, context = initial(chosen, random), chosen["context"]
    first = {name: np.zeros_like(value) for name, value in model.items()}
    second = {name: np.zeros_like(value) for name, value in model.items()}
    offsets = np.arange(context, 0, -1)
    for step in range(STEPS):
        targets = random.integers(context, len(text), chosen["batch"])
        slopes = gradients(
            model, text[targets[:, None] - offsets], text[targets], chosen["activation"])
        for name, slope in slopes.items():
            # Adam (Kingma and Ba, 2015) with decoupled weight decay.
            first[name] = 0.9 * first[name] + 0.1 * slope
            second[name] = 0.99 * second[name] + 0.01 * slope * slope
            scale = np.sqrt(second[name] / (1 - 0.99 ** (step + 1))) + 1e-8
            move = first[name] / (1 - 0.9 ** (step + 1)) / scale
            move += chosen["weight_decay"] * model[name]
            model[name] -= rate(step, chosen) * move
    output = pathlib.Path(os.environ.get("STEMMA_OUTPUT", HERE / "output"))
    output.mkdir(exist_ok=True)
    np.savez(output / "model.npz", **model)
    (output / "model.json").write_text(json.dumps({
        "alphabet": ALPHABET, "context": context, "activation": chosen["activation"]}))
    print(f"{sum(value.size for value in model.values())} parameters, {STEPS} steps")


main()
