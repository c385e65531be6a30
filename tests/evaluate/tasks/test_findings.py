"""Single findings on made cases: who is asked, how those without are chosen, and what is told of it."""

from collections import Counter
from pathlib import Path

import pytest

from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.findings import AT_LEAST, FINDINGS_TASK, NO_PER_YES, items_of, notes_of
from einthoven.instruct.case import Case
from einthoven.instruct.families.sure import sure
from einthoven.instruct.severity import LEVELS, level, severity_without
from tests.evaluate.tasks.made_ptbxl import many, write_ptbxl
from tests.support import data_root

STATED = frozenset(FINDINGS)


def _case(number: int, *codes: str, source: str = "made", likelihood: float | None = 100.0) -> Case:
    found = dict.fromkeys(codes, likelihood)
    return Case(source, str(number), f"{source}/{number}", f"p{number}", "test", found, STATED)


def _said(items: list[Item], group: str) -> Counter[str]:
    return Counter(str(item.sample.answer) for item in items if item.group == group)


def test_each_recording_that_shows_it_and_two_for_each_that_do_not(tmp_path: Path) -> None:
    items = FINDINGS_TASK.items(write_ptbxl(tmp_path, many()), None)
    assert _said(items, "finding:AFIB") == {"yes": 10, "no": 20}
    assert _said(items, "finding:1AVB") == {"yes": 10, "no": 20}
    assert _said(items, "finding:CLBBB") == {"yes": 20, "no": 40}
    assert not _said(items, "finding:IMI"), "50 % sure is not sure: neither yes nor no"
    assert not _said(items, "finding:NORM")
    assert len({item.id for item in items}) == len(items)
    assert {(item.type, item.kind) for item in items} == {("finding", "one")}


def test_nobody_is_asked_twice_and_the_gold_is_sure() -> None:
    cases = [_case(number, "AFIB", "LVH") for number in range(6)] + [_case(number, "SR") for number in range(6, 40)]
    items = items_of("findings", Path("/data"), cases)
    known = {case.id: sure(case) for case in cases}
    for item in items:
        _, _, id, code = item.id.split("-")
        assert code in (known[id].there if item.gold == {"yes"} else known[id].absent)
    assert len({item.id for item in items}) == len(items)


def test_a_finding_of_too_few_recordings_or_left_open_is_not_asked() -> None:
    cases = [_case(number, "AFIB") for number in range(AT_LEAST - 1)]
    cases += [_case(number, "LVH", likelihood=50.0) for number in range(10, 20)]
    cases += [_case(number, "SBRAD") for number in range(20, 60)]
    assert {item.group for item in items_of("findings", Path("/data"), cases)} == {"finding:SBRAD"}


def test_recordings_that_leave_it_open_are_neither_with_nor_without() -> None:
    cases = [_case(number, "LVH") for number in range(5)]
    cases += [_case(number, "LVH", likelihood=50.0) for number in range(10, 19)]
    cases += [_case(number, "VCLVH") for number in range(20, 29)]  # beside it nobody can call LVH absent
    cases += [_case(number, "SBRAD") for number in range(30, 33)]
    asked = {item.id.split("-")[2]: item.gold for item in items_of("findings", Path("/data"), cases)
             if item.group == "finding:LVH"}  # fmt: skip
    assert asked == {
        **{str(number): {"yes"} for number in range(5)},
        **{str(number): {"no"} for number in (30, 31, 32)},
    }


def test_nobody_takes_from_another_level_what_that_level_needs() -> None:
    shows = [_case(0, "AFIB", "LVH"), *(_case(number, "AFIB") for number in range(1, 5))]  # S' 1, then S' 0
    free = [_case(10 + number, "SR") for number in range(8)] + [_case(20, "RVH", "PVC")]
    items = [one for one in items_of("findings", Path("/data"), shows + free) if one.group == "finding:AFIB"]
    assert Counter((item.facts["level"], item.facts["stands_for"]) for item in items if item.gold == {"no"}) == {
        ("0", "0"): 8, ("2", "1"): 1,
    }  # fmt: skip


def test_those_without_are_as_ill_where_there_are_enough() -> None:
    shows = [_case(number, "AFIB", *("LVH", "CLBBB")[: number % 3]) for number in range(6)]
    free = [_case(10 + number, "SR", *("RVH", "CRBBB", "PVC")[: number % 4]) for number in range(40)]
    items = [one for one in items_of("findings", Path("/data"), shows + free) if one.group == "finding:AFIB"]
    levels = {answer: Counter(level(item.severity or 0) for item in items if item.gold == {answer})
              for answer in ("yes", "no")}  # fmt: skip
    assert levels["no"] == {at: NO_PER_YES * count for at, count in levels["yes"].items()}
    assert all(item.facts["level"] == item.facts["stands_for"] for item in items)


def test_the_nearest_severity_stands_in_and_the_item_says_so() -> None:
    shows = [_case(number, "AFIB", "LVH") for number in range(5)]  # S' is 1
    free = [_case(10 + number, "SR") for number in range(8)] + [_case(30, "RVH"), _case(31, "RVH", "PVC", "CRBBB")]
    items = [one for one in items_of("findings", Path("/data"), shows + free) if one.group == "finding:AFIB"]
    no = [item for item in items if item.gold == {"no"}]
    assert Counter((item.facts["level"], item.facts["stands_for"]) for item in no) == {
        ("0", "1"): 8, ("1", "1"): 1, ("3-4", "1"): 1,
    }  # fmt: skip
    assert any(note.startswith("9 of 10 recordings") for note in notes_of(items))


def test_too_few_without_are_told() -> None:
    cases = [_case(number, "AFIB") for number in range(6)] + [_case(10, "SR"), _case(11, "SR")]
    items = items_of("findings", Path("/data"), cases)
    assert _said(items, "finding:AFIB") == {"yes": 6, "no": 2}
    assert "finding:AFIB: 2 without for 6 with" in notes_of(items)


def test_those_without_are_of_the_same_archive_and_an_archive_without_any_is_not_asked() -> None:
    first = [_case(number, "AFIB", source="georgia") for number in range(5)]
    first += [_case(number, "SR", source="georgia") for number in range(5, 30)]
    other = [_case(number, "AFIB", source="cpsc2018") for number in range(9)]
    items = [one for one in items_of("t", Path("/data"), first + other) if one.group == "finding:AFIB"]
    assert Counter((item.patients[0].split("/")[0], *item.gold) for item in items) == {
        ("georgia", "yes"): 5, ("georgia", "no"): 10,
    }  # fmt: skip


def test_the_severity_is_without_the_finding_and_the_order_is_fixed() -> None:
    cases = [_case(number, "AFIB", "LVH") for number in range(5)] + [_case(number, "SR") for number in range(9, 30)]
    items = items_of("findings", Path("/data"), cases)
    assert items == items_of("findings", Path("/data"), cases)
    for item in items:
        codes = next(case.codes for case in cases if case.id == item.id.split("-")[2])
        assert item.severity == severity_without(codes, item.id.split("-")[3])
        assert item.facts["level"] == LEVELS[level(item.severity)]


def test_the_words_are_those_of_the_family(tmp_path: Path) -> None:
    items = FINDINGS_TASK.items(write_ptbxl(tmp_path, many()), None)
    first = next(item for item in items if item.group == "finding:1AVB")
    assert first.sample.question == "Does this ECG show first degree AV block?"
    assert {split: len(said) for split, said in first.facts["wordings"].items()} == {"train": 9, "valid": 4, "test": 6}
    assert "Say whether first degree AV block is present." in first.facts["wordings"]["valid"]


def test_nothing_to_ask_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finding has 5 recordings"):
        FINDINGS_TASK.items(write_ptbxl(tmp_path, many(4)), None)


def test_real_recordings_of_ptbxl() -> None:
    items = FINDINGS_TASK.items(data_root(), None)
    for group in {item.group for item in items}:
        said = _said(items, group)
        assert said["yes"] >= AT_LEAST and 0 < said["no"] <= NO_PER_YES * said["yes"], group
    assert FINDINGS_TASK.notes(data_root(), None)
