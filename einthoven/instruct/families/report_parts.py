"""The pieces of a report: rhythm, rate, axis, intervals, morphology, conclusion, and a machine's words that fit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from einthoven.core.findings import FINDINGS
from einthoven.core.measurements import Measurements
from einthoven.core.mentions import find_mentions
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts
from einthoven.instruct.families.figures import readable
from einthoven.instruct.families.sentences import FIGURE_WORDS, bare, capital, joined, noun, pick, quoted
from einthoven.instruct.families.sure import specific, sure
from einthoven.instruct.family import Dice

BEATS = frozenset(("PVC", "PAC", "PRC(S)", "BIGU", "TRIGU"))  # said after the rhythm: "sinus rhythm with bigeminy"
RHYTHM = frozenset(code for code, one in FINDINGS.items() if one.family == "rhythm") | BEATS
_SINUS = frozenset(("SBRAD", "STACH", "SARRH"))
_PLAIN = frozenset(("SR", "NORM"))
_FIGURES = ("pr_ms", "qrs_ms", "qt_ms", "qtc_ms.fridericia")
_SHORT_WORDS = {"pr_ms": "PR", "qrs_ms": "QRS", "qt_ms": "QT", "qtc_ms.fridericia": "QTc (Fridericia)"}
INVERTED_MV = -0.1  # Rautaharju 2009 (AHA/ACCF/HRS part IV): an inverted T wave is at least so deep
_T_LEADS = ("I", "II", "V3", "V4", "V5", "V6")  # where it is upright in healthy adults
MAIN = 3  # findings in one phrase
PROBABLE = 80.0  # a likelihood from which an ECG is called probably normal
PLACED = frozenset(code for code, one in FINDINGS.items() if one.superclass == "MI" and one.territory)
_AGES = {"ACUTEMI": "acute", "OLDMI": "old"}

# What a normal ECG lacks, and what all must be absent for it to be said of another.
_DENIED: Mapping[str, frozenset[str]] = {
    "myocardial infarction": frozenset(
        code for code, one in FINDINGS.items() if one.superclass == "MI" and one.vocabulary == "SCP-ECG"
    ),
    "hypertrophy": frozenset(
        code for code, one in FINDINGS.items() if one.superclass == "HYP" and one.vocabulary == "SCP-ECG"
    ) | {"VCLVH"},
    "bundle branch block": frozenset(("CLBBB", "CRBBB", "ILBBB", "IRBBB")),
    "AV block": frozenset(("1AVB", "2AVB", "3AVB")),
    "premature complexes": frozenset(("PVC", "PAC", "PRC(S)", "BIGU", "TRIGU")),
}  # fmt: skip
_DENIALS = (
    "There is no sign of {}.", "No evidence of {}.", "No {} can be seen.", "The tracing gives no evidence of {}.",
)  # fmt: skip
_NORMAL_FORM = (
    "QRS complexes, ST segments and T waves are unremarkable",
    "the shape of the QRS complexes and the T waves is unremarkable",
    "no abnormality of QRS, ST segment or T wave",
    "unremarkable waveforms in all leads",
    "depolarisation and repolarisation are unremarkable",
)
_RHYTHM = ("{}.", "{}.", "The rhythm is {}.", "The ECG shows {}.", "The recording shows {}.", "This tracing shows {}.")
_FORM = ("The tracing shows {}.", "On this tracing one finds {}.", "Findings: {}.",
         "In addition, the ECG shows {}.", "Also present: {}.")  # fmt: skip
_OPEN = ("Possible {}.", "There may be {}.", "Possibly {}.", "The tracing raises the possibility of {}.")
_RATE = ("{r} at {v}", "{r} at {v}", "{r}, rate {v}", "{r} at a rate of {v}")
_CONDUCTION = ("Conduction: {}.", "Conduction is disturbed: {}.", "{}.", "There is {}.")
_AXIS = ("The QRS axis is {}.", "The frontal QRS axis is {}.", "The electrical axis lies at {}.", "QRS axis: {}.")


@dataclass(frozen=True)
class Parts:
    """What each part of a report says, without a full stop, "" where nothing can be said. sentences: running text;
    rest: all but rhythm; there: the findings that the report may name without a doubt.
    """

    rhythm: str
    rhythm_with_rate: str
    rate: str
    axis: str
    intervals: str
    morphology: str
    rest: str
    conclusion: str
    impression: str
    sentences: tuple[str, ...]
    there: frozenset[str]
    rate_bpm: float | None


def parts_of(case: Case, dice: Dice) -> Parts:
    """Return the parts of a report, their words chosen by chance."""
    known = sure(case)
    bpm = known.figures.get("heart_rate_bpm")
    rate = "" if bpm is None else quoted("heart_rate_bpm", bpm)
    heart, beats = _rhythm(known)
    tail = f" with {joined(map(noun, beats))}" if beats else ""
    rhythm = heart + tail if heart else joined(map(bare, beats))
    with_rate = f"heart rate {rate}" if rate else ""
    if heart:
        with_rate = (pick(dice, _RATE).format(r=heart, v=rate) if rate else heart) + tail
    alone = () if heart else beats  # no rhythm that they could be said with
    form = _form(known)
    open_ = _open(known)
    normal = _is_normal(known)
    morphology = joined([*_named(form), *open_]) or (pick(dice, _NORMAL_FORM) if normal else "")
    perhaps = _perhaps_normal(case)
    conclusion, impression = _conclusion(known, open_, perhaps)
    rest = joined([*_named(form), *map(bare, alone), *open_])
    if "NORM" in known.there:
        plain = not beats and _PLAIN.issuperset(code for code in known.there if code in RHYTHM)
        rest = f"{rest}; otherwise normal ECG" if rest else "normal ECG" if plain else "otherwise normal ECG"
    elif "NORM" in known.open and not rest:
        rest = perhaps
    return Parts(
        rhythm, with_rate, rate, _axis(known), _intervals(known, _SHORT_WORDS), morphology, rest, conclusion,
        impression, tuple(_sentences(case, known, with_rate, dice)), frozenset(known.there), bpm,
    )  # fmt: skip


def _rhythm(known: Facts) -> tuple[str, list[str]]:
    """Return the rhythm by its name, "" where none is stated, and the findings about single beats."""
    hearts = [code for code in known.there if code in RHYTHM and code not in BEATS]
    if _SINUS.intersection(hearts) or len(hearts) > 1:
        hearts = [code for code in hearts if code != "SR"]
    return joined(map(bare, hearts)), specific(code for code in known.there if code in BEATS)


def _form(known: Facts) -> list[str]:
    return specific(code for code in known.there if code not in RHYTHM and code != "NORM")


def _named(codes: Iterable[str], say: Callable[[str], str] = bare) -> list[str]:
    """Return findings by their names; the age of the one infarction whose place is known stands before its name."""
    listed = list(codes)
    placed = [code for code in listed if code in PLACED]
    ages = [code for code in listed if code in _AGES]
    if len(placed) != 1 or len(ages) != 1:
        return [say(code) for code in listed]
    words = {placed[0]: f"{_AGES[ages[0]]} {say(placed[0])}"}
    return [words.get(code) or say(code) for code in listed if code not in _AGES]


def _perhaps_normal(case: Case) -> str:
    return "probably normal ECG" if (case.found.get("NORM") or 0.0) >= PROBABLE else "possibly normal ECG"


def _open(known: Facts) -> list[str]:
    return [f"possible {bare(code)}" for code in known.open if code != "NORM"]


def _is_normal(known: Facts) -> bool:
    """Tell that nothing but a normal ECG is there, whatever its rhythm."""
    return "NORM" in known.there and not _form(known) and not known.open


def _axis(known: Facts) -> str:
    """Return the axis and where it points, as far as its limits are known."""
    value = known.figures.get("axis_deg.qrs")
    if value is None:
        return ""
    words = {"within": "normal", "below": "leftward", "above": "rightward", None: ""}
    word = words[known.places.get("axis_deg.qrs")] if value >= -90 else ""
    return f"{quoted('axis_deg.qrs', value)}{f' ({word})' if word else ''}"


def _intervals(known: Facts, words: Mapping[str, str]) -> str:
    return ", ".join(f"{words[name]} {quoted(name, known.figures[name])}" for name in _FIGURES if name in known.figures)


def _conclusion(known: Facts, open_: Sequence[str], perhaps: str) -> tuple[str, str]:
    """Return the conclusion and, in one phrase, its main part; the most urgent findings first.

    perhaps: what is said where it is not certain that the ECG is normal.
    """
    there = specific(code for code in known.there if code not in _PLAIN)
    there.sort(key=lambda code: -FINDINGS[code].urgency)
    named = [*_named(there), *open_]
    main = joined(_named(there)[:MAIN]) or joined(open_[:MAIN])
    if "NORM" in known.there:
        return (f"{joined(named)}, otherwise normal ECG", main) if named else ("normal ECG", "normal ECG")
    if "NORM" in known.open and not there:
        named, main = [perhaps, *open_], perhaps
    if not named:
        return ("sinus rhythm", "sinus rhythm") if "SR" in known.there else ("", "")
    ill = bool(there) and FINDINGS[there[0]].urgency > 1
    return (f"abnormal ECG with {joined([*_named(there, noun), *open_])}" if ill else joined(named)), main


def _sentences(case: Case, known: Facts, rhythm: str, dice: Dice) -> Iterator[str]:
    """Yield the sentences of a full report up to its conclusion; rhythm: with the rate."""
    heart, beats = _rhythm(known)
    if heart:
        yield capital(pick(dice, _RHYTHM).format(rhythm))
    elif rhythm:
        yield f"The {rhythm.replace('rate', 'rate is')}."
    if text := _figure_sentence(known, dice):
        yield text
    if axis := _axis(known):
        yield pick(dice, _AXIS).format(axis)
    form = [*([] if heart else beats), *_form(known)]
    conduction = [code for code in form if FINDINGS[code].family == "conduction"]
    if conduction:
        yield capital(pick(dice, _CONDUCTION).format(joined(map(noun, conduction))))
    if rest := [code for code in form if code not in conduction]:
        yield pick(dice, _FORM).format(joined(_named(rest, noun)))
    yield from _details(case, known)
    if open_ := [code for code in known.open if code != "NORM"]:
        yield pick(dice, _OPEN).format(joined(map(bare, open_), "or"))
    if _is_normal(known):
        yield f"{capital(pick(dice, _NORMAL_FORM))}."
    yield from _denials(known, dice)


def _denials(known: Facts, dice: Dice) -> Iterator[str]:
    """Yield one sentence about what is surely absent."""
    denied = [name for name, codes in _DENIED.items() if codes <= known.absent]
    if denied:
        some = [denied[place] for place in sorted(dice.permutation(len(denied))[:2].tolist())]
        yield pick(dice, _DENIALS).format(joined(some, "or"))


def _figure_sentence(known: Facts, dice: Dice) -> str:
    """Return the intervals in one sentence; that they are normal only where each has a limit and keeps it."""
    names = [name for name in _FIGURES if name in known.figures]
    if not names:
        return ""
    said = [f"the {FIGURE_WORDS[name]} {quoted(name, known.figures[name])}" for name in names]
    said[0] = said[0].replace(FIGURE_WORDS[names[0]], f"{FIGURE_WORDS[names[0]]} is")
    text = capital(pick(dice, (joined(said), _intervals(known, FIGURE_WORDS), _intervals(known, _SHORT_WORDS))))
    if "NORM" in known.there and all(known.places.get(name) == "within" for name in names):
        text += pick(dice, (", all within the usual limits", "; none of these is out of range"))
    return f"{text}."


def _details(case: Case, known: Facts) -> Iterator[str]:
    """Yield in which leads the ST segments are shifted and T waves inverted, where both label and figures say so."""
    measured = case.measured
    if measured is None or known.open:
        return
    leads = readable(case)
    for code, place, word in (("STE_", "above", "raised"), ("STD_", "below", "lowered")):
        shifted = {lead: abs(st) for lead, st in _shifted(measured, place).items() if lead in leads}
        if code in known.there and shifted:
            most = f"{max(shifted.values()):.2f} mV"
            yield f"ST segments are {word} at the J point in {_leads(shifted)}, by up to {most}."
    if "INVT" in known.there:
        down = [lead for lead in _T_LEADS if lead in leads and (leads[lead].t or 0.0) <= INVERTED_MV]
        if down:
            yield f"T waves are inverted in {_leads(down)}."


def _shifted(measured: Measurements, place: str) -> dict[str, float]:
    """Return lead -> millivolt at the J point where it lies beyond its limit."""
    found = {}
    for lead, one in measured.amplitudes_mv.items():
        limit = measured.limits.get(f"st_j.{lead}")
        if limit is not None and limit.place == place and one.st_j is not None:
            found[lead] = one.st_j
    return found


def _leads(leads: Iterable[str]) -> str:
    listed = list(leads)
    return f"{'lead' if len(listed) == 1 else 'leads'} {joined(listed)}"


def texts_of(statements: Iterable[str]) -> tuple[str, ...]:
    """Return a machine's statements as separate texts; bare acronyms ("NSR") are no text."""
    split = (text.strip() for statement in statements for text in statement.split("; "))
    return tuple(text for text in split if any(sign.islower() for sign in text))


_NAMES = {one.name: code for code, one in FINDINGS.items()}
_OPTIONS = tuple(_NAMES)
_UNCERTAIN = ("possibl", "probabl", "consider", "cannot", "can not", "border", "suggest", "could", "may ", " or ",
              "versus", "no longer", "now ", "compared", "previous", "but ", "followup", "clinical")  # fmt: skip


@lru_cache(maxsize=4096)
def named_in(statement: str) -> frozenset[str] | None:
    """Return the findings that a machine's statement plainly names, None where it names none or is unsure."""
    lowered = statement.casefold()
    if any(word in lowered for word in _UNCERTAIN) or any(sign.isdigit() for sign in lowered):
        return None
    mentions = find_mentions(statement, _OPTIONS)
    if not mentions or any(mention.stance != "said" for mention in mentions):
        return None
    return frozenset(_NAMES[_OPTIONS[mention.option]] for mention in mentions)


def agreeing_statements(case: Case, parts: Parts) -> list[str]:
    """Return a machine's statements all of whose findings are there and whose speed the rate bears out."""
    found = []
    for text in texts_of(case.statements):
        codes, lowered = named_in(text), text.casefold()
        fast, slow = "rapid" in lowered, "slow" in lowered
        if codes is None or not codes <= parts.there or codes <= _PLAIN:
            continue
        if (fast or slow) and (parts.rate_bpm is None or (parts.rate_bpm < 100 if fast else parts.rate_bpm > 60)):
            continue
        found.append(text[0].lower() + text[1:] if text[1:2].islower() else text)
    return found
