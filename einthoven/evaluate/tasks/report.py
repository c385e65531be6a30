"""Reports in free text: one of every recording of PTB-XL, beside the report that was written of it.

The gold is the text as it stands, in the language of its author, which is the type of the item. Facts: `labels`, the
codes of the findings there, `decided`, those that the archive says are not there; figures are not measured here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from einthoven.core.findings import FINDINGS
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.findings_labels import cases_of, default_split, once, one_ecg, patient_of
from einthoven.instruct.case import Case
from einthoven.instruct.severity import severity_of

QUESTION = "Write a short report of this ECG."


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that reports of one language hold and those of the others do not.
WORDS: Mapping[str, frozenset[str]] = {
    "German": _words(
        "sinusrhythmus sinusbradykardie sinustachykardie sinusarrhythmie rhythmus lagetyp linkstyp rechtstyp steiltyp "
        "ekg normales abnormes abnormales pathologisch pathologisches vorhofflimmern vorhofflattern herzschrittmacher "
        "infarkt oder und bei mit nicht auf nach für sonst wahrscheinlich möglich verdacht ableitungen bericht "
        "rechtsschenkelblock linksschenkelblock schenkelblock ischämie unspezifisches unspezifische alt arrhythmie "
        "ventrikuläre supraventrikuläre unbestätigter linkshypertrophie niederspannung"
    ),
    "English": _words(
        "rhythm ecg trace tracing heart the is are be of with and or to due this but may no not left right axis wave "
        "waves leads segments block branch old low high premature tachycardia bradycardia fibrillation infarction "
        "hypertrophy changes possible probable otherwise requested consistent likely pacemaker complexes"
    ),
    "Swedish": _words(
        "sinusrytm sinustakykardi rytm normalt och eller såsom vid bör med för kan vänster höger axel el-axel förlopp "
        "avvikande tachykardes övervägas ospecifikt ospecifika skänkelblock kammarhypertrofi förmaksflimmer "
        "förmaksfladder sänkning höjning hög ischemi hjärtinfarkt genomgången t-förändring myokardskada"
    ),
}
OTHER = "other"


def language_of(text: str) -> str:
    """Return the language whose words a report holds most of, "other" where there are none or as many of two.

    >>> [language_of(text) for text in ("sinusrhythmus, normales ekg.", "sinus rhythm. normal ecg.", "QRS 90")]
    ['German', 'English', 'other']
    """
    said = [word.strip(".,;:()?!/") for word in text.casefold().replace(",", " ").replace(".", " ").split()]
    counts = {name: sum(word in words for word in said) for name, words in WORDS.items()}
    most = max(counts.values())
    first = [name for name, count in counts.items() if count == most]
    return first[0] if most and len(first) == 1 else OTHER


@dataclass(frozen=True)
class Report:
    """A short report in words of one's own; recordings whose report is blank are not asked about."""

    name: str = "report"
    about: str = "Free text: a short report of each recording of a split of PTB-XL (ROOT/ptbxl) that has one."

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return an item a recording. Without a split: valid beside a local_split.csv, else fold 10.

        Raises InputError when ROOT/ptbxl is not there or holds no recording of the split.
        """
        return once(_item(root, case) for case in _cases(root, split) if case.report.strip())

    def notes(self, root: Path, split: str | None) -> list[str]:
        """Return how many recordings have no report, and how the language was told."""
        blank = sum(not case.report.strip() for case in _cases(root, split))
        return [f"{blank} recordings have no report", "the language of a report is told by its commonest words"]


REPORT = Report()


def _cases(root: Path, split: str | None) -> list[Case]:
    return cases_of(root, "ptbxl", split or default_split(root))


def _item(root: Path, case: Case) -> Item:
    codes = sorted(code for code in case.codes if code in FINDINGS)
    sample = one_ecg(f"report-{case.source}-{case.id}", str((root / case.ecg).absolute()), QUESTION, case.report)
    facts = {"labels": codes, "decided": sorted(case.absent())}
    return Item(sample, (patient_of(case),), "report", language_of(case.report),
                severity=severity_of(codes), facts=facts)  # fmt: skip
