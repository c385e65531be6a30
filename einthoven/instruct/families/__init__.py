"""The question families: name -> module:OBJECT, loaded on first use; each turns what is known of an ECG into questions.

See docs/add-a-family.md.
"""

from importlib import import_module
from typing import cast

from einthoven.instruct.family import Family

FAMILIES: dict[str, str] = {
    "findings": "einthoven.instruct.families.findings:FINDINGS_FAMILY",
    "classes": "einthoven.instruct.families.classes:CLASSES",
    "rhythm": "einthoven.instruct.families.rhythm:RHYTHM",
    "conduction": "einthoven.instruct.families.conduction:CONDUCTION",
    "infarction": "einthoven.instruct.families.infarction:INFARCTION",
    "hypertrophy": "einthoven.instruct.families.hypertrophy:HYPERTROPHY",
    "axis": "einthoven.instruct.families.axis:AXIS",
    "intervals": "einthoven.instruct.families.intervals:INTERVALS_FAMILY",
    "leads": "einthoven.instruct.families.leads:LEADS",
    "waves": "einthoven.instruct.families.waves:WAVES",
    "noise": "einthoven.instruct.families.noise:NOISE",
    "misplacement": "einthoven.instruct.families.misplacement:MISPLACEMENT",
    "unanswerable": "einthoven.instruct.families.unanswerable:UNANSWERABLE",
    "report": "einthoven.instruct.families.report:REPORT",
    "reasoning": "einthoven.instruct.families.reasoning:REASONING",
    "consecutive": "einthoven.instruct.families.comparison:CONSECUTIVE",
    "two_patients": "einthoven.instruct.families.comparison:TWO_PATIENTS",
}


def load_family(name: str) -> Family:
    """Return a family by its name in FAMILIES."""
    module, _, attribute = FAMILIES[name].partition(":")
    return cast(Family, getattr(import_module(module), attribute))
