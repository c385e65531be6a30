"""Questions about rate, intervals and axes in numbers: how large, in which range, above what, within which limits."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from einthoven.core.measurements import Measurements, Place
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import facts
from einthoven.instruct.families.figures import SPOKEN, choice, trusted, with_unit, yes_no
from einthoven.instruct.family import Asked, Asker, Family

NUMBER = (
    "What is the {x}?",
    "Give the {x} of this ECG in {u}.",
    "Measure the {x} on this tracing.",
    "Which value do you measure for the {x}?",
    "Please state the {x} ({u}).",
    "How many {u} do you read for the {x}?",
    "Work out the {x} from this recording.",
    "I need a number for the {x}, in {u}.",
    "After measuring this electrocardiogram, what would you enter as the {x}?",
    "Determine the {x} and answer in {u}.",
)
SECONDS = (
    "What is the {x} in seconds?",
    "Give the {x} in seconds.",
    "How many seconds does the {x} measure?",
    "Express the {x} of this ECG in seconds.",
    "In seconds, how long is the {x}?",
    "State the {x} as a number of seconds.",
    "Counted in seconds, what does the {x} come to?",
    "Measure the {x} and report it in seconds, not in milliseconds.",
    "The unit is the second: what value does the {x} have here?",
    "Convert your measurement of the {x} to seconds and tell me the result.",
)
BLANK = (
    "Fill in the blank: The {x} is ____ {u}.",
    "Complete the sentence: In this ECG the {x} is ____ {u}.",
    "Fill the gap: The measured {x} is ____ {u}.",
    "Complete: On this tracing, the {x} amounts to ____ {u}.",
    "Write the missing number: The {x} measures ____ {u}.",
    "Supply the number that is left out: For this recording the {x} reads ____ {u}.",
    "Finish the line of the report: Value of the {x}: ____ {u}.",
    "Copy this sentence with the right number: The {x} of this electrocardiogram comes to ____ {u}.",
    "One figure was left open, add it: For the {x} one measures ____ {u}.",
    "What belongs in the empty space: A measurement of the {x} gives ____ {u}.",
)
WITHIN = (
    "Is the {x} within the limits of healthy adults?",
    "Does the {x} lie in the normal range for adults?",
    "Is the {x} of this ECG normal for an adult?",
    "Would you call the {x} normal in an adult?",
    "Does the {x} stay inside the adult reference limits?",
    "Among healthy adults, would this {x} be usual?",
    "Judged by adult reference values, is the {x} normal?",
    "Compare the {x} with adult reference limits: does it lie inside them?",
    "Can the {x} be reported as normal for an adult patient?",
    "Do adult limits of normal include the {x} measured here?",
)
PLACED = (
    "Where does the {x} lie among healthy adults?",
    "Compare the {x} with the adult reference range.",
    "How does the {x} compare with the limits of healthy adults?",
    "Classify the {x} against adult normal values.",
    "Which statement about the {x} and the adult normal range is right?",
    "Relative to healthy adults, the {x} is where?",
    "Choose where the {x} belongs when adult limits are applied.",
    "Find the place of the {x}: under, inside or over the range of healthy adults?",
    "Set beside adult reference values, what is true of the {x}?",
    "Pick the description that fits the {x}, taking adult limits.",
)
COMPARED = (
    "Is the {x} {more} than {n} {u}?",
    "Does the {x} come out {more} than {n} {u}?",
    "Would you measure the {x} as {more} than {n} {u}?",
    "Is it right that the {x} is {more} than {n} {u}?",
    "On this ECG, is the {x} {more} than {n} {u}?",
    "Take {n} {u} as a threshold: is the {x} {more} than that?",
    "Say whether the {x} is {more} than {n} {u}.",
    "A colleague claims that the {x} is {more} than {n} {u}; is this true?",
    "Measured against {n} {u}, is the {x} {more}?",
    "Should I note that the {x} is {more} than {n} {u}?",
)
RANGE = (
    "In which range is the {x}?",
    "Which of these ranges contains the {x}?",
    "Choose the range of the {x}.",
    "Into which of the following ranges does the {x} fall?",
    "Which range is right for the {x} of this ECG?",
    "Pick the band of values to which the {x} belongs.",
    "Where among these ranges would you sort the {x}?",
    "Measure the {x}, then select the range that holds the result.",
    "One of the ranges below is correct for the {x}; which one?",
    "Estimate the {x} and choose the line that agrees with it.",
)
LONGER = (
    "Is the QTc by Bazett's formula longer than the uncorrected QT interval?",
    "Does Bazett's correction make the QT interval longer?",
    "Is the corrected QT (Bazett) greater than the measured QT?",
    "Compare QT and QTc (Bazett): is the QTc the longer one?",
    "With this heart rate, does Bazett's QTc exceed the QT interval?",
    "If you correct QT for the rate after Bazett, do you get a larger value than before?",
    "Does the QT interval become longer by correction with Bazett's formula?",
    "Bazett's formula is applied to the QT interval of this ECG: is the result above the measured value?",
    "At the rate seen here, will QTc after Bazett come out higher than QT?",
    "Put QT beside QTc (Bazett); is the second number the greater?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "number": NUMBER, "seconds": SECONDS, "blank": BLANK, "within": WITHIN, "placed": PLACED, "compared": COMPARED,
    "range": RANGE, "longer": LONGER,
}  # fmt: skip

# Borders that are taught: where the table of healthy adults gives another answer than these nothing is asked.
TAUGHT: dict[str, tuple[float | None, float | None]] = {
    "heart_rate_bpm": (60, 100), "pr_ms": (120, 200), "qrs_ms": (None, 120), "qtc_ms.bazett": (350, 450),
    "qtc_ms.fridericia": (350, 450), "axis_deg.qrs": (-30, 90),
}  # fmt: skip
PLACES: dict[Place, str] = {
    "below": "below the normal range", "within": "within the normal range", "above": "above the normal range",
}  # fmt: skip
THRESHOLDS = {
    "heart_rate_bpm": (50, 60, 80, 100, 120), "rr_ms": (600, 800, 1000), "p_ms": (80, 120), "qrs_ms": (80, 100, 120),
    "pr_ms": (120, 160, 200), "qt_ms": (350, 400, 450), "qtc_ms.bazett": (400, 450, 480),
    "qtc_ms.fridericia": (400, 450, 480),
}  # fmt: skip
EDGES = {
    "heart_rate_bpm": (50, 60, 80, 100, 120), "rr_ms": (600, 750, 1000), "pr_ms": (120, 160, 200),
    "qrs_ms": (90, 120, 150), "qt_ms": (350, 400, 450), "qtc_ms.bazett": (400, 450, 500),
    "qtc_ms.fridericia": (400, 450, 500),
}  # fmt: skip
TIMES = ("rr_ms", "p_ms", "pr_ms", "qrs_ms", "qt_ms")
RARE = ("qtc_ms.framingham", "qtc_ms.hodges")
CLEARLY_LONGER_MS = 12


def ask(case: Case, asker: Asker) -> Iterator[Asked]:
    """Ask for every figure that is sure, in several ways."""
    if case.measured is None:
        return
    values = trusted(case, facts(case))
    values.pop(RARE[int(asker.dice.integers(len(RARE)))], None)  # of rare formulas one will do
    for name, value in values.items():
        yield from _numbers(name, value, asker)
        yield from _compared(name, value, asker)
        yield from _ranged(name, value, asker)
        yield from _placed(case.measured, name, value, asker)
    yield from _longer(values, asker)


def _numbers(name: str, value: float, asker: Asker) -> Iterator[Asked]:
    spoken = SPOKEN[name]
    answer = with_unit(value, spoken.unit)
    question = asker.words(NUMBER, x=spoken.words, u=spoken.units)
    yield Asked(f"figure:{name}", "feature", "open", "number", question, answer)
    if name in TIMES and asker.dice.integers(2):
        question = asker.words(SECONDS, x=spoken.words)
        yield Asked(f"seconds:{name}", "feature", "open", "seconds", question, f"{value / 1000:.2f} s")
        return
    question = asker.words(BLANK, x=spoken.words, u=spoken.units)
    number = with_unit(value, "").strip()
    sentence = question.partition(": ")[2].replace("____", number)
    yield Asked(f"fill:{name}", "feature", "fill", "blank", question, answer, said=sentence)


def _compared(name: str, value: float, asker: Asker) -> Iterator[Asked]:
    """The answer is drawn first, so that it is yes as often as no wherever a threshold allows it."""
    clear = [n for n in THRESHOLDS.get(name, ()) if abs(value - n) > SPOKEN[name].tolerance]
    if not clear:
        return
    yes, above = bool(asker.dice.integers(2)), bool(asker.dice.integers(2))
    fitting = [n for n in clear if ((value > n) == above) == yes]
    if not fitting:
        above = not above
        fitting = [n for n in clear if ((value > n) == above) == yes]
    if not fitting:
        return
    n = min(fitting, key=lambda one: abs(one - value)) if asker.dice.integers(2) else fitting[0]
    words = ("slower", "faster") if name == "heart_rate_bpm" else ("shorter", "longer")
    spoken = SPOKEN[name]
    question = asker.words(COMPARED, x=spoken.words, more=words[above], n=n, u=spoken.units)
    yield yes_no(f"compared:{name}", "compared", question, yes)


def _ranged(name: str, value: float, asker: Asker) -> Iterator[Asked]:
    edges = EDGES.get(name, ())
    spoken = SPOKEN[name]
    if not edges or any(abs(value - edge) <= spoken.tolerance for edge in edges):
        return
    unit = spoken.unit
    middle = [f"{low} to {high} {unit}" for low, high in pairwise(edges)]
    options = (f"under {edges[0]} {unit}", *middle, f"over {edges[-1]} {unit}")
    answer = options[sum(value > edge for edge in edges)]
    yield choice(f"range:{name}", "range", asker.words(RANGE, x=spoken.words), options, answer)


def _placed(measured: Measurements, name: str, value: float, asker: Asker) -> Iterator[Asked]:
    """Ask only where the table of healthy adults and what is taught agree, and no border is near."""
    limit, spoken = measured.limits.get(name), SPOKEN[name]
    if limit is None or name not in TAUGHT or _place(value, *TAUGHT[name]) != limit.place:
        return
    borders = [border for border in (limit.low, limit.high, *TAUGHT[name]) if border is not None]
    if any(abs(value - border) <= spoken.tolerance for border in borders):
        return
    within = limit.place == "within"
    yield yes_no(f"within:{name}", "within", asker.words(WITHIN, x=spoken.words), within)
    if not name.startswith("axis"):  # an angle is neither below nor above
        options = tuple(PLACES.values())
        question = asker.words(PLACED, x=spoken.words)
        yield choice(f"placed:{name}", "placed", question, options, PLACES[limit.place])


def _place(value: float, low: float | None, high: float | None) -> Place:
    if low is not None and value < low:
        return "below"
    return "above" if high is not None and value > high else "within"


def _longer(values: Mapping[str, float], asker: Asker) -> Iterator[Asked]:
    """Whether correction lengthens QT: yes above 60 beats a minute."""
    if "qt_ms" in values and "qtc_ms.bazett" in values:
        longer_ms = values["qtc_ms.bazett"] - values["qt_ms"]
        if abs(longer_ms) > CLEARLY_LONGER_MS:
            yield yes_no("longer:qtc", "longer", asker.words(LONGER), longer_ms > 0)


INTERVALS_FAMILY = Family("intervals", "feature", ask, WORDINGS)
