"""Questions about hypertrophy: any, which chamber, ventricle or atrium, left or right, voltage alone, the atria."""

from collections.abc import Iterator, Mapping

from einthoven.core.findings import FINDINGS
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts
from einthoven.instruct.families.forms import Form
from einthoven.instruct.families.sure import SCP_DIAGNOSTIC, among, sure, untouched
from einthoven.instruct.family import Asked, Asker, Family

ANY = (
    "Is there hypertrophy or enlargement of a chamber?",
    "Does this ECG show hypertrophy or enlargement of any chamber?",
    "Do you see signs that a chamber is hypertrophied or enlarged?",
    "Is any ventricle hypertrophied or any atrium enlarged?",
    "Would you report hypertrophy or chamber enlargement here?",
    "Does the recording speak for an enlarged atrium or a hypertrophied ventricle?",
    "Is hypertrophy of a ventricle or enlargement of an atrium among the findings?",
    "Check P waves and QRS voltages: is some chamber too large or too thick?",
    "Judging by this tracing, has one of the four chambers grown thick or large?",
    "Under the heading of chamber size, has the report of this ECG anything to say?",
)
CHAMBERS = (
    "Which chambers are hypertrophied or enlarged, if any?",
    "Name every chamber that this ECG shows to be hypertrophied or enlarged, or say none.",
    "Which of the chambers are enlarged or hypertrophied, if any?",
    "Select all chambers with signs of hypertrophy or enlargement; there may be none.",
    "Of the four chambers, which are abnormal in size or wall thickness by this recording, if any?",
    "For which chambers, if any, does the tracing suggest hypertrophy or enlargement?",
    "List the chambers whose hypertrophy or enlargement can be read from the ECG, or answer none.",
    "P waves tell of the atria, QRS complexes of the ventricles: which of the four have grown, if any?",
    "Go through the four chambers and keep those that are too thick or too large, perhaps none.",
    "Hypertrophy or enlargement by this ECG: which chambers would you note, or would you write none?",
)
CHAMBER = (
    "Which chamber is hypertrophied or enlarged?",
    "Choose the chamber that is hypertrophied or enlarged on this ECG.",
    "Hypertrophy or enlargement of which chamber does this recording show?",
    "Which of the four chambers shows signs of hypertrophy or enlargement?",
    "Select the chamber concerned by hypertrophy or enlargement.",
    "Where in the heart is there hypertrophy or enlargement?",
    "One chamber has grown. Which one, by the tracing?",
    "Decide from P waves and QRS complexes which single chamber is too thick or too large.",
    "The report speaks of one hypertrophied or enlarged chamber; give its letter.",
    "Give the chamber to which the signs of enlargement or hypertrophy in these leads point.",
)
VOLTAGE = (
    "Is this left ventricular hypertrophy, voltage criteria only, or neither?",
    "Left ventricular hypertrophy, voltage criteria only, or neither: what does this ECG show?",
    "Which would you report: left ventricular hypertrophy, voltage criteria only, or neither?",
    "Does the recording show left ventricular hypertrophy, voltage criteria only or neither?",
    "Decide between voltage criteria only, left ventricular hypertrophy and neither.",
    "Are there voltage criteria only, is there left ventricular hypertrophy, or neither?",
    "Concerning the left ventricle, does one diagnose hypertrophy, voltage criteria only, or neither?",
    "How far does the reader go here: neither, voltage criteria only, or left ventricular hypertrophy?",
    "High voltages alone are called voltage criteria only. Is it that, left ventricular hypertrophy, or neither?",
    "Put this tracing into one of three: neither, voltage criteria only, left ventricular hypertrophy.",
)
ATRIA = (
    "Which atrium is enlarged: left, right, both or neither?",
    "Left, right, both or neither: which atria are enlarged on this ECG?",
    "Is the left atrium enlarged, the right one, both or neither?",
    "Do the P waves show enlargement of the left atrium, the right, both or neither?",
    "Tell which atrium is enlarged, left or right, or both or neither.",
    "Is there atrial enlargement: right, left, both or neither?",
    "From the shape of the P waves, is the right atrium too large, the left, both or neither?",
    "Which side of the atria is overloaded, right or left, or is it both or neither?",
    "Judge the atria by leads II and V1: enlarged on the right, on the left, both, or neither?",
    "In a report on atrial size one would write what: right, left, both or neither?",
)
PART = (
    "Is it a ventricle that is hypertrophied, an atrium that is enlarged, or both?",
    "Ventricle, atrium or both: where is the hypertrophy or enlargement?",
    "Does the hypertrophy or enlargement concern a ventricle, an atrium or both?",
    "Which is too large or too thick here, an atrium, a ventricle or both?",
    "Decide whether an atrium, a ventricle or both are enlarged or hypertrophied.",
    "Would you speak of a large atrium, of a hypertrophied ventricle, or of both?",
    "Chamber enlargement or hypertrophy was reported; is it of a ventricle, an atrium or both?",
    "Is it the P wave, the QRS complex or each of them that betrays a large chamber: atrium, ventricle or both?",
    "What has grown in this heart, by its electrocardiogram: ventricle, atrium, or both?",
    "Upper or lower chambers: name atrium, ventricle or both as the site of the enlargement or hypertrophy.",
)
SIDE = (
    "Is the hypertrophy or enlargement on the left, on the right, or both left and right?",
    "Left, right or both: on which side of the heart is a chamber hypertrophied or enlarged?",
    "Which side of the heart shows hypertrophy or enlargement: right, left or both?",
    "Do the enlarged or hypertrophied chambers belong to the left heart, the right heart or both?",
    "Tell whether the left side of the heart, the right side or both show hypertrophy or enlargement.",
    "Would you locate the hypertrophy or enlargement in the right heart, the left heart or both?",
    "Does the chamber enlargement or hypertrophy lie to the right, to the left, or is it both?",
    "Of the two halves of this heart, which has a chamber that grew: left, right, or both?",
    "A chamber is too thick or too large. Name its side, right or left, or both if there is one on each.",
    "Whatever the chamber, hypertrophy or enlargement is seen on which side: the left, the right, or both?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "any": ANY, "chambers": CHAMBERS, "chamber": CHAMBER, "voltage": VOLTAGE, "atria": ATRIA,
    "part": PART, "side": SIDE,
}  # fmt: skip
CHAMBER_OF = {
    "LVH": "left ventricle", "RVH": "right ventricle", "LAO/LAE": "left atrium", "RAO/RAE": "right atrium",
}  # fmt: skip
ALL = frozenset(code for code, one in FINDINGS.items() if one.family == "hypertrophy")
SCP = ALL & SCP_DIAGNOSTIC
NEARLY = frozenset(("VCLVH", "HVOLT"))  # who sees these may or may not call it hypertrophy
ONLY_VOLTAGE, LVH, NEITHER = "voltage criteria only", "left ventricular hypertrophy", "neither"
_ATRIA = frozenset(("LAO/LAE", "RAO/RAE"))
_VENTRICLES = frozenset(("LVH", "RVH", "SEHYP"))
_LEFT, _RIGHT = frozenset(("LVH", "LAO/LAE")), frozenset(("RVH", "RAO/RAE"))


def _ask(case: Case, asker: Asker) -> Iterator[Asked]:
    known = sure(case)
    form = Form("hypertrophy", "morphology", WORDINGS, asker)
    if among(known.there, ALL):
        yield form.yes_no("any", True)
    elif known.absent >= SCP and untouched(known, ALL | NEARLY):
        yield form.yes_no("any", False)
    yield from _either(form, known, "part", {"ventricle": _VENTRICLES, "atrium": _ATRIA})
    if "SEHYP" not in known.there:  # the septum is of neither side
        yield from _either(form, known, "side", {"left": _LEFT, "right": _RIGHT})
    yield from _chambers(form, known)
    yield from _voltage(form, known, case)
    yield from _atria(form, known)


def _either(form: Form, known: Facts, name: str, groups: Mapping[str, frozenset[str]]) -> Iterator[Asked]:
    """Ask in which of two groups of chambers something is; if only in one, the other one is surely free of it."""
    held = tuple(group for group, codes in groups.items() if not codes.isdisjoint(known.there))
    others = frozenset().union(*(codes for group, codes in groups.items() if group not in held))
    if held and known.absent >= others:
        yield form.one(name, (*groups, "both"), held[0] if len(held) == 1 else "both")


def _chambers(form: Form, known: Facts) -> Iterator[Asked]:
    """Ask for chambers where the labels say of each of the four what it is; septal hypertrophy is none of them."""
    held = among(known.there, frozenset(CHAMBER_OF))
    unclear = among(known.open, ALL) or "SEHYP" in known.there
    if unclear or not known.absent.union(held) >= CHAMBER_OF.keys():
        return
    names = form.asker.shuffled(CHAMBER_OF.values())
    yield form.several_listed("chambers", names, (CHAMBER_OF[code] for code in held))
    if len(held) == 1:
        yield form.choice("chamber", names, CHAMBER_OF[held[0]], held[0])


def _voltage(form: Form, known: Facts, case: Case) -> Iterator[Asked]:
    options = (LVH, ONLY_VOLTAGE, NEITHER)
    if "LVH" in known.there:  # whatever else is said of voltages
        yield form.one("voltage", options, LVH)
    elif among(known.open, ALL | NEARLY) or not case.stated >= {"LVH", "VCLVH"}:
        return
    elif "VCLVH" in known.there:
        yield form.one("voltage", options, ONLY_VOLTAGE)
    elif untouched(known, frozenset(("HVOLT", "SEHYP"))) and {"LVH", "VCLVH"} <= known.absent:
        yield form.one("voltage", options, NEITHER)


def _atria(form: Form, known: Facts) -> Iterator[Asked]:
    held = among(known.there, _ATRIA)
    if len(held) + len(known.absent & _ATRIA) < 2:
        return
    names = {(): "neither", ("LAO/LAE",): "left", ("RAO/RAE",): "right"}
    yield form.one("atria", ("left", "right", "both", "neither"), names.get(held, "both"))


HYPERTROPHY = Family("hypertrophy", "morphology", _ask, WORDINGS)
