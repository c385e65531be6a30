"""How long stored answers take to be scored, with intervals: 100,000 of them, 20,000 patients, 70 questions.

    python perf/scoring.py [--answers 100000]

Yes/no and five-option questions, half of each, with probabilities, as a file of JSON lines: read, marked, scored with
1,000 draws of patients, chance by 20 deals and a text-only level. Prints seconds of each step and the largest memory.
"""

import argparse
import json
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from einthoven.core.rng import rng
from einthoven.core.sample import Sample, ask_sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import marks
from einthoven.evaluate.scores import scores
from einthoven.evaluate.stored import read_answers

YES_NO, FIVE = ("yes", "no"), ("sinus rhythm", "atrial fibrillation", "atrial flutter", "paced rhythm", "other rhythm")
PATIENTS, GROUPS = 20_000, 70


def made_items(count: int) -> list[Item]:
    """Return questions with their right answers."""
    random = rng("perf", "scoring")
    patients, groups = random.integers(PATIENTS, size=count), random.integers(GROUPS, size=count)
    gold = random.random(count)
    return [_item(n, int(patients[n]), int(groups[n]), float(gold[n])) for n in range(count)]


def _item(number: int, patient: int, group: int, gold: float) -> Item:
    options = YES_NO if group % 2 else FIVE
    sample: Sample = ask_sample(f"Question {group}?", (f"ecg/{patient}",), options, id=str(number))
    answer = options[int(gold**2 * len(options))]
    return Item(replace(sample, answer=answer), (f"made/{patient}",), f"T{group}", f"type {group % 6}")


def made_answers(items: list[Item], path: Path) -> None:
    """Write an answer an item, right in about seven of ten, with probabilities."""
    random = rng("perf", "answers")
    with path.open("w", encoding="ascii") as file:
        for item in items:
            options = item.sample.options or ()
            weights = random.random(len(options)) + 0.4 * np.array([option in item.gold for option in options])
            p = np.round(weights / weights.sum(), 6)
            said = options[int(p.argmax())]
            line = {"id": item.id, "answer": said, "options": dict(zip(options, p.tolist(), strict=True)),
                    "confidence": float(p.max())}  # fmt: skip
            file.write(json.dumps(line) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=100_000)
    items = made_items(parser.parse_args().answers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.jsonl"
        made_answers(items, path)
        began = time.perf_counter()
        answers = read_answers(path, items)
        read = time.perf_counter()
        marked = marks(items, answers)
        done = time.perf_counter()
        found = scores(marked, marked)
        ended = time.perf_counter()
    print(f"{len(items)} answers: read {read - began:.1f} s, marked {done - read:.1f} s, scored {ended - done:.1f} s")
    print(f"all {ended - began:.1f} s; {len(found)} scores, e.g. accuracy {found['accuracy']}")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
