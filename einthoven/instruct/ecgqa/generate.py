"""ECG-QA for a labelled archive: samples made by the published rule, in our own sentences or the official wording."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from einthoven.core.rng import rng
from einthoven.core.sample import Part, Sample, Turn
from einthoven.instruct.ecgqa.attributes import QaRecord
from einthoven.instruct.ecgqa.features import PROVENANCE
from einthoven.instruct.ecgqa.rule import RULES, Rule
from einthoven.instruct.ecgqa.sampling import Plan, plans
from einthoven.instruct.ecgqa.templates import Template, templates
from einthoven.instruct.ecgqa.wording import filled, sentences
from einthoven.records.splits import Split

SOURCE = "ecgqa"
Wording = Literal["own", "template"]


def generate(
    records: Iterable[QaRecord], split: Split, seed: int = 0, *, rule: Rule | None = None, wording: Wording = "own"
) -> Iterator[Sample]:
    """Yield the samples of a split, template by template; the same for the same records, split, seed and rule.

    wording: "own" draws one of this project's sentences that the split may use, "template" takes the official one.
    An answer is a tuple, empty for the official "none". Raises InputError when a patient is in two splits.
    """
    numbers: Counter[int] = Counter()
    for plan in plans(records, split, seed, rule or RULES[split]):
        if not numbers[plan.template]:
            random = rng("ecgqa wording", seed, split, plan.template)
        template = templates()[plan.template]
        allowed = sentences(plan.template, split) if wording == "own" else (template.wording,)
        sentence = allowed[int(random.integers(len(allowed)))]
        yield qa_sample(
            f"{SOURCE}-{split}-T{plan.template:02}-{numbers[plan.template]:05}",
            filled(sentence, template, plan.place, plan.asked, official=wording == "template"),
            tuple(record.path for record in plan.records),
            (plan.options, plan.answer),
            about(template, split) | _about(plan, template, wording),
        )
        numbers[plan.template] += 1


def qa_sample(
    id: str,
    question: str,
    ecgs: tuple[str, ...],
    choices: tuple[tuple[str, ...], tuple[str, ...]],
    about: dict[str, Any],
) -> Sample:
    """Return the sample of a question of ECG-QA; choices: its options and those that hold."""
    options, answer = choices
    parts = (*(Part(ecg=place) for place in range(len(ecgs))), Part(text=question))
    pick: Literal["one", "any"] = "one" if about["type"].endswith("verify") else "any"
    return Sample(id, ecgs, (Turn("user", parts),), options, pick, answer, about)


def about(template: Template, split: str) -> dict[str, Any]:
    """Return what is told of every sample of a template."""
    return {"source": SOURCE, "template": template.id, "type": template.question_type,
            "attribute_type": template.attribute_type, "split": split}  # fmt: skip


def _about(plan: Plan, template: Template, wording: Wording) -> dict[str, Any]:
    told: dict[str, Any] = {
        "place": plan.place,
        "asked": list(plan.asked),
        "patients": [record.patient for record in plan.records],
        "records": [record.id for record in plan.records],
        "wording": wording,
    }
    return told | ({"features": PROVENANCE} if template.attribute_type == "numeric_feature" else {})


def short_templates(samples: Iterable[Sample]) -> dict[int, str]:
    """Return template -> why there is too little of it: nothing at all, or (to verify) nothing answered with yes."""
    made: Counter[int] = Counter()
    yes: Counter[int] = Counter()
    for sample in samples:
        made[sample.about["template"]] += 1
        yes[sample.about["template"]] += sample.answer == ("yes",)
    return {
        number: f"T{number} {template.question_type} ({template.domain}): "
        + ("the archive states none of it" if not made[number] else "no yes")
        for number, template in templates().items()
        if not made[number] or (template.yes_no and not yes[number])
    }
