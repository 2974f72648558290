#!/usr/bin/env python3
"""The same bookkeeping in Optuna: one trial per architecture and seed, SQLite storage, no sandbox, no process.

usage: optuna_same.py TABLE PROPOSALS SEEDS
"""
import os, random, sys, tempfile, time

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
table, proposals, seeds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rows = [line.strip().split(",") for line in open(table)][1:]
values = {row[0]: [float(value) for value in row[1:]] for row in rows}
names = sorted(values)
random.Random(11).shuffle(names)
with tempfile.TemporaryDirectory() as folder:
    study = optuna.create_study(storage=f"sqlite:///{os.path.join(folder, 'study.db')}", direction="maximize",
                                sampler=optuna.samplers.RandomSampler(seed=11))
    start = time.time()
    done = 0
    for name in names[:proposals]:
        for seed in range(seeds):
            study.enqueue_trial({f"edge{place}": int(digit) for place, digit in enumerate(name)} | {"seed": seed})
            trial = study.ask()
            cell = "".join(str(trial.suggest_int(f"edge{place}", 0, 4)) for place in range(6))
            accuracy = values[cell][trial.suggest_int("seed", 0, seeds - 1)]
            trial.set_user_attr("proposal", cell)
            trial.report(accuracy, 1)
            study.tell(trial, accuracy)
            done += 1
        if time.time() - start > 120:
            break
    seconds = time.time() - start
print(f"Optuna {optuna.__version__}: {done} trials recorded in {seconds:.1f} s: {done / seconds:.1f}/s, "
      f"{1000 * seconds / done:.2f} ms each, nothing run, nothing contained")
