"""Two ECGs compared, of one patient in the order of time or of two patients: findings, figures, ranges, all changes.

A finding is compared only where both recordings settle it; a figure only where both are sure and their difference is
not near the tolerance. Exchanging the two recordings turns each question into its partner in `SWAPPED`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial

from einthoven.core.findings import FINDINGS
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts
from einthoven.instruct.families.comparison_words import RANGES, wordings_of
from einthoven.instruct.families.forms import YES_NO, letter_block, option_line, said_with_letters
from einthoven.instruct.families.sentences import FIGURE_WORDS, agreeing, capital, joined, noun, pick, quoted
from einthoven.instruct.families.sure import category_of, sure
from einthoven.instruct.family import Asked, Asker, Category, Family

# A smaller difference is none; nearer to it than a quarter of it nothing is asked.
TOLERANCE = {"pr_ms": 20.0, "qrs_ms": 20.0, "qt_ms": 40.0, "heart_rate_bpm": 10.0, "axis_deg.qrs": 30.0}
RANGED = {"heart_rate_bpm": 3.0, "pr_ms": 5.0, "qrs_ms": 5.0, "qtc_ms.fridericia": 10.0, "axis_deg.qrs": 5.0}
MOST_TURN_DEG = 150.0  # beyond it nobody can say to which side an axis has turned
MOST_OPTIONS, CHOICES, ABSENT_ASKED = 7, 4, 3
_WITHIN, _OUTSIDE = "within the normal range", "outside the normal range"
_WORDS: Mapping[str, tuple[str, float]] = {"longer": ("longer", 1), "shorter": ("shorter", -1),
          "faster": ("higher", 1), "slower": ("lower", -1)}  # fmt: skip
_PARTNERS = (
    ("new", "resolved"), ("which_new", "which_resolved"), ("choose_new", "choose_resolved"), ("longer", "shorter"),
    ("faster", "slower"), ("axis_left", "axis_right"), ("became_normal", "became_abnormal"),
    ("figures_became_normal", "figures_became_abnormal"), ("normal_first", "normal_second"),
)  # fmt: skip
_THE_SAME = ("remaining", "absent", "which_remaining", "choose_remaining", "still_normal", "still_abnormal",
             "figures_still_normal", "figures_still_abnormal")  # fmt: skip
NAMES = {"consecutive": ("the previous ECG", "the recent ECG"), "two_patients": ("the first ECG", "the second ECG")}
SWAPPED: dict[str, str] = {
    f"{family}:{here}": f"{family}:{there}"
    for family in NAMES
    for one, other in (*_PARTNERS, *((name, name) for name in _THE_SAME))
    for here, there in ((one, other), (other, one))
}
"""template -> the template whose answer about (a, b) is that of the first about (b, a); free text has none."""
_WORDINGS = {family: wordings_of(family) for family in NAMES}
_CODES = tuple(code for code in FINDINGS if code != "NORM")


@dataclass(frozen=True)
class Pair:
    """Two recordings, what is sure of each, and who asks."""

    family: str
    one: Facts
    two: Facts
    asker: Asker
    slots: Mapping[str, str]
    apart: str = ""  # the sentence about the time between them

    @cached_property
    def sets(self) -> Mapping[str, tuple[str, ...]]:
        """Return the findings that are new, resolved, remaining or absent; each in both recordings settled."""
        one, two = frozenset(self.one.there), frozenset(self.two.there)
        found = {
            "new": two & self.one.absent,
            "resolved": one & self.two.absent,
            "remaining": one & two,
            "absent": self.one.absent & self.two.absent,
        }
        return {name: tuple(code for code in _CODES if code in codes) for name, codes in found.items()}

    def text(self, name: str, slots: Mapping[str, str] | None = None) -> str:
        words = self.asker.words(_WORDINGS[self.family][f"{self.family}:{name}"], **self.slots, **(slots or {}))
        return self.apart + words

    def yes_no(self, name: str, of: str, yes: bool, slots: Mapping[str, str], category: Category) -> Asked:
        question = self.text(name, slots)
        answer = YES_NO[0] if yes else YES_NO[1]
        about = of if of in FINDINGS else None
        key = f"{name}:{of}"
        return Asked(key, category, "closed", f"{self.family}:{name}", question, answer, YES_NO, about=about)

    def several(self, name: str, options: tuple[str, ...], held: Iterable[str], category: Category) -> Asked:
        chosen, question = set(held), self.text(name, _range_slots(name)) + option_line(options)
        answer = tuple(option for option in options if option in chosen)
        return Asked(name, category, "closed", f"{self.family}:{name}", question, answer, options, "any",
                     None if answer else "none")  # fmt: skip


def _ask(family: str, first: Case, second: Case, asker: Asker) -> Iterator[Asked]:
    """Yield what can be asked of two recordings, previous or first before recent or second."""
    one, two = NAMES[family]
    slots = {"first": one, "second": two, "First": capital(one), "Second": capital(two)}
    pair = Pair(family, sure(first), sure(second), asker, slots, _apart(family, first, second, asker, slots))
    yield from _about_findings(pair)
    yield from _lists(pair)
    yield from _about_figures(pair)
    yield from _about_ranges(pair, first, second)
    for name, known in (("normal_first", pair.one), ("normal_second", pair.two)):
        if (normal := _normal(known)) is not None:
            this = slots[name.removeprefix("normal_")]
            yield Asked(name, "morphology", "closed", f"{family}:{name}", pair.text(name, {"this": this}),
                        YES_NO[0] if normal else YES_NO[1], YES_NO, defines=True)  # fmt: skip
    if changes := _changes(pair):
        yield Asked("changed", "report", "open", f"{family}:changed", pair.text("changed"), changes)


def _apart(family: str, first: Case, second: Case, asker: Asker, slots: Mapping[str, str]) -> str:
    """Return a sentence about the time between the recordings, for one pair in two whose dates are known."""
    if family != "consecutive" or first.recorded_at is None or second.recorded_at is None:
        return ""
    between = second.recorded_at - first.recorded_at
    if between < timedelta(days=2) or asker.dice.random() < 0.5:  # the sentences speak of several days
        return ""
    days = f"{between.days} days"
    return asker.words(_WORDINGS[family][f"{family}:apart"], **slots, days=days, Days=days) + " "


def _about_findings(pair: Pair) -> Iterator[Asked]:
    sets = pair.sets
    some = [sets["absent"][place] for place in _drawn(pair, len(sets["absent"]), ABSENT_ASKED)]
    for truth in ("new", "resolved", "remaining", "absent"):
        for code in some if truth == "absent" else sets[truth]:
            for name in ("new", "resolved", "remaining", "absent"):
                yield pair.yes_no(name, code, name == truth, agreeing(code), category_of(code))


def _drawn(pair: Pair, of: int, count: int) -> list[int]:
    """Return so many different places below `of`, in the order drawn."""
    places: list[int] = []
    while len(places) < min(count, of):
        place = int(pair.asker.dice.integers(of))
        if place not in places:
            places.append(place)
    return places


def _lists(pair: Pair) -> Iterator[Asked]:
    """Yield which findings are new, resolved or remaining, all of a list and one of four."""
    sets = pair.sets
    for name in ("new", "resolved", "remaining"):
        true = sets[name]
        false = [code for other in ("new", "resolved", "remaining") if other != name for code in sets[other]]
        false += [sets["absent"][place] for place in _drawn(pair, len(sets["absent"]), CHOICES)]
        if len(true) + len(false) >= CHOICES:
            codes = pair.asker.shuffled((*true, *false)[:MOST_OPTIONS])
            options = tuple(FINDINGS[code].name for code in codes)
            held = [FINDINGS[code].name for code in codes if code in true]
            yield pair.several(f"which_{name}", options, held, "morphology")
        if true and len(false) >= CHOICES - 1:
            yield _choose(pair, f"choose_{name}", pick(pair.asker.dice, true), false)


def _choose(pair: Pair, name: str, right: str, false: list[str]) -> Asked:
    codes = pair.asker.shuffled((right, *false[: CHOICES - 1]))
    options = tuple(FINDINGS[code].name for code in codes)
    answer = FINDINGS[right].name
    question = pair.text(name) + letter_block(options)
    said = said_with_letters(options, (answer,))
    return Asked(name, category_of(right), "choice", f"{pair.family}:{name}", question, answer, options, said=said,
                 about=right)  # fmt: skip


def _differences(pair: Pair) -> Iterator[tuple[str, float]]:
    """Yield the figures that both have, with second less first; a turn of the axis within half a circle."""
    for figure in TOLERANCE:
        if figure in pair.one.figures and figure in pair.two.figures:
            apart = pair.two.figures[figure] - pair.one.figures[figure]
            yield figure, (apart + 180) % 360 - 180 if figure.startswith("axis") else apart


def _about_figures(pair: Pair) -> Iterator[Asked]:
    for figure, apart in _differences(pair):
        tolerance = TOLERANCE[figure]
        if abs(abs(apart) - tolerance) < tolerance / 4 or (figure.startswith("axis") and abs(apart) > MOST_TURN_DEG):
            continue
        slots = {"figure": FIGURE_WORDS[figure], "tolerance": f"{tolerance:.0f} ms"}
        if figure.startswith("axis"):
            # Clockwise, to greater angles, is to the right of the patient.
            for side, sign in (("left", -1.0), ("right", 1.0)):
                told = {"side": side, "tolerance": f"{tolerance:.0f} degrees"}
                yield pair.yes_no(f"axis_{side}", figure, sign * apart > tolerance, told, "feature")
            continue
        if figure == "heart_rate_bpm":
            slots["tolerance"] = f"{tolerance:.0f} bpm"
        for name in ("faster", "slower") if figure == "heart_rate_bpm" else ("longer", "shorter"):
            word, sign = _WORDS[name]
            yield pair.yes_no(name, figure, sign * apart > tolerance, {**slots, "longer": word}, "feature")


def _range_slots(name: str) -> dict[str, str]:
    """Return what the question's name says of the first and the second recording."""
    kind = name.removeprefix("figures_")
    return {"here": _WITHIN if kind in ("became_abnormal", "still_normal") else _OUTSIDE,
            "there": _WITHIN if kind.endswith("_normal") else _OUTSIDE}  # fmt: skip


def _about_ranges(pair: Pair, first: Case, second: Case) -> Iterator[Asked]:
    """Yield which figures keep, reach or leave the range of healthy adults."""
    told: dict[str, str] = {}
    for figure in RANGED:
        here, there = _is_within(pair.one, first, figure), _is_within(pair.two, second, figure)
        if here is not None and there is not None:
            told[figure] = ("still_" if here == there else "became_") + ("normal" if there else "abnormal")
    for figure, truth in told.items():
        words = FIGURE_WORDS[figure]
        for name in RANGES:
            slots = {"figure": words, "Figure": capital(words), **_range_slots(name)}
            yield pair.yes_no(name, figure, name == truth, slots, "feature")
    if len(told) > 1:
        for name in RANGES:
            options = tuple(FIGURE_WORDS[figure] for figure in pair.asker.shuffled(told))
            held = [FIGURE_WORDS[figure] for figure, truth in told.items() if truth == name]
            yield pair.several(f"figures_{name}", options, held, "feature")


def _is_within(known: Facts, case: Case, figure: str) -> bool | None:
    """Return whether a figure is normal, None where it is not sure or too near to a limit."""
    limit = case.measured.limits.get(figure) if case.measured else None
    value = known.figures.get(figure)
    if limit is None or value is None:
        return None
    if any(bound is not None and abs(value - bound) < RANGED[figure] for bound in (limit.low, limit.high)):
        return None
    return limit.place == "within"


def _normal(known: Facts) -> bool | None:
    """Return whether a recording is normal, None where this is not certain."""
    if "NORM" in known.there:
        return True if not known.open and all(FINDINGS[code].urgency == 0 for code in known.there) else None
    ill = any(FINDINGS[code].urgency > 0 and FINDINGS[code].family != "rhythm" for code in known.there)
    return False if "NORM" in known.absent and (ill or any(FINDINGS[c].urgency > 1 for c in known.there)) else None


def _changes(pair: Pair) -> str:
    """Return the changes in sentences, "" where the two recordings do not settle them all."""
    sets = pair.sets
    settled = {*sets["new"], *sets["resolved"], *sets["remaining"], "SR", "NORM"}
    if pair.one.open or pair.two.open or not {*pair.one.there, *pair.two.there} <= settled:
        return ""
    new, gone, kept = (joined(map(noun, sets[name])) for name in ("new", "resolved", "remaining"))
    one, two = pair.slots["first"], pair.slots["second"]
    said = [f"{capital(two)} shows {new}, which {one} does not show." if new else "",
            f"{capital(one)} shows {gone}, which {two} does not show." if gone else "",
            f"Both show {kept}." if kept else ""]  # fmt: skip
    said += [_figure_change(pair, figure) for figure, apart in _differences(pair) if abs(apart) > TOLERANCE[figure]]
    if not new and not gone and not any(said[3:]):
        said.insert(0, f"No relevant difference between {one} and {two}.")
    return " ".join(filter(None, said)) if pair.one.there and pair.two.there else ""


def _figure_change(pair: Pair, figure: str) -> str:
    one, two = (quoted(figure, known.figures[figure]) for known in (pair.one, pair.two))
    return f"The {FIGURE_WORDS[figure]} is {one} in {pair.slots['first']} and {two} in {pair.slots['second']}."


def _family(name: str) -> Family:
    ask: Callable[..., Iterable[Asked]] = partial(_ask, name)
    return Family(name, "morphology", ask, _WORDINGS[name], pairs=True)


CONSECUTIVE = _family("consecutive")
TWO_PATIENTS = _family("two_patients")
