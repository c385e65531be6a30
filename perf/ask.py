"""How fast asking is: one question from cold, a batch with options, a batch of free text, and their peak memory.

    python perf/ask.py [--model default]

Records are simulated, so that no dataset is needed. Figures depend on the machine: state its cores beside them.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RECORDS, QUESTIONS_EACH, TEXTS = 24, 5, 24
FINDINGS = ("myocardial infarction", "an ST/T change", "a conduction disturbance", "hypertrophy", "atrial fibrillation")


def einthoven(*words: str) -> float:
    """Run a command and return its wall-clock seconds."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "from einthoven.cli import main; main()", *words], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    return time.perf_counter() - started


def write_questions(folder: Path) -> tuple[Path, Path]:
    """Make records and two batches: yes/no questions, and free text."""
    from einthoven import simulate
    from einthoven.records.write import write_wfdb

    names = [f"r{number:02d}" for number in range(RECORDS)]
    for number, name in enumerate(names):
        write_wfdb(simulate(seed=number).ecg, folder, name)
    closed = [
        {"id": f"{name}/{k}", "ecg": [name], "question": f"Does this ECG show {x}?", "options": ["yes", "no"]}
        for name in names for k, x in enumerate(FINDINGS[:QUESTIONS_EACH])
    ]  # fmt: skip
    free = [{"id": name, "ecg": [name], "question": "What does this ECG show?"} for name in names[:TEXTS]]
    for file, lines in (("closed.jsonl", closed), ("free.jsonl", free)):
        (folder / file).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder / "closed.jsonl", folder / "free.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="default")
    model = parser.parse_args().model
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        closed, free = write_questions(folder)
        question = ("ask", str(folder / "r00"), "Is this ECG normal?", "--options", "yes,no", "--model", model)
        first_s, cold_s = einthoven(*question), min(einthoven(*question) for _ in range(3))
        closed_s = einthoven("ask", "--batch", str(closed), "--out", str(folder / "c.jsonl"), "--model", model)
        free_s = einthoven("ask", "--batch", str(free), "--out", str(folder / "f.jsonl"), "--model", model)
    peak_gib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"cores {os.cpu_count()}")
    print(f"one question: first {first_s:.1f} s, then {cold_s:.1f} s (best of 3)")
    for name, count, seconds in (("with options", RECORDS * QUESTIONS_EACH, closed_s), ("free text", TEXTS, free_s)):
        rate, alone = count / seconds, count / max(0.1, seconds - cold_s)
        print(f"batch {name}: {count} in {seconds:.1f} s, {rate:.2f}/s with start-up, {alone:.2f}/s without")
    print(f"peak memory {peak_gib:.2f} GiB")


if __name__ == "__main__":
    main()
