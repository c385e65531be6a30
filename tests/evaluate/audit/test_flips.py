"""Where another ECG changes the right answer: does the answer follow? And the subset where severity misleads."""

import pytest

from einthoven.evaluate.audit.flipped import DEFINITIONS, flipped, subset
from einthoven.evaluate.audit.flips import WAYS, flips, right_answer_changed
from einthoven.evaluate.audit.people import People
from einthoven.evaluate.marks import Mark, mark
from tests.evaluate.audit.world import item, says

Case = tuple[str, str | None, str, str | None]  # old right answer, said of the true ECG, new right answer, said then


def _pair(number: int, case: Case) -> tuple[Mark, Mark]:
    old, before, new, after = case
    of = [item(f"{number}", "?", (f"p{number:03}",), gold, options=("a", "b", "c")) for gold in (old, new)]
    said = [says(of[0].sample, answer, abstained=answer is None) for answer in (before, after)]
    return mark(of[0], said[0]), mark(of[1], said[1])


@pytest.mark.parametrize(
    ("case", "way"),
    [
        (("a", "a", "b", "b"), "flipped"),
        (("a", "c", "b", "b"), "flipped"),  # wrong before, right now
        (("a", "a", "b", "a"), "kept"),
        (("a", "b", "b", "b"), "kept"),  # right now, but by never moving
        (("a", "a", "b", "c"), "elsewhere"),
        (("a", "a", "b", None), "no_answer"),
        (("a", None, "b", None), "no_answer"),
        (("a", None, "b", "b"), "flipped"),
    ],
)
def test_each_answer_goes_one_way(case: Case, way: str) -> None:
    pair = _pair(0, case)
    found = flips(People.of([pair[0]]), [pair])["right_answer_changed"]
    assert {name: found[name]["value"] for name in WAYS} == {name: float(name == way) for name in WAYS}


def test_shares_are_told_apart_by_whether_the_right_answer_changed() -> None:
    flipped_thrice: list[Case] = [("a", "a", "b", "b")] * 3
    cases: list[Case] = [*flipped_thrice, ("a", "a", "b", "a"), ("a", "a", "a", "b"), ("c", "b", "c", "b")]
    pairs = [_pair(number, case) for number, case in enumerate(cases)]
    found = flips(People.of([before for before, _ in pairs]), pairs)
    assert (found["right_answer_changed"]["n"], found["right_answer_stayed"]["n"]) == (4, 2)
    assert found["right_answer_changed"]["flipped"]["value"] == 0.75
    assert found["right_answer_stayed"]["changed"]["value"] == 0.5
    assert set(found) == {"right_answer_changed", "right_answer_stayed"}


def test_to_verify_both_directions_are_told_alone() -> None:
    pairs = []
    for number, (old, new, after) in enumerate((("yes", "no", "no"), ("no", "yes", "no"), ("no", "yes", "yes"))):
        here, there = (item(f"{number}", "?", (f"p{number:03}",), gold) for gold in (old, new))
        pairs.append((mark(here, says(here.sample, old)), mark(there, says(there.sample, after))))
    found = flips(People.of([before for before, _ in pairs]), pairs)
    assert (found["yes_to_no"]["flipped"]["value"], found["no_to_yes"]["flipped"]["value"]) == (1.0, 0.5)


def test_a_number_changes_by_more_than_may_be_missed() -> None:
    base, near, far = (
        item("a", "?", ("p001",), gold, options=None, unit="ms", tolerance=10) for gold in ("160", "170", "171")
    )
    assert not right_answer_changed(base, near)
    assert right_answer_changed(base, far)


def _ward(yes: int, no: int, s_yes: int = 2, s_no: int = 3, answer: str | None = None) -> list[Mark]:
    marks = []
    for number in range(yes + no):
        gold, s = ("yes", s_yes) if number < yes else ("no", s_no)
        one = item(f"i{number}", "?", (f"p{number:03}",), gold, group="AF", severity=s, facts={"s": s + 1})
        marks.append(mark(one, says(one.sample, answer or gold)))
    return marks


def test_the_subset_is_yes_of_the_hardly_ill_and_no_of_the_ill() -> None:
    marks = _ward(5, 4) + _ward(3, 3, s_yes=3, s_no=2)
    assert subset(marks, DEFINITIONS["without_asked"]) == marks[:9]


@pytest.mark.parametrize(("yes", "no", "expected"), [(5, 1, 6), (4, 9, 0), (9, 0, 0)])
def test_only_findings_with_five_yes_and_a_no_in_it_count(yes: int, no: int, expected: int) -> None:
    assert len(subset(_ward(yes, no), DEFINITIONS["without_asked"])) == expected


def test_both_definitions_stand_side_by_side() -> None:
    """Counting the asked finding, S of the yes items is 3: none of them is left."""
    marks = _ward(6, 6)
    found = flipped(People.of(marks), marks)
    assert found is not None
    assert found["with_asked"] is None
    part = found["without_asked"]
    assert {name: part[name] for name in ("yes", "no", "findings", "patients", "ranked")} == {
        "yes": 6, "no": 6, "findings": 1, "patients": 12, "ranked": False}  # fmt: skip


def test_thirty_patients_are_ranked() -> None:
    marks = _ward(15, 15)
    found = flipped(People.of(marks), marks)
    assert found is not None
    assert found["without_asked"]["ranked"] is True


def test_who_reads_only_severity_is_always_wrong_in_it() -> None:
    marks = _ward(10, 10) + _ward(10, 10, s_yes=5, s_no=0)
    sick = [mark(one.item, says(one.item.sample, "yes" if (one.item.severity or 0) > 2 else "no")) for one in marks]
    found = flipped(People.of(sick), sick)
    assert found is not None
    part = found["without_asked"]
    assert part["by_type"]["all"]["balanced_accuracy"]["value"] == 0.0
    assert part["same_findings"]["all"]["balanced_accuracy"]["value"] == 0.5
    assert part["drop"]["all"]["balanced_accuracy"]["value"] == 0.5


def test_without_severity_there_is_none() -> None:
    marks = [mark(item("a", "?", ("p001",), "yes"), None)]
    assert flipped(People.of(marks), marks) is None
