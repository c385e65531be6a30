"""Questions whose right answer is that the ECG does not tell: other leads, other data, absent waves."""

from collections.abc import Iterator, Mapping

from einthoven.core.leads import CHEST, LIMB
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import facts
from einthoven.instruct.families.figures import SPOKEN, YES_NO
from einthoven.instruct.families.intervals import NUMBER
from einthoven.instruct.families.lead_words import SINGLE
from einthoven.instruct.family import Asked, Asker, Family

OTHER_DATA = (
    "What is the patient's {x}?",
    "Tell me the patient's {x}.",
    "Which {x} does this patient have?",
    "Give the {x} of this patient.",
    "From this ECG, what do you read as the {x}?",
    "State the {x} at the time of the recording.",
    "How high is the {x} here?",
    "I also need the {x}; which value is it?",
    "For the discharge letter, please add the patient's {x}.",
    "Using only this tracing, what would you enter under {x}?",
)
RAISED = (
    "Is the patient's {x} abnormal?",
    "Does the patient have an abnormal {x}?",
    "Would you say that the {x} is abnormal?",
    "Is the {x} out of its normal range?",
    "Does the {x} lie outside normal limits?",
    "Is there something wrong with the {x} of this patient?",
    "Decide from this ECG whether the {x} is abnormal.",
    "Going by the tracing, would laboratory or bedside values of the {x} be abnormal?",
    "Please confirm: is the {x} abnormal in this patient?",
    "A colleague asks whether the {x} deviates from normal; does it?",
)
OTHER_TEST = (
    "What does the patient's {x} show?",
    "Describe the result of the {x}.",
    "What was found on the {x}?",
    "Summarise the {x} of this patient.",
    "Which result did the {x} give?",
    "Tell me how the {x} turned out.",
    "Report the {x} as well, please.",
    "Besides the ECG there was a {x}; what are its findings?",
    "Which abnormalities are seen on the {x} of the same patient?",
    "Give the conclusion of the {x} that belongs to this recording.",
)
BEFORE = (
    "Has anything changed since the previous ECG?",
    "What is new compared with the last ECG?",
    "Is this ECG better or worse than the one before?",
    "Compare this recording with the patient's earlier ECG.",
    "Which findings were not there last time?",
    "Did the ECG change since the last visit?",
    "How does this tracing differ from the previous one?",
    "Relative to the patient's former ECG, what is different?",
    "Tell me which of these findings are old and which are new.",
    "Looking back at the earlier recording, has there been progress?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "other_data": OTHER_DATA, "raised": RAISED, "other_test": OTHER_TEST, "before": BEFORE, "number": NUMBER,
    **{name: SINGLE[name] for name in ("r_mv", "s_mv", "st_up", "st_down", "t_down", "q_wave")},
}  # fmt: skip

CANNOT = "cannot be determined"
THREE = (*YES_NO, CANNOT)
FURTHER = ("V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R")
DATA = (
    "blood pressure", "troponin level", "left ventricular ejection fraction", "oxygen saturation", "creatinine level",
    "haemoglobin level", "body temperature", "cholesterol level", "white blood cell count", "blood glucose level",
)  # fmt: skip
TESTS = ("chest X-ray", "coronary angiogram", "cardiac MRI scan", "physical examination", "lung function test")
# A figure that a rhythm does not have, and why.
WITHOUT: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("AFIB", ("pr_ms", "p_ms", "axis_deg.p"), "atrial fibrillation leaves the ECG without P waves"),
    ("AFLT", ("pr_ms", "p_ms", "axis_deg.p"), "flutter waves take the place of the P waves"),
    ("3AVB", ("pr_ms",), "in complete AV block P waves and QRS complexes are unrelated"),
)
OPEN_LEAD, CLOSED_LEAD = ("r_mv", "s_mv"), ("st_up", "st_down", "t_down", "q_wave")


def ask(case: Case, asker: Asker) -> Iterator[Asked]:
    """Ask what this recording cannot tell."""
    yield from _other(asker)
    if case.measured is not None:
        yield from _leads(_recorded(case), asker)
        yield from _figures(case, asker)


def _cannot(key: str, template: str, question: str, why: str) -> Asked:
    said = f"This {CANNOT} from this ECG: {why}."
    return Asked(key, "feature", "open", template, question, CANNOT, said=said)


def _or_cannot(key: str, template: str, question: str, why: str) -> Asked:
    said = f"This {CANNOT} from this ECG: {why}."
    return Asked(key, "feature", "closed", template, question, CANNOT, THREE, said=said)


def _other(asker: Asker) -> Iterator[Asked]:
    first, second = (DATA[place] for place in asker.dice.permutation(len(DATA))[:2])
    question = asker.words(OTHER_DATA, x=first)
    yield _cannot(f"missing:{first}", "other_data", question, f"the {first} has to be measured in another way")
    question = asker.words(RAISED, x=second)
    yield _or_cannot(f"missing:{second}", "raised", question, f"the {second} has to be measured in another way")
    test = TESTS[int(asker.dice.integers(len(TESTS)))]
    question = asker.words(OTHER_TEST, x=test)
    yield _cannot(f"missing:{test}", "other_test", question, f"the result of the {test} is no part of it")
    why = "only one recording was given, and there is nothing to compare it with"
    yield _cannot("missing:before", "before", asker.words(BEFORE), why)


def _recorded(case: Case) -> frozenset[str]:
    """Return the leads that are there, or follow from those that are: two limb leads give the other four."""
    measured = case.measured
    there = frozenset((*measured.quality.leads, *measured.amplitudes_mv, *measured.waves)) if measured else frozenset()
    return there | frozenset(LIMB) if len(there & frozenset(LIMB)) >= 2 else there


def _leads(there: frozenset[str], asker: Asker) -> Iterator[Asked]:
    """Ask of a lead that was not recorded what may be asked of those that were."""
    missing = [lead for lead in (*LIMB, *CHEST, *FURTHER) if lead not in there]
    if not there or not missing:
        return
    for names, answer in ((OPEN_LEAD, _cannot), (CLOSED_LEAD, _or_cannot)):
        name, lead = (things[int(asker.dice.integers(len(things)))] for things in (names, missing))
        question = asker.words(SINGLE[name], lead=lead)
        yield answer(f"absent:{name}:{lead}", name, question, f"lead {lead} was not recorded")


def _figures(case: Case, asker: Asker) -> Iterator[Asked]:
    """Ask for a figure that neither the rhythm has nor anyone measured."""
    known = facts(case)
    codes = frozenset((*known.there, *known.open))
    figures = case.measured.figures if case.measured else {}
    for code, names, why in WITHOUT:
        if code in known.there and not codes & {"SR", "PACE"}:
            for name in names:
                if figures.get(name) is None:
                    spoken = SPOKEN[name]
                    question = asker.words(NUMBER, x=spoken.words, u=spoken.units)
                    yield _cannot(f"figure:{name}", "number", question, why)
            return


UNANSWERABLE = Family("unanswerable", "feature", ask, WORDINGS)
