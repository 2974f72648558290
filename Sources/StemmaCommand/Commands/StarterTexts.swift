// The two programs of the smallest campaign that runs: what proposals change, and what judges it.
// Both need Python's standard library only. A test runs them through a whole campaign.

enum StarterTexts {
  /// `source/train.py`.
  static let train = #"""
    """What is to be improved: a logistic regression, fitted by gradient descent.

    Replace it by your own. It must take what the campaign's [run] command gives it, and leave its
    result in the folder --output.
    """
    import argparse
    import json
    import math
    import pathlib
    import random

    arguments = argparse.ArgumentParser()
    arguments.add_argument("--learning-rate", type=float, required=True)
    arguments.add_argument("--seed", type=int, required=True)
    arguments.add_argument("--output", type=pathlib.Path, required=True)
    options = arguments.parse_args()

    # A line is: label, then the features.
    lines = pathlib.Path("train.csv").read_text().split()
    rows = [[float(field) for field in line.split(",")] for line in lines]
    randomness = random.Random(options.seed)
    weights = [randomness.gauss(0, 0.1) for _ in rows[0]]
    for _ in range(20):
        # The seed decides which rows are seen, and in which order.
        for label, *features in randomness.choices(rows, k=len(rows)):
            inputs = [1.0, *features]
            guess = 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, inputs))))
            weights = [w + options.learning_rate * (label - guess) * x
                       for w, x in zip(weights, inputs)]

    options.output.mkdir(exist_ok=True)
    (options.output / "model.json").write_text(json.dumps(weights))

    """#

  /// `evaluator/evaluate.py`.
  static let evaluate = #"""
    """What judges a run. It alone sees the answers, and it computes every score itself.

    It writes one JSON object to descriptor 3; what it prints counts for nothing. docs/campaign.md
    describes the object.
    """
    import argparse
    import json
    import math
    import os
    import pathlib

    arguments = argparse.ArgumentParser()
    arguments.add_argument("--run", type=pathlib.Path, required=True)
    arguments.add_argument("--answers", type=pathlib.Path, required=True)
    options = arguments.parse_args()


    def judge():
        lines = (options.answers / "points.csv").read_text().split()
        rows = [[float(field) for field in line.split(",")] for line in lines]
        try:
            weights = [float(w) for w in json.loads((options.run / "model.json").read_text())]
        except (OSError, ValueError, TypeError) as error:
            return {"version": 1, "valid": False, "reason": f"no model: {error}", "metrics": {}}
        if len(weights) != len(rows[0]) or not all(map(math.isfinite, weights)):
            return {"version": 1, "valid": False, "reason": "not of this task", "metrics": {}}
        items = []
        for number, (label, *features) in enumerate(rows):
            score = sum(w * x for w, x in zip(weights, [1.0, *features]))
            score = max(-30.0, min(30.0, score))
            loss = math.log1p(math.exp(-score if label else score))
            items.append({"id": f"point-{number}", "values": {"loss": loss}})
        mean = sum(item["values"]["loss"] for item in items) / len(items)
        return {"version": 1, "valid": True, "metrics": {"loss": mean}, "items": items}


    os.write(3, json.dumps(judge()).encode())

    """#
}
