"""How a question may be put: our own sentences, divided so that train, valid and test share none (5 : 2 : 3)."""

from typing import Literal

Split = Literal["train", "valid", "test"]

# {x} is a finding with or without its article; every list is a multiple of ten.
SHOWS_FINDING = (
    "Does this ECG show {x}?",
    "Is there {x} on this ECG?",
    "Is {x} present?",
    "Can you see {x} in this recording?",
    "Do you find {x} here?",
    "Looking at the tracing, is {x} there?",
    "Is this ECG consistent with {x}?",
    "Does the electrocardiogram show signs of {x}?",
    "Would you report {x}?",
    "Tell me whether the ECG shows {x}.",
    "Does the patient's ECG have {x}?",
    "Is {x} seen in this electrocardiogram?",
    "Is there evidence of {x} in this ECG?",
    "Do the twelve leads show {x}?",
    "Should {x} be mentioned in the report of this ECG?",
    "Does this tracing contain {x}?",
    "Does the recording give evidence for {x}?",
    "Would a cardiologist find {x} in these leads?",
    "Are there signs of {x}?",
    "Has this ECG got {x}?",
)
NORMAL = (
    "Is this ECG normal?",
    "Is this a normal ECG?",
    "Would you call this ECG normal?",
    "Is the tracing within normal limits?",
    "Is the electrocardiogram normal?",
    "Is this recording free of abnormalities?",
    "Can this ECG be reported as normal?",
    "Is everything normal on this ECG?",
    "Does the ECG look normal?",
    "Are all findings on this ECG normal?",
)
ABNORMAL = (
    "Is this ECG abnormal?",
    "Is anything abnormal on this ECG?",
    "Are there any abnormalities?",
    "Does this ECG show any abnormality?",
    "Is there something wrong with this ECG?",
    "Is this an abnormal ECG?",
    "Do you see an abnormality in the tracing?",
    "Does the recording deviate from normal?",
    "Are there abnormal findings in this electrocardiogram?",
    "Would you report any abnormality?",
)
WHAT_RHYTHM = (
    "What is the rhythm?",
    "Which rhythm does this ECG show?",
    "Name the heart rhythm.",
    "What rhythm is this?",
    "Determine the rhythm of this ECG.",
    "Which heart rhythm is present?",
    "Can you identify the rhythm?",
    "State the underlying rhythm.",
    "What rhythm do you see in the tracing?",
    "How would you name this rhythm?",
)
WHAT_FINDINGS = (
    "What does this ECG show?",
    "List the findings of this ECG.",
    "Which findings are present?",
    "Describe this ECG.",
    "What are the findings?",
    "What do you see on this ECG?",
    "Summarise the findings in this recording.",
    "Interpret this ECG.",
    "Name all findings in this tracing.",
    "Report this electrocardiogram.",
)
WHICH_CLASS = (
    "Which of these does this ECG show?",
    "Which diagnostic class fits this ECG?",
    "Which of the following is present?",
    "What kind of ECG is this?",
    "Choose what this ECG shows.",
    "Which category does this ECG belong to?",
    "Which of these would you report?",
    "Pick what applies to this ECG.",
    "What applies to this recording?",
    "Which one of these is right?",
)
QUESTIONS = {
    "shows_finding": SHOWS_FINDING,
    "normal": NORMAL,
    "abnormal": ABNORMAL,
    "what_rhythm": WHAT_RHYTHM,
    "what_findings": WHAT_FINDINGS,
    "which_class": WHICH_CLASS,
}

SUPERCLASS_WORDS = {
    "NORM": ("a normal ECG", "normal findings only", "normal ECG"),
    "MI": (
        "myocardial infarction", "a myocardial infarction", "an infarction", "infarction", "MI", "a heart attack",
    ),
    "STTC": (
        "ST/T changes", "ST/T change", "ST-T changes", "an ST-T change", "ST or T wave changes", "ST/T abnormalities",
        "ST segment or T wave abnormalities",
    ),
    "CD": (
        "a conduction disturbance", "conduction disturbance", "conduction disturbances", "a conduction disorder",
        "abnormal conduction", "a conduction defect", "a conduction abnormality",
    ),
    "HYP": ("hypertrophy", "cardiac hypertrophy", "hypertrophy of a chamber", "chamber enlargement or hypertrophy"),
}  # fmt: skip


def of_split(sentences: tuple[str, ...], split: Split) -> tuple[str, ...]:
    """Return the sentences that a split may use: of every ten, five train, two valid, three test."""
    share = {"train": range(5), "valid": range(5, 7), "test": range(7, 10)}[split]
    return tuple(sentence for place, sentence in enumerate(sentences) if place % 10 in share)


def wordings(family: str, split: Split) -> tuple[str, ...]:
    """Return the sentences of a question that a split may use."""
    return of_split(QUESTIONS[family], split)
