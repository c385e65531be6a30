"""A made ward: patients with findings, questions about their ECGs, and systems that read them well, badly or not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from einthoven.core.rng import rng
from einthoven.core.sample import Answer, Sample, ask_sample
from einthoven.evaluate.audit.arms import ArmItem, arms, expand, unique
from einthoven.evaluate.audit.judge import audit
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import marks

YES_NO = ("yes", "no")
FINDINGS = ("AF", "LBBB", "LVH", "IMI", "STACH")
Reader = Callable[[Sample], Answer]
Labels = dict[str, frozenset[str]]


def ward(patients: int = 60, seed: int = 0) -> Labels:
    """ECG -> its findings; every patient has two ECGs. The findings come together: one third of the ward is ill."""
    random = rng("test", "ward", seed)
    labels = {}
    for number in range(patients):
        likely = 0.65 if number % 3 == 0 else 0.15
        for ecg in ("a", "b"):
            labels[f"p{number:03}{ecg}"] = frozenset(name for name in FINDINGS if random.random() < likely)
    return labels


def who(ecg: str) -> str:
    return f"ward/{ecg[:4]}"


def item(id: str, question: str, ecgs: tuple[str, ...], answer: str | tuple[str, ...], **more: Any) -> Item:
    """An item; options and pick are of the sample, the rest of the item."""
    options, pick = more.pop("options", YES_NO), more.pop("pick", "one")
    sample = replace(ask_sample(question, ecgs, options, pick, id), answer=answer, about=more.pop("about", {}))
    return Item(sample, patients=more.pop("patients", tuple(map(who, ecgs))), **more)


def verify(labels: Labels) -> list[Item]:
    """Every finding asked of every ECG; severity is how many other findings there are."""
    return [
        item(
            f"{name}-{ecg}",
            f"Does it show {name}?",
            (ecg,),
            "yes" if name in has else "no",
            group=f"finding:{name}",
            type="verify",
            severity=len(has - {name}),
            facts={"s": len(has)},
        )
        for name in FINDINGS
        for ecg, has in labels.items()
    ]


def which(labels: Labels) -> list[Item]:
    """All findings of every ECG at once."""
    return [
        item(f"all-{ecg}", "What does it show?", (ecg,), tuple(sorted(has)), options=FINDINGS, pick="any",
             group="which", type="query", severity=None)
        for ecg, has in labels.items()
    ]  # fmt: skip


def says(
    sample: Sample, answer: str | tuple[str, ...] | None, p: Mapping[str, float] | None = None, abstained: bool = False
) -> Answer:
    return Answer(sample.id, answer, dict(p) if p else None, None, abstained, None, "made", 0.0)


def reader(items: Sequence[Item]) -> Reader:
    """Who knows the right answer to each question about each ECG, and says "no" or nothing where there is none."""
    known = {(one.group, one.sample.ecgs): one.sample.answer for one in items}
    groups = {one.sample.question: one.group for one in items}
    for one in items:
        for words in (words for part in one.facts.get("wordings", {}).values() for words in part):
            groups[words] = one.group

    def read(sample: Sample) -> Answer:
        answer = known.get((groups[sample.question], sample.ecgs), () if sample.pick == "any" else "no")
        p = {option: 0.9 if option in _set(answer) else 0.1 for option in sample.options or ()}
        return says(sample, answer, p)

    return read


def _set(answer: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (answer,) if isinstance(answer, str) else answer or ()


def by_words(sample: Sample) -> Answer:
    """Who only reads the question: its letters decide."""
    yes = "A" in sample.question
    if sample.pick == "any":
        return says(sample, (FINDINGS[0],), {option: 0.9 - place / 6 for place, option in enumerate(FINDINGS)})
    return says(sample, "yes" if yes else "no", {"yes": 0.8 if yes else 0.3, "no": 0.2 if yes else 0.7})


def by_severity(items: Sequence[Item]) -> Reader:
    """Who sees how ill an ECG is, leaving out what is asked, and says yes of the very ill."""
    known = {(one.sample.question, one.sample.ecgs): one.severity or 0 for one in items}

    def read(sample: Sample) -> Answer:
        ill = min(known.get((sample.question, sample.ecgs), 0), 5)
        return says(sample, "yes" if ill >= 3 else "no", {"yes": ill / 6, "no": 1 - ill / 6})

    return read


def always_no(sample: Sample) -> Answer:
    return says(sample, "no")


def ask(read: Reader, made: Mapping[Any, list[ArmItem]]) -> dict[str, Answer]:
    """Ask each different question once and deal the answers out."""
    items, mapping = unique([one for arm in made.values() for one in arm])
    return expand({one.id: read(one.sample) for one in items}, mapping)


def judged(read: Reader, items: Sequence[Item], text_only: Reader | None = None) -> dict[str, Any]:
    made = arms(items, Path("controls"))
    floor = marks(items, {one.id: text_only(one.sample) for one in items}) if text_only else []
    return audit(made, ask(read, made), floor)


def value(found: Mapping[str, Any], *path: str) -> float:
    """The value of the score at this place, balanced accuracy in all unless the path says more."""
    return float(score(found, *path)["value"])


def score(found: Any, *path: str) -> Any:
    for name in path:
        found = found[name]
    return found["all"]["balanced_accuracy"] if "all" in found else found


def ids(made: Iterable[ArmItem]) -> list[str]:
    return [one.id for one in made]
