"""The published sampling rule of ECG-QA: how many items of each answer, and whether given samples keep to it.

As reconstructed from the public files: verify 100 yes and 200 no (valid and test 20 and 40) for each attribute and
lead, no more than five times as many no as yes; choose 2 : 2 : up to 2 both : 2 none for each pair; query 50 (25) for
each distinct set of answers, 100 (50) for none. The train cap of choose is not known and taken to be that of test.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from einthoven.core.sample import Sample
from einthoven.instruct.ecgqa.templates import Template, templates
from einthoven.records.splits import Split

MOST_NO_PER_YES = 5
NO_SHARE = (0.66, 0.71)
_ENOUGH = 300  # verify items below which a share says nothing


@dataclass(frozen=True)
class Rule:
    """The caps of one split.

    no_per_yes: where the yes items are fewer than their cap. The publication lets it rise to 5, which in a small
    archive, where few attributes reach the cap, makes "no" the answer of four in five; its own files have 69 % no.
    none_per_answer: likewise, most "none" for each item of a query that has an answer.
    reuse: how often one ECG of the rarer side may serve for one attribute of comparisons between strangers.
    pairs_per_record: how many pairs of strangers are looked at for each record of the archive.
    """

    yes: int = 100
    no: int = 200
    no_per_yes: float = 2.25
    choose: int = 2
    answer_set: int = 50
    none: int = 100
    none_per_answer: float = 0.5
    reuse: int = 5
    pairs_per_record: int = 4


_SMALL = Rule(yes=20, no=40, answer_set=25, none=50)
RULES: Mapping[Split, Rule] = {"train": Rule(), "valid": _SMALL, "test": _SMALL}


def check_rule(samples: Iterable[Sample]) -> list[str]:
    """Return what in generated samples breaks the rule, a line each; an empty list is a set that keeps to it."""
    faults: list[str] = []
    groups: dict[tuple[str, int, str, tuple[str, ...]], Counter[tuple[str, ...]]] = defaultdict(Counter)
    decisions: Counter[str] = Counter()
    for sample in samples:
        template, about = templates()[sample.about["template"]], sample.about
        answer = tuple(sorted(sample.answer or ()))
        faults += _sample_faults(sample, template)
        asked = tuple(sorted(about["asked"])) if template.mode == "choose" else tuple(about["asked"])
        groups[about["split"], template.id, about["place"], asked][answer] += 1
        if template.yes_no:
            decisions[answer[0]] += 1
    for (split, number, place, asked), counts in groups.items():
        where = f"{split} T{number}{' ' + place if place else ''}{' ' + ' | '.join(asked) if asked else ''}"
        rule = RULES[split]  # type: ignore[index]  # about holds any JSON
        faults += [f"{where}: {fault}" for fault in _group_faults(templates()[number], counts, asked, rule)]
    said = decisions["yes"] + decisions["no"]
    if said >= _ENOUGH and not NO_SHARE[0] <= decisions["no"] / said <= NO_SHARE[1]:
        faults.append(f"{decisions['no'] / said:.1%} of the verify answers are no, must be 66 to 71 %")
    return faults


def _sample_faults(sample: Sample, template: Template) -> list[str]:
    answer, options = sample.answer or (), sample.options or ()
    faults = []
    if not set(answer) <= set(options):
        faults.append(f"{sample.id}: answer {answer} is not among its options")
    if template.yes_no and len(answer) != 1:
        faults.append(f"{sample.id}: {len(answer)} answers to a question to verify")
    if "not sure" in answer and template.id != 1:
        faults.append(f"{sample.id}: only T1 is answered with not sure")
    patients = sample.about["patients"]
    if len(sample.ecgs) != template.ecgs or len(set(sample.ecgs)) != template.ecgs:
        faults.append(f"{sample.id}: {sample.ecgs} are not {template.ecgs} ECGs")
    elif template.ecgs == 2 and (len(set(patients)) == 1) != template.consecutive:
        faults.append(f"{sample.id}: {template.question_type} about patients {patients}")
    return faults


def _group_faults(
    template: Template, counts: Counter[tuple[str, ...]], asked: tuple[str, ...], rule: Rule
) -> list[str]:
    if template.yes_no:
        yes, no, unsure = counts["yes",], counts["no",], counts["not sure",]
        wrong = yes > rule.yes or no > min(rule.no, MOST_NO_PER_YES * yes) or unsure > rule.yes
        return [f"{yes} yes, {no} no, {unsure} not sure"] if wrong else []
    if template.mode == "choose":
        first, second, both, none = counts[asked[:1]], counts[asked[1:]], counts[asked], counts[()]
        wrong = not (first == second == none <= rule.choose) or both > first
        return [f"{first} : {second} : {both} both : {none} none"] if wrong else []
    return [
        f"{count} times the answer {', '.join(answer) or 'none'}"
        for answer, count in counts.items()
        if count > (rule.answer_set if answer else rule.none)
    ]
