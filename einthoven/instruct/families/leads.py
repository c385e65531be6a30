"""Questions about single leads, in millivolt: ST segment, T wave, Q, R and S, the tallest R, transition, voltages."""

from collections.abc import Callable, Iterator, Mapping

from einthoven.core.ecg import Person
from einthoven.core.leads import CHEST, LIMB, TWELVE
from einthoven.core.measurements import Amplitudes
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import facts
from einthoven.instruct.families.figures import HIDES_T, among, choice, readable, yes_no
from einthoven.instruct.families.lead_words import SINGLE, WHICH, WORDINGS
from einthoven.instruct.family import Asked, Asker, Family

Verdict = bool | None  # None: too near to the border to tell
NEAR_MV = 0.03
ST_UP_MV, ST_DOWN_MV = 0.1, -0.05
T_DOWN_MV = -0.1
Q_DEEP_MV, Q_NONE_MV, Q_SHARE = -0.1, -0.01, 0.25
TALL_ENOUGH_MV = 0.15  # of R or S, to ask how large it is
LOW_MV, LOW_NEAR_MV = 0.5, 0.08
SOKOLOW_MV, SOKOLOW_NEAR_MV = 3.5, 0.2
WITHOUT_AVR = tuple(lead for lead in TWELVE if lead != "aVR")  # where ST and T are upside down in health
FEWEST_LEADS = 6  # that make a list worth asking for
# A list that comes out empty is not asked where the labels say otherwise.
CLAIMS = {
    "st_up": frozenset(("STE_", "ACUTEMI", "ERE", "BRUGADA", "INJAS", "INJAL", "INJIN", "INJIL", "INJLA")),
    "st_down": frozenset(("STD_", "DIG", "INJAS", "INJAL", "INJIN", "INJIL", "INJLA")),
    "t_down": frozenset(("INVT", "ISC_", "ISCAN", "ISCAS", "ISCAL", "ISCIN", "ISCIL", "ISCLA")),
}


def ask(case: Case, asker: Asker) -> Iterator[Asked]:
    """Ask what the voltages of the readable leads say for certain."""
    seen = {lead: one for lead, one in readable(case).items() if lead in TWELVE}
    if not seen:
        return
    known = facts(case)
    codes = frozenset((*known.there, *known.open))
    if not codes & HIDES_T:
        for name, verdict in VERDICTS.items():
            told = {lead: verdict(lead, one, case.person) for lead, one in seen.items() if lead != "aVR"}
            yield from _which(name, told, codes, asker)
            yield from _single(name, told, asker)
    waves = {lead: _q_wave(one) for lead, one in seen.items() if lead != "aVR"}
    yield from _single("q_wave", waves, asker)
    yield from _heights(seen, asker)
    yield from _tallest(seen, asker)
    yield from _transition(seen, asker)
    yield from _sums(seen, codes, asker)


def _st_up(lead: str, one: Amplitudes, person: Person) -> Verdict:
    """J point, by the fourth universal definition of infarction; between the borders of age and sex unknown: open."""
    if one.st_j is None:
        return None
    low, high = _st_up_mv(person) if lead in ("V2", "V3") else (ST_UP_MV, ST_UP_MV)
    return _beyond(one.st_j, low - NEAR_MV, high + NEAR_MV)


def _st_up_mv(person: Person) -> tuple[float, float]:
    if person.sex == "female":
        return 0.15, 0.15
    if person.sex == "male" and person.age_years is not None:
        return (0.25, 0.25) if person.age_years < 40 else (0.2, 0.2)
    return (0.2, 0.25) if person.sex == "male" else (0.15, 0.25)


def _beyond(value: float, no: float, yes: float) -> Verdict:
    return True if value > yes else False if value < no else None


def _st_down(lead: str, one: Amplitudes, person: Person) -> Verdict:
    """J point and what follows, all of it: an ascending segment is left open."""
    points = (one.st_j, one.st_j60, one.st_j80)
    values = [value for value in points if value is not None]
    if len(values) < len(points):
        return None
    if max(values) < ST_DOWN_MV - NEAR_MV:
        return True
    return False if min(values) > ST_DOWN_MV + NEAR_MV else None


def _t_down(lead: str, one: Amplitudes, person: Person) -> Verdict:
    """A wave of less than 0.1 mV either way may be flat or have two phases."""
    return None if one.t is None else _beyond(-one.t, T_DOWN_MV, -T_DOWN_MV)


def _q_wave(one: Amplitudes) -> Verdict:
    if one.q is None or one.r is None:
        return None
    if one.q < Q_DEEP_MV and -one.q > Q_SHARE * one.r:
        return True
    return False if one.q > Q_NONE_MV else None


VERDICTS: Mapping[str, Callable[[str, Amplitudes, Person], Verdict]] = {
    "st_up": _st_up, "st_down": _st_down, "t_down": _t_down,
}  # fmt: skip


def _which(name: str, told: Mapping[str, Verdict], codes: frozenset[str], asker: Asker) -> Iterator[Asked]:
    """Ask for the list where no lead is left open."""
    showing = [lead for lead, verdict in told.items() if verdict]
    if None in told.values() or len(told) < FEWEST_LEADS or (not showing and codes & CLAIMS[name]):
        return
    options, held, said = among(list(told), showing)
    question = asker.words(WHICH[name])
    yield Asked(f"leads:{name}", "feature", "closed", f"which_{name}", question, held, options, "any", said)


def _single(name: str, told: Mapping[str, Verdict], asker: Asker) -> Iterator[Asked]:
    """Ask of one lead; which answer it will have is drawn first."""
    yes = bool(asker.dice.integers(2))
    fitting = [lead for lead, verdict in told.items() if verdict is yes]
    if fitting:
        lead = fitting[int(asker.dice.integers(len(fitting)))]
        yield yes_no(f"lead:{name}", name, asker.words(SINGLE[name], lead=lead), yes)


def _heights(seen: Mapping[str, Amplitudes], asker: Asker) -> Iterator[Asked]:
    """Ask how large R and S are in one lead each."""
    for name in ("r", "s"):
        sizes = {lead: abs(getattr(one, name) or 0.0) for lead, one in seen.items()}
        large = [lead for lead, size in sizes.items() if size > TALL_ENOUGH_MV]
        if large:
            lead = large[int(asker.dice.integers(len(large)))]
            question = asker.words(SINGLE[f"{name}_mv"], lead=lead)
            yield Asked(f"lead:{name}_mv", "feature", "open", f"{name}_mv", question, _mv(sizes[lead]))


def _mv(value: float) -> str:
    return f"{value:.2f} mV"


def _tallest(seen: Mapping[str, Amplitudes], asker: Asker) -> Iterator[Asked]:
    order = sorted(seen, key=lambda lead: -(seen[lead].r or 0.0))
    if len(order) < len(TWELVE):
        return
    first, second = (seen[lead].r or 0.0 for lead in order[:2])
    if first - second < max(0.1, 0.08 * first):
        return
    shown = {order[0], *(order[1 + place] for place in asker.dice.permutation(len(order) - 1)[:3])}
    options = tuple(f"lead {lead}" for lead in TWELVE if lead in shown)
    question = asker.words(WHICH["tallest"])
    yield choice("leads:tallest_r", "which_tallest", question, options, f"lead {order[0]}")


def _transition(seen: Mapping[str, Amplitudes], asker: Asker) -> Iterator[Asked]:
    """The first chest lead with more R than S, where it is clear in every one of them and does not go back."""
    told: list[Verdict] = []
    for lead in CHEST:
        one = seen.get(lead)
        if one is None or one.r is None or one.s is None or one.q is None:
            return
        down = max(-one.s, -one.q)
        told.append(_beyond(one.r - down, -max(0.1, 0.2 * down), max(0.1, 0.2 * down)))
    first = told.index(True) if True in told else 0
    if first == 0 or told != [False] * first + [True] * (len(CHEST) - first):
        return
    options = tuple(f"lead {lead}" for lead in CHEST)
    question = asker.words(WHICH["transition"])
    yield choice("leads:transition", "which_transition", question, options, options[first])


def _sums(seen: Mapping[str, Amplitudes], codes: frozenset[str], asker: Asker) -> Iterator[Asked]:
    """Sokolow-Lyon (1949), and low voltage of the limb leads."""
    if {"V1", "V5", "V6"} <= seen.keys():
        v1 = seen["V1"]
        depth = max(-(v1.s or 0.0), -(v1.q or 0.0) if not v1.r else 0.0)  # a QS complex is all S
        total = depth + max(seen["V5"].r or 0.0, seen["V6"].r or 0.0)
        question = asker.words(WHICH["sokolow"])
        yield Asked("figure:sokolow_mv", "feature", "open", "which_sokolow", question, _mv(total))
        if abs(total - SOKOLOW_MV) > SOKOLOW_NEAR_MV:
            yield yes_no(
                "above:sokolow", "which_criterion", asker.words(WHICH["criterion"]), total > SOKOLOW_MV, "VCLVH"
            )
    limb = [seen[lead] for lead in LIMB if lead in seen]
    if len(limb) == len(LIMB) and None not in (value for one in limb for value in (one.r, one.s, one.q)):
        largest = max((one.r or 0) - min(one.s or 0, one.q or 0) for one in limb)
        low = _beyond(-largest, -LOW_MV - LOW_NEAR_MV, -LOW_MV + LOW_NEAR_MV)
        if low or (low is False and "LVOLT" not in codes):
            yield yes_no("leads:low_voltage", "which_low", asker.words(WHICH["low"]), low, "LVOLT")


LEADS = Family("leads", "feature", ask, WORDINGS)
