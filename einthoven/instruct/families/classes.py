"""Questions about how ill an ECG is: normal, abnormal, and the five diagnostic classes of PTB-XL."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from einthoven.core.findings import FINDINGS, SUPERCLASS_NAMES, superclasses
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts
from einthoven.instruct.families.forms import YES_NO, Form
from einthoven.instruct.families.sure import SCP_DIAGNOSTIC, sure
from einthoven.instruct.family import Asked, Asker, Category, Family

NORMAL = (
    "Is this ECG normal?",
    "Would you call this a normal ECG?",
    "Is the tracing within normal limits?",
    "Can this electrocardiogram be reported as normal?",
    "Does this recording look normal?",
    "Is everything about this ECG as it should be?",
    "Do all leads agree with a normal ECG?",
    "Does a careful reading leave you with a normal electrocardiogram?",
    "May the word normal stand alone in the report of this ECG?",
    "Healthy tracing, nothing to remark: is this true here?",
)
ABNORMAL = (
    "Is this ECG abnormal?",
    "Is anything abnormal on this ECG?",
    "Does this recording show an abnormality?",
    "Are there abnormal findings in this electrocardiogram?",
    "Do you see something that is not normal?",
    "Is there any deviation from a normal ECG?",
    "Would you report at least one abnormality?",
    "Does any of the twelve leads make you doubt that the ECG is normal?",
    "Must a colleague be told that something is wrong with this tracing?",
    "Leaving variants aside, has the reader found a fault in this electrocardiogram?",
)
OF_CLASS = (
    "Does this ECG show {x}?",
    "Does this recording show signs of {x}?",
    "Would you report {x} on this tracing?",
    "Can {x} be recognised in this ECG?",
    "Do you find {x}, of whatever kind?",
    "Does the electrocardiogram give evidence of {x}?",
    "Looking over all leads, do you notice {x}?",
    "Does the diagnosis of this ECG include {x}, at least in part?",
    "If there were one folder of tracings with {x}, would this one belong in it?",
    "One heading of the report is reserved for {x}; is there something to write under it?",
)
CLASSES_OF = (
    "Which diagnostic classes fit this ECG, uncertain findings included?",
    "Counting uncertain findings too, which of these classes apply to this ECG?",
    "Select every class that this ECG belongs to, uncertain findings included.",
    "Which of the following does this ECG show, certainly or possibly?",
    "Name all classes of this recording, including what is uncertain.",
    "Certain or merely suspected: which of the classes below are met?",
    "Go through the classes and keep each of which a sign or suspicion is there.",
    "A tracing may fall into several classes, and doubtful findings count here. Into which does this one?",
    "Label this electrocardiogram with the classes below, generously where findings are uncertain.",
    "What remains of this list if you strike out each class for which not even a suspicion exists?",
)
CLASS_OF = (
    "Which diagnostic class fits this ECG?",
    "What kind of ECG is this?",
    "Choose the class of this ECG.",
    "To which of these classes does the recording belong?",
    "Which of these categories is right for this electrocardiogram?",
    "Into which diagnostic class would you sort this tracing?",
    "Assign this ECG to one of the classes below.",
    "One class describes everything diagnostic in these leads: give its letter.",
    "You may put a single label on this recording; which do you take?",
    "After all twelve leads were read, the ECG falls under one heading. Under which?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "normal": NORMAL, "abnormal": ABNORMAL, "of_class": OF_CLASS, "classes": CLASSES_OF, "class": CLASS_OF,
}  # fmt: skip
SAID = {
    "MI": "a myocardial infarction or injury", "STTC": "a diagnostic ST-T change", "CD": "a conduction disturbance",
    "HYP": "hypertrophy or enlargement of a chamber",
}  # fmt: skip
CODES = {name: frozenset(code for code, one in FINDINGS.items() if one.superclass == name) for name in SUPERCLASS_NAMES}
# Not of the class, yet beside them nobody can say that the class is absent.
NEARLY = {
    "MI": frozenset(("QWAVE", "ANEUR", "STE_", "PRWP")) | CODES["STTC"],
    "STTC": frozenset(("STD_", "STE_", "INVT", "NT_", "TAB_", "LOWT", "LVH", "PACE", "CLBBB", "LBBB")) | CODES["MI"],
    "CD": frozenset(("LPR", "PACE", "ABQRS", "LAD", "RAD", "VTACH", "JUNC")),
    "HYP": frozenset(("VCLVH", "HVOLT", "RAD")),
}
CATEGORY: Mapping[str, Category] = {"MI": "morphology", "STTC": "morphology", "CD": "rhythm", "HYP": "morphology"}
# Alone these do not make an ECG abnormal beyond doubt, nor normal.
VARIANTS = frozenset(
    ("NORM", "SR", "SARRH", "SBRAD", "STACH", "BRADY", "ERE", "ABQRS", "HVOLT", "PRC(S)", "LAD", "RAD")
)


def _ask(case: Case, asker: Asker) -> Iterator[Asked]:
    known = sure(case)
    form = Form("class", "morphology", WORDINGS, asker)
    if "NORM" in case.stated:
        yield from _normality(form, known)
    if case.stated >= SCP_DIAGNOSTIC:
        yield from _each(form, known)
        yield from _which(form, known, case)


def _normality(form: Form, known: Facts) -> Iterator[Asked]:
    """Ask if it is normal, and if anything is abnormal, where labels leave no doubt of either."""
    odd = any(code not in VARIANTS for code in (*known.there, *known.open))
    if "NORM" in known.there and not odd:
        normal = True
    elif "NORM" in known.absent and any(code not in VARIANTS for code in known.there):
        normal = False
    else:
        return
    yield replace(form.yes_no("normal", normal, "NORM"), defines=True)
    if not normal or set(known.there) <= {"NORM", "SR"}:
        yield replace(form.yes_no("abnormal", not normal, "NORM"), defines=True)


def _each(form: Form, known: Facts) -> Iterator[Asked]:
    seen = (*known.there, *known.open)
    for name, words in SAID.items():
        present = not CODES[name].isdisjoint(known.there)
        if present or ((CODES[name] | NEARLY[name]).isdisjoint(seen) and SCP_DIAGNOSTIC & CODES[name] <= known.absent):
            question = form.text("of_class", {"x": words})
            answer = YES_NO[0] if present else YES_NO[1]
            yield Asked(f"class:{name}", CATEGORY[name], "closed", "of_class", question, answer, YES_NO)


def _which(form: Form, known: Facts, case: Case) -> Iterator[Asked]:
    codes = frozenset(code for code in case.found if code in FINDINGS)
    held = superclasses(codes)
    names = form.asker.shuffled(SUPERCLASS_NAMES.values())
    if held and not ("NORM" in held and len(held) > 1):
        yield form.several_listed("classes", names, (SUPERCLASS_NAMES[name] for name in held))
    if len(held) == 1 and not known.open:
        yield form.choice("class", names, SUPERCLASS_NAMES[min(held)])


CLASSES = Family("classes", "morphology", _ask, WORDINGS)
