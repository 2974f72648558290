#!/usr/bin/env python3
"""Drives an optimiser through `stemma ask`, `tell` and `wait`.

usage: drive.py [--stemma PROGRAM] [--store PATH] [--sampler optuna|random] CAMPAIGN
Ends when the campaign takes nothing more.
"""
import argparse
import json
import random
import subprocess


def stemma(arguments, *words):
    store = ["--store", arguments.store] if arguments.store else []
    done = subprocess.run([arguments.stemma, *words, *store], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def distribution(parameter):
    import optuna.distributions as known

    kind, logarithmic = parameter["type"], parameter.get("scale") == "log"
    if kind == "integer":
        return known.IntDistribution(parameter["minimum"], parameter["maximum"], log=logarithmic)
    if kind == "number":
        return known.FloatDistribution(parameter["minimum"], parameter["maximum"], log=logarithmic)
    return known.CategoricalDistribution(parameter.get("choices", [True, False]))


class Random:
    """The same as Optuna's study, for a machine without it."""

    def __init__(self, space, seed):
        self.space, self.draw = space, random.Random(seed)

    def ask(self):
        def one(parameter):
            if parameter["type"] == "integer":
                return self.draw.randint(parameter["minimum"], parameter["maximum"])
            if parameter["type"] == "number":
                return self.draw.uniform(parameter["minimum"], parameter["maximum"])
            return self.draw.choice(parameter.get("choices", [True, False]))

        return {parameter["name"]: one(parameter) for parameter in self.space}

    def tell(self, point, value):
        pass


class Optuna:
    def __init__(self, space, seed, direction, trials):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.states = optuna.trial.TrialState
        self.space = {parameter["name"]: distribution(parameter) for parameter in space}
        self.study = optuna.create_study(direction=direction, sampler=optuna.samplers.TPESampler(seed=seed))
        for trial in trials:
            if trial.get("value") is not None:
                self.study.add_trial(optuna.trial.create_trial(
                    params=trial["parameters"], distributions=self.space, value=trial["value"]))

    def ask(self):
        self.trial = self.study.ask(self.space)
        return self.trial.params

    def tell(self, point, value):
        if value is None:
            self.study.tell(self.trial, state=self.states.FAIL)
        else:
            self.study.tell(self.trial, value)


def text(value):
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("campaign")
    parser.add_argument("--stemma", default="stemma")
    parser.add_argument("--store")
    parser.add_argument("--sampler", choices=["optuna", "random"], default="optuna")
    arguments = parser.parse_args()
    question = stemma(arguments, "ask", arguments.campaign)
    space = question["parameters"]
    if arguments.sampler == "random":
        optimiser = Random(space, question["seed"])
    else:
        # Optuna spells what Stemma calls minimise and maximise with a z.
        direction = question["campaign"]["objectives"][0]["direction"].replace("ise", "ize")
        optimiser = Optuna(space, question["seed"], direction, question["trials"])
    while "refusal" not in stemma(arguments, "ask", arguments.campaign):
        point = optimiser.ask()
        words = [word for name in sorted(point) for word in ("--set", f"{name}={text(point[name])}")]
        try:
            told = stemma(arguments, "tell", *words, "--campaign", arguments.campaign, "--as", "optimiser",
                          "--format", "json")
            outcome = stemma(arguments, "wait", told["key"], "--format", "json", "--timeout", "10m")
        except RuntimeError as error:
            print(f"not taken: {error}", flush=True)
            optimiser.tell(point, None)
            continue
        optimiser.tell(point, outcome.get("value"))
        print(f'{outcome["proposal"]} {outcome["status"]} {outcome.get("value")} {point}', flush=True)


main()
