"""The demo: an ECG is made, read back from its file, drawn, measured, and questions about it are answered."""

from pathlib import Path

from einthoven import ask, measure, read, render, simulate
from einthoven.core.measurements import in_words
from einthoven.records.write import write_wfdb
from einthoven.render.encode import write_page
from einthoven.render.measured import draw_measured

FOLDER = Path("demo")
QUESTIONS = (
    ("Is this ECG normal?", ["yes", "no"]),
    ("Does this ECG show a conduction disturbance?", ["yes", "no"]),
    ("Does this ECG show atrial fibrillation?", ["yes", "no"]),
    ("What does this ECG show?", None),
)


def main() -> None:
    """Print questions, answers, their probabilities, and where the picture of the ECG lies."""
    FOLDER.mkdir(exist_ok=True)
    made = simulate(["CLBBB"], seed=7)
    write_wfdb(made.ecg, FOLDER, "simulated")
    ecg = read(FOLDER / "simulated")
    write_page(render(ecg, cart="columns", text="own", dpi=150), FOLDER / "simulated.png")
    print("A simulated ECG (made with complete left bundle branch block), as the model read it from its file:")
    print(f"  picture  {(FOLDER / 'simulated.png').resolve()}")
    measured = measure(ecg)
    write_page(draw_measured(ecg, measured), FOLDER / "measured.png")
    print(f"  waves    {(FOLDER / 'measured.png').resolve()}")
    print(f"  measured {in_words(measured.figures)}\n")
    for question, options in QUESTIONS:
        answer = ask(ecg, question, options)
        said = f"none: {answer.reason}" if answer.abstained else answer.answer
        print(f"  question     {question}\n  answer       {said}")
        for contradiction in answer.contradictions:
            print(f"  contradicted {contradiction}")
        print(f"  probability  {answer.confidence:.2f}\n" if answer.confidence is not None else "")
    print(f"model {answer.model}. Research use only; not a medical device, not for diagnosis.")


if __name__ == "__main__":
    main()
