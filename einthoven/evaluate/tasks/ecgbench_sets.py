"""The nine sets of ECGBench as they are published: kind, size, classes, and the published scorer's rule.

Liu et al., arXiv 2410.19008: table of the sets, and the scorers of AIMedLab/PULSE, whose codes these are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["multi-label", "mcq", "ecgqa", "report", "arena"]
ABNORMAL, NORM = "ABNORMAL", "NORM"
OVERALL = (NORM, ABNORMAL)  # what CODE-15% is given where none of its six labels holds


class Label(NamedTuple):
    """One class: its full name, and the finding or superclass of the project's vocabulary that it is ("" for none)."""

    name: str
    finding: str


@dataclass(frozen=True)
class BenchSet:
    """One set.

    name: its released name; rule: of the published scorer, "" where a language model judges; published: how many items
    it has; classes: code -> what it is; archive: the dataset that it is made of, "" for pictures without signals.
    """

    name: str
    kind: Kind
    rule: str
    published: int
    archive: str
    what: str
    classes: Mapping[str, Label] = field(default_factory=dict)


SUPER = {
    NORM: Label("normal ECG", NORM),
    "MI": Label("myocardial infarction", "MI"),
    "STTC": Label("ST/T change", "STTC"),
    "CD": Label("conduction disturbance", "CD"),
    "HYP": Label("hypertrophy", "HYP"),
}
SIX = {
    "1dAVb": Label("1st degree av block", "1AVB"),
    "RBBB": Label("right bundle branch block", "RBBB"),
    "LBBB": Label("left bundle branch block", "LBBB"),
    "SB": Label("sinus bradycardia", "SBRAD"),
    "ST": Label("sinus tachycardia", "STACH"),
    "AF": Label("atrial fibrillation", "AFIB"),
}
CODE15 = {**SIX, NORM: Label("normal ECG", NORM), ABNORMAL: Label("abnormal ECG", "")}
CPSC = {
    NORM: Label("normal ECG", NORM),
    "AF": Label("atrial fibrillation", "AFIB"),
    "I-AVB": Label("first degree AV block", "1AVB"),
    "LBBB": Label("left bundle branch block", "LBBB"),
    "RBBB": Label("right bundle branch block", "RBBB"),
    "PAC": Label("atrial premature complex", "PAC"),
    "PVC": Label("ventricular premature complex", "PVC"),
    "STD": Label("ST depression", "STD_"),
    "STE": Label("ST elevation", "STE_"),
}

SETS: Mapping[str, BenchSet] = {
    one.name: one
    for one in (
        BenchSet("ptb-test", "multi-label", "super", 2082, "ptbxl", "which of PTB-XL's five superclasses hold", SUPER),
        BenchSet("ptb-test-report", "report", "", 500, "ptbxl", "a report of a PTB-XL recording"),
        BenchSet("code15-test", "multi-label", "code15", 1400, "code15", "which labels of CODE-15% hold", CODE15),
        BenchSet("ecgqa-test", "ecgqa", "ecgqa-ecgbench", 1317, "ptbxl", "questions of ECG-QA about one PTB-XL ECG"),
        BenchSet("cpsc-test", "multi-label", "cpsc", 2061, "cpsc2018", "which classes of CPSC 2018 hold", CPSC),
        BenchSet("csn-test-no-cot", "mcq", "mcq-8", 1611, "chapman_ningbo",
                 "the diagnosis among eight, of Chapman-Shaoxing-Ningbo"),
        BenchSet("g12-test-no-cot", "mcq", "mcq-8", 2026, "georgia", "the diagnosis among eight, of Georgia (G12EC)"),
        BenchSet("mmmu-ecg", "mcq", "mcq-4", 200, "", "multiple choice about pictures of books and case reports"),
        BenchSet("arena", "arena", "", 50, "", "two open questions about a picture"),
    )
}  # fmt: skip


def option(code: str, name: str) -> str:
    """Return a class as an option.

    >>> option("SB", "sinus bradycardia")
    'SB(sinus bradycardia)'
    """
    return f"{code}({name})"
