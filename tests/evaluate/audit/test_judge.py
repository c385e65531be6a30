"""Made systems in the audit: each shows the signature that is known of it beforehand."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from einthoven.core.ecg import Ecg
from einthoven.core.errors import JobError
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.core.sample import Answer, Sample
from einthoven.evaluate.audit.arms import ARMS, arms
from einthoven.evaluate.audit.controls import NOISES, Controls, write_controls
from einthoven.evaluate.audit.judge import audit
from einthoven.evaluate.item import Item
from einthoven.records.read import read
from einthoven.records.write import write_wfdb
from tests.evaluate.audit.world import (
    FINDINGS,
    Reader,
    always_no,
    ask,
    by_severity,
    by_words,
    item,
    judged,
    reader,
    says,
    score,
    value,
    verify,
    ward,
    which,
)

KEYS = {*ARMS, "other_own_label", "flipped", "text_only", "absent", "summary"}
CONTRACT = {"true", "other", "other_own_label", "matched", "flat", "noise", "none", "permuted", "swapped"}


@cache
def _items() -> tuple[Item, ...]:
    labels = ward(45)
    return (*verify(labels), *which(labels))


READERS: dict[str, Callable[[Sequence[Item]], Reader]] = {
    "perfect": reader,
    "words": lambda _: by_words,
    "constant": lambda _: always_no,
    "severity": by_severity,
}


@cache
def _found(name: str) -> dict[str, Any]:
    items = _items() if name in ("perfect", "words") else _items()[: len(FINDINGS) * 90]
    return judged(READERS[name](items), items, by_words)


def _verdict(name: str) -> str:
    return "\n".join(_found(name)["summary"]["verdict"])


def test_who_reads_every_ecg_is_right_about_the_ecg_shown_and_at_chance_about_the_other() -> None:
    found = _found("perfect")
    assert value(found, "true", "by_type") == value(found, "other_own_label", "by_type") == 1.0
    assert value(found, "matched", "own_label", "by_type") == 1.0
    other = value(found, "other", "by_type")
    assert other == pytest.approx(0.5, abs=0.02)
    assert other == value(found, "other", "perfect_reader"), "the yardstick is this reader"
    assert score(found, "other", "reliance")["low"] > 0.45
    assert value(found, "other_own_label", "gain") == pytest.approx(1 - other, abs=2e-4)
    flips = found["other"]["flips"]
    assert flips["right_answer_changed"]["flipped"]["value"] == flips["yes_to_no"]["flipped"]["value"] == 1.0
    assert flips["right_answer_stayed"]["changed"]["value"] == 0.0
    assert found["other_own_label"]["by_type"]["verify"]["auroc"]["value"] == 1.0
    assert "Answers move with the ECG" in _verdict("perfect")
    assert "more is read than how ill it is" in _verdict("perfect")


def test_raw_accuracy_of_this_reader_hides_what_balanced_accuracy_shows() -> None:
    """The trap: most right answers are no with any ECG."""
    here = _found("perfect")["other"]["by_type"]["verify"]
    assert here["accuracy"]["value"] > here["balanced_accuracy"]["value"] + 0.05


@pytest.mark.parametrize("name", ["words", "constant"])
def test_who_never_looks_has_no_reliance_and_never_moves(name: str) -> None:
    found = _found(name)
    reliance = score(found, "other", "reliance")
    assert (reliance["value"], reliance["low"], reliance["high"]) == (0, 0, 0)
    assert value(found, "other_own_label", "by_type") == value(found, "other", "by_type") == 0.5
    assert value(found, "other_own_label", "gain") == 0.0
    flips = found["other"]["flips"]
    assert (flips["right_answer_changed"]["flipped"]["value"], flips["right_answer_changed"]["kept"]["value"]) == (0, 1)
    for arm in ("other", "matched", "flat", "noise", "none", "permuted"):
        assert found[arm]["by_type"]["all"]["changed"]["value"] == 0.0
    assert value(found, "none", "true_minus_forced") == 0.0
    assert "Not one answer changes" in _verdict(name)
    assert "not told apart from the 0.500 of chance" in _verdict(name)


def test_who_reads_severity_moves_with_the_ecg_but_not_among_equally_ill_ones_and_fails_the_flipped_subset() -> None:
    found = _found("severity")
    assert score(found, "true", "by_type")["low"] > 0.55, "the confounder makes it look like reading"
    assert score(found, "other_own_label", "by_type")["low"] > 0.55
    assert "Answers move with the ECG" in _verdict("severity")
    matched = found["matched"]
    assert matched["by_type"]["all"]["changed"]["value"] == 0.0, "a partner of the same level changes nothing"
    assert value(matched, "reliance") == value(matched, "own_label", "gain") == 0.0
    assert score(matched, "own_label", "by_type")["low"] > 0.55, "right as often, and no sign of reading"
    assert matched["flips"]["right_answer_changed"]["flipped"]["value"] == 0.0
    part = found["flipped"]["without_asked"]
    assert value(part, "by_type") == 0.0
    assert value(part, "drop") == value(part, "same_findings") > 0.55
    assert "they may tell no more than how ill it is" in _verdict("severity")
    assert "Where severity (leaving out what is asked) points the wrong way it has 0.000" in _verdict("severity")


def test_the_text_only_floor_stands_beside() -> None:
    found = _found("perfect")
    assert value(found, "none", "forced") == 0.5
    assert value(found, "none", "true_minus_forced") == 0.5
    assert value(found, "text_only", "by_type") == 0.5
    assert value(found, "text_only", "true_minus_text_only") == 0.5
    assert score(found, "true", "by_type")["text_only"] == 0.5


def test_the_result_has_the_keys_of_the_contract_and_is_plain_json() -> None:
    found = _found("perfect")
    assert set(found) == KEYS >= CONTRACT
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["swapped"] is None
    assert found["phrasing"] is None
    assert found["absent"] == {
        "swapped": "the question is not about two ECGs",
        "phrasing": "no unseen wording of the question is given",
    }
    assert (found["true"]["items"], found["true"]["patients"], found["true"]["ranked"]) == (540, 45, True)
    assert (found["other"]["items"], found["other"]["answers"], found["other"]["left_out"]) == (540, 2700, 0)
    assert found["matched"]["left_out"] >= 90, "no severity is known for those with many options"
    assert "severity is not known" in found["matched"]["left_out_because"]
    assert set(found["other"]["by_permutation"]) == {f"other{draw}" for draw in range(1, 6)}


def test_the_same_answers_are_judged_the_same() -> None:
    items = _items()[:200]
    made = arms(items, Path("controls"))
    answers = ask(reader(items), made)
    assert audit(made, answers) == audit(made, dict(reversed(answers.items())))


def test_few_patients_are_described_and_not_ranked() -> None:
    labels = ward(12)
    found = judged(reader(verify(labels)), verify(labels))
    assert found["true"]["ranked"] is False
    assert found["summary"]["verdict"][0].startswith("Only 12 patients, fewer than 30")


def test_no_answers_at_all_are_failures_not_errors() -> None:
    items = _items()
    found = audit(arms(items, Path("controls")), {})
    assert found["true"]["by_type"]["all"]["failed"]["value"] == 1.0
    assert value(found, "true", "by_type") == 0.0
    assert score(found, "true", "by_type")["unread"] == 1.0
    assert found["none"]["forced"] is None
    assert found["other"]["flips"]["right_answer_changed"]["no_answer"]["value"] == 1.0


def test_nothing_to_audit_is_an_error() -> None:
    with pytest.raises(JobError, match="no items"):
        audit({}, {})


def _shy(read: Reader) -> Reader:
    """Abstains where there is nothing to read, and knows which option is likelier all the same."""
    controls = Controls(Path("controls"))
    nothing = {controls.flat, *map(controls.noise, NOISES)}

    def answer(sample: Sample) -> Answer:
        if nothing & set(sample.ecgs) or not sample.ecgs:
            return says(sample, None, {"yes": 0.2, "no": 0.8}, abstained=True)
        return read(sample)

    return answer


def test_who_abstains_where_nothing_can_be_read_is_seen_to() -> None:
    items = verify(ward(20))
    found = judged(_shy(reader(items)), items)
    for arm in ("flat", "noise", "none"):
        assert found[arm]["by_type"]["all"]["abstained"]["value"] == 1.0
        assert value(found, arm, "by_type") == 0.0, "an abstention is no right answer to the question"
        assert value(found, arm, "forced") == 0.5, "always no"
        assert value(found, arm, "true_minus_forced") == 0.5
    assert {kind: one["value"] for kind, one in found["noise"]["abstained"].items()} == dict.fromkeys(NOISES, 1.0)
    assert found["true"]["by_type"]["all"]["abstained"]["value"] == 0.0
    assert (
        "abstains: 100.0% with a flat ECG, 100.0% with noise, 100.0% with no ECG, 0.0% with the true ECG"
        in "\n".join(found["summary"]["verdict"])
    )


def _largest(sample: Sample) -> float:
    return float(np.abs(read(sample.ecgs[0]).signal_mv).max())


def _lead_two(sample: Sample) -> float:
    return float(np.abs(read(sample.ecgs[0]).lead("II")).max())


@pytest.mark.parametrize(("measure", "notices"), [(_largest, False), (_lead_two, True)])
def test_who_minds_the_names_of_leads_is_told_from_who_does_not(
    tmp_path: Path, measure: Callable[[Sample], float], notices: bool
) -> None:
    items = []
    for number in range(12):
        signal_mv = rng("test", "leads", number).normal(0, 0.2, (12, 1000))
        signal_mv *= 1 + 4 * (np.arange(12) == 1)[:, None] * (number % 2)  # lead II is large in every second one
        write_wfdb(Ecg(signal_mv.astype(np.float32), TWELVE, 500.0), tmp_path, f"r{number}")
        path = str(tmp_path / f"r{number}")
        items.append(item(f"i{number}", "Large?", (path,), "yes" if number % 2 else "no", patients=(f"p{number}",)))
    made = arms(items, tmp_path / "ecgs")
    assert write_controls([one.sample.ecgs[0] for one in items], Controls(tmp_path / "ecgs")) == {}

    def answer(sample: Sample) -> Answer:
        large = sample.ecgs != () and Path(sample.ecgs[0]).name != "flat" and measure(sample) > 1.5
        return says(sample, "yes" if large else "no")

    found = audit(made, ask(answer, made))
    assert value(found, "true", "by_type") == 1.0
    assert value(found, "permuted", "drop") == (0.5 if notices else 0.0)
    assert found["permuted"]["by_type"]["all"]["changed"]["value"] == (0.5 if notices else 0.0)


def _comparisons() -> list[Item]:
    """Resolved, newly detected, still present and still absent AF, of ECGs of two patients."""
    labels = ward(30)
    holds = {57: (True, False), 58: (False, True), 59: (True, True), 60: (False, False)}
    ecgs = [ecg for ecg in labels if ecg.endswith("a")]
    return [
        item(
            f"T{template}-{one}-{two}", f"T{template}?", (one, two),
            "yes" if ("AF" in labels[one], "AF" in labels[two]) == truth else "no",
            group=f"T{template}", type="comparison", about={"template": template, "asked": ["AF"]},
        )
        for template, truth in holds.items()
        for one, two in pairwise(ecgs)
    ]  # fmt: skip


def test_who_reads_two_ecgs_in_their_order_exchanges_the_answers() -> None:
    items = _comparisons()
    labels = ward(30)
    holds = {"T57?": (True, False), "T58?": (False, True), "T59?": (True, True), "T60?": (False, False)}

    def answer(sample: Sample) -> Answer:
        truth = tuple("AF" in labels.get(ecg, frozenset()) for ecg in sample.ecgs)
        return says(sample, "yes" if truth == holds[sample.question] else "no")

    found = judged(answer, items)["swapped"]
    assert found["right_answer_known"] == len(items)
    assert found["consistency"]["all"]["value"] == 1.0
    assert score(found, "by_type")["value"] == 1.0
    assert found["yes_both_ways"]["value"] == 0.0


def test_who_answers_from_the_words_does_not_agree_with_the_partner_question() -> None:
    """Yes to "resolved", no to "newly detected": of four questions these two do not exchange."""
    found = judged(lambda sample: says(sample, "no" if sample.question == "T58?" else "yes"), _comparisons())["swapped"]
    assert found["consistency"]["all"]["value"] == 0.5
    assert found["yes_both_ways"]["value"] == 1.0


def test_who_does_not_mind_the_order_says_that_a_change_went_both_ways() -> None:
    items = _comparisons()
    labels = ward(30)

    def answer(sample: Sample) -> Answer:
        of = {"AF" in labels.get(ecg, frozenset()) for ecg in sample.ecgs}
        truth = {"T57?": {True, False}, "T58?": {True, False}, "T59?": {True}, "T60?": {False}}[sample.question]
        return says(sample, "yes" if of == truth else "no")

    found = judged(answer, items)
    assert found["swapped"]["yes_both_ways"]["value"] == 1.0
    assert score(found["swapped"], "by_type")["value"] < 1.0
    assert "are said to be there both ways" in "\n".join(found["summary"]["verdict"])


WORDS = {"train": ["Is {} there?", "Does it show {}?"], "test": ["Can {} be seen?", "Any {} here?"]}


def test_who_knows_only_the_words_of_training_has_a_phrasing_gap() -> None:
    items = []
    for one in verify(ward(20)):
        name = one.group.removeprefix("finding:")
        wordings = {split: [words.format(name) for words in part] for split, part in WORDS.items()}
        items.append(replace(one, facts={**one.facts, "wordings": wordings}))
    read = reader(items)

    def by_heart(sample: Sample) -> Answer:
        learnt = sample.question.startswith(("Is ", "Does it show "))
        return read(sample) if learnt else says(sample, "no")

    found = judged(by_heart, items)
    assert value(found, "phrasing", "gap") == 0.5
    assert value(found, "phrasing", "by_type") == 0.5
    assert value(found, "phrasing", "seen") == 1.0
    assert score(found, "phrasing", "by_type")["n"] == len(items)
    yes = sum(one.gold == {"yes"} for one in items) / len(items)
    assert found["phrasing"]["by_type"]["all"]["changed"]["value"] == pytest.approx(yes, abs=1e-4)
    assert "words that training has not seen cost 0.500" in "\n".join(found["summary"]["verdict"])
    assert value(judged(read, items), "phrasing", "gap") == 0.0


def test_numbers_have_reliance_by_accuracy() -> None:
    items = [
        item(f"i{number}", "PR?", (f"p{number:03}a",), str(120 + 20 * (number % 5)), options=None, group="pr",
             unit="ms", tolerance=10.0, type="number")
        for number in range(40)
    ]  # fmt: skip
    gold = {one.sample.ecgs: one.sample.answer for one in items}
    found = judged(lambda sample: says(sample, gold.get(sample.ecgs, "nothing")), items)
    assert found["other_own_label"]["by_type"]["number"]["accuracy"]["value"] == 1.0
    perfect = found["other"]["perfect_reader"]["number"]["accuracy"]["value"]
    assert found["other"]["by_type"]["number"]["accuracy"]["value"] == perfect < 0.3
    assert found["other"]["flips"]["right_answer_changed"]["flipped"]["value"] == 1.0
    assert "balanced_accuracy" not in found["true"]["by_type"]["all"]
    assert "cannot be told" in found["summary"]["verdict"][0]
