"""Measure the default model on PTB-XL's `valid` recordings: five superclasses as yes/no questions through the batch.

    python tools/first_figures.py DATA OUT [--model FOLDER] [--wordings 3]

DATA holds ptbxl/. Prints, for each superclass and their mean: AUC with a patient bootstrap interval, the AUC with
another patient's ECG (20 derangements), the linear probe on the model's own tower, and the floors from text alone and
from age, sex, device and site. These are figures on `valid`, on which weights and settings were selected.
"""

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from einthoven.ask_batch import answer_batch
from einthoven.core.findings import SUPERCLASS_NAMES, superclasses
from einthoven.core.rng import rng
from einthoven.records.datasets import Row, load_dataset

Floats = NDArray[np.float64]
QUESTIONS = {
    # one sentence of train's wording, one of valid's, one of neither
    "NORM": ("Is this ECG normal?", "Is this recording free of abnormalities?", "Is the ECG within normal limits?"),
    "MI": ("Does this ECG show {x}?", "Looking at the tracing, is {x} there?", "Is there any sign of {x}?"),
}
NAMES = {
    "MI": "myocardial infarction",
    "STTC": "an ST/T change",
    "CD": "a conduction disturbance",
    "HYP": "hypertrophy",
}


def question(name: str, wording: int) -> str:
    """Return the yes/no question for a superclass."""
    return QUESTIONS.get(name, QUESTIONS["MI"])[wording].format(x=NAMES.get(name, ""))


def ask_all(rows: list[Row], wordings: int, out: Path, model: str) -> Floats:
    """Return P(yes), (wordings, N, 5), asking through the batch."""
    lines = [
        {"id": f"{row.id}/{name}/{w}", "ecg": [str(row.path.resolve())], "question": question(name, w),
         "options": ["yes", "no"]}
        for row in rows for name in SUPERCLASS_NAMES for w in range(wordings)
    ]  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    (out / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    answer_batch(out / "questions.jsonl", out / "answers.jsonl", model)
    answers = [json.loads(line) for line in (out / "answers.jsonl").read_text().splitlines()]
    if errors := [answer["error"] for answer in answers if "error" in answer]:
        raise SystemExit(f"{len(errors)} questions have no answer, the first: {errors[0]}")
    said = {answer["id"]: answer["options"]["yes"] for answer in answers}
    grid = [[[said[f"{row.id}/{n}/{w}"] for n in SUPERCLASS_NAMES] for row in rows] for w in range(wordings)]
    return np.array(grid)


def truth(rows: list[Row]) -> NDArray[np.int64]:
    """Return (N, 5): 1 where a recording carries the superclass at any likelihood."""
    return np.array([[name in superclasses(row.labels) for name in SUPERCLASS_NAMES] for row in rows], int)


def aucs(y: NDArray[np.int64], p: Floats) -> Floats:
    """Return the AUC of each class; NaN where a class has under 5 positives."""
    enough = [5 <= y[:, k].sum() < len(y) for k in range(y.shape[1])]
    return np.array([roc_auc_score(y[:, k], p[:, k]) if enough[k] else np.nan for k in range(y.shape[1])])


def interval(y: NDArray[np.int64], p: Floats, patients: list[str], draws: int = 1000) -> tuple[float, float]:
    """Return the 95 % interval of the macro AUC; patients, not recordings, are drawn."""
    random = rng("bootstrap", "first figures")
    places: dict[str, list[int]] = {}
    for place, patient in enumerate(patients):
        places.setdefault(patient, []).append(place)
    groups = list(places.values())
    values: list[float] = []
    for _ in range(draws):
        chosen = np.concatenate([groups[i] for i in random.integers(len(groups), size=len(groups))])
        values.append(float(np.nanmean(aucs(y[chosen], p[chosen]))))
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def deranged(y: NDArray[np.int64], p: Floats, patients: list[str], times: int = 20) -> Floats:
    """Return macro AUCs where every question is answered with the ECG of another patient."""
    random, who = rng("derange", "first figures"), np.array(patients)
    values: list[float] = []
    while len(values) < times:
        order = random.permutation(len(who))
        for place in np.flatnonzero(who[order] == who):
            other = int(random.integers(len(who)))
            order[place], order[other] = order[other], order[place]
        if (who[order] != who).all():
            values.append(float(np.nanmean(aucs(y, p[order]))))
    return np.array(values)


def probe(train: list[Row], valid: list[Row], model: str) -> Floats:
    """Return the AUCs of a linear probe (logistic regression) on the summary of the model's own tower."""
    from einthoven.ask import load_model

    x_train, x_valid = (summaries(rows, load_model(model)) for rows in (train, valid))
    return linear(x_train, truth(train), x_valid, truth(valid))


def summaries(rows: list[Row], model: Any) -> Floats:
    """Return (N, D), what the tower says of the whole of each recording."""
    import torch

    from einthoven.records.read import read
    from einthoven.runtime.arrays import tower_input

    out = []
    with torch.inference_mode():
        for row in rows:
            item = tower_input(read(row.path))
            x, mask = torch.from_numpy(item.x_LS)[None], torch.from_numpy(item.mask_L)[None]
            out.append(model.answerer.backend.model.read_ecgs(x, mask).summary_BD[0].numpy())
    return np.array(out)


def linear(x: Floats, y: NDArray[np.int64], x_valid: Floats, y_valid: NDArray[np.int64]) -> Floats:
    """Fit one logistic regression a class on train; return AUCs on valid."""
    scores = []
    for k in range(y.shape[1]):
        fitted = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000)).fit(x, y[:, k])
        scores.append(fitted.decision_function(x_valid))
    return aucs(y_valid, np.stack(scores, 1))


def text_only(count: int, wordings: int, model: str) -> Floats:
    """Return P(yes) without any ECG, (count, 5): each row asks in a wording drawn at random."""
    from einthoven.ask import load_model
    from einthoven.core.sample import ask_sample
    from einthoven.runtime.prompt import default_tokenizer, prompts
    from einthoven.runtime.protocols import Asked

    backend, table = load_model(model).answerer.backend, np.zeros((wordings, len(SUPERCLASS_NAMES)))
    for wording in range(wordings):
        for place, name in enumerate(SUPERCLASS_NAMES):
            sample = ask_sample(question(name, wording), (), ("yes", "no"))
            yes, no = backend.score([Asked(prompts(sample, 0, default_tokenizer())[0], ())])[0]
            table[wording, place] = 1 / (1 + np.exp(no - yes))
    return table[rng("text only", "first figures").integers(wordings, size=count)]


def person_table(root: Path, rows: list[Row]) -> Floats:
    """Return age, whether it is known, sex, and one column for each device and site that the rows hold."""
    with (root / "ptbxl" / "ptbxl_database.csv").open(newline="") as stream:
        lines = {line["ecg_id"]: line for line in csv.DictReader(stream)}
    wanted = [lines[row.id] for row in rows]
    ages = np.array([min(float(line["age"] or 60), 90) for line in wanted])
    columns = [ages, ages**2 / 100, np.array([line["sex"] == "1" for line in wanted], float)]
    for key, values in (("device", DEVICES), ("site", [f"{site}.0" for site in range(52)])):
        columns += [np.array([line[key].strip() == value for line in wanted], float) for value in values]
    return np.stack(columns, 1).astype(float)


DEVICES = ("CS-12   E", "CS-12", "CS100    3", "CS-10   E", "CS-100", "CS-10", "AT-6     6", "AT-6 C", "AT-6 C 5.5",
           "AT-6 C 5.8", "AT-60    3")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", default="default")
    parser.add_argument("--wordings", type=int, default=3)
    parser.add_argument("--no-probe", action="store_true")
    args = parser.parse_args()
    rows = list(load_dataset("ptbxl").load(args.data / "ptbxl"))
    train, valid = ([row for row in rows if row.split == split] for split in ("train", "valid"))
    y, patients = truth(valid), [row.patient for row in valid]
    table: dict[str, Any] = {"recordings": len(valid), "patients": len(set(patients)),
                             "positives": dict(zip(SUPERCLASS_NAMES, y.sum(0).tolist(), strict=True))}  # fmt: skip
    for wording, p in enumerate(ask_all(valid, args.wordings, args.out, args.model)):
        low, high = interval(y, p, patients)
        other = deranged(y, p, patients)
        table[f"wording {wording}"] = {
            "question": question("MI", wording), "auc": named(aucs(y, p)), "macro": float(np.nanmean(aucs(y, p))),
            "low": low, "high": high, "other patient": float(other.mean()), "other patient sd": float(other.std()),
        }  # fmt: skip
    table["text only"] = named(aucs(y, text_only(len(valid), args.wordings, args.model)))
    if not args.no_probe:
        table["probe"] = named(probe(train, valid, args.model))
    floor = linear(person_table(args.data, train), truth(train), person_table(args.data, valid), y)
    table["age, sex, device, site"] = named(floor)
    (args.out / "figures.json").write_text(json.dumps(table, indent=1) + "\n")
    print(json.dumps(table, indent=1))


def named(values: Floats) -> dict[str, float]:
    """Return name -> AUC with the macro mean."""
    return dict(zip(SUPERCLASS_NAMES, values.round(4).tolist(), strict=True)) | {"macro": float(np.nanmean(values))}


if __name__ == "__main__":
    main()
