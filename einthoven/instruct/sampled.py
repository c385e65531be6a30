"""A question as a sample: ECGs or pages in their place, the talk so far, the question and the answer as it is said."""

from collections.abc import Mapping, Sequence

from einthoven.core.sample import Part, Sample, Turn
from einthoven.instruct.case import Case
from einthoven.instruct.family import Asked
from einthoven.instruct.formats import spoken

TYPES = {"closed": "close", "open": "open", "fill": "fill", "choice": "mcq"}  # kind -> ECGInstruct's name
PREVIOUS_RECENT = ("Previous ECG:", "Recent ECG:")
FIRST_SECOND = ("First ECG:", "Second ECG:")


def sample_of(
    asked: Asked,
    case: Case | tuple[Case, Case],
    id: str,
    *,
    earlier: Sequence[str] = (),
    page: bool = False,
    severity: Mapping[str, int] | None = None,
) -> Sample:
    """Return the sample of a question about one recording, or about two in the order in which it was asked.

    earlier: texts of the turns before, user and assistant in turn; page: the recordings are shown as pages. Of two
    recordings the source and split are those of the second, and `patient` lists both where they differ.
    """
    cases = case if isinstance(case, tuple) else (case,)
    texts = (*earlier, asked.question, spoken(asked))
    turns = [Turn("assistant" if place % 2 else "user", (Part(text=text),)) for place, text in enumerate(texts)]
    turns[0] = Turn("user", (*_shown(asked, len(cases), page), *turns[0].parts))
    patients = list(dict.fromkeys(one.patient for one in cases))
    about = {
        "source": cases[-1].source,
        "split": cases[-1].split,
        "patient": patients[0] if len(patients) == 1 else patients,
        "category": asked.category,
        "type": TYPES[asked.kind],
        "template": asked.template,
        "severity": None if severity is None else dict(severity),
        "key": asked.key,
        "about": asked.about,
    }
    return Sample(id, tuple(one.ecg for one in cases), tuple(turns), asked.options, asked.pick, asked.answer, about)


def _shown(asked: Asked, count: int, page: bool) -> list[Part]:
    """Return the parts that show the recordings, two of them each under its name."""
    parts = [Part(page=place) if page else Part(ecg=place) for place in range(count)]
    if count == 1:
        return parts
    names = PREVIOUS_RECENT if asked.template.startswith("consecutive:") else FIRST_SECOND
    return [part for name, shown in zip(names, parts, strict=True) for part in (Part(text=name), shown)]
