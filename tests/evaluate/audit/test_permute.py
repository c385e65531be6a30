"""Permutations of ECGs: nobody is shown an ECG of the same patient, and no right answer is lost."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.core.rng import rng
from einthoven.evaluate.audit.permute import derange, donors, question_key, severity_key
from einthoven.evaluate.item import Item
from einthoven.instruct.severity import level
from tests.evaluate.audit.world import FINDINGS, item, verify, ward, which


def _of(*names: str) -> list[frozenset[str]]:
    """Each word is the patients of one place, a letter each."""
    return [frozenset(name) for name in names]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=30), st.integers(0, 3))
def test_of_single_patients_as_few_are_left_out_as_can_be(patients: list[str], seed: int) -> None:
    places = derange(_of(*patients), rng("test", seed))
    assert sorted(places) == sorted(places.values()), "it is a permutation of those that are kept"
    assert all(patients[here] != patients[there] for here, there in places.items())
    most = max(Counter(patients).values(), default=0)
    assert len(places) == min(len(patients), 2 * (len(patients) - most))


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("ijklmnop")), max_size=25), st.integers(0, 3))
def test_of_two_patients_each_nobody_meets_either(pairs: list[tuple[str, str]], seed: int) -> None:
    who = _of(*map("".join, pairs))
    places = derange(who, rng("test", seed))
    assert sorted(places) == sorted(places.values())
    assert all(who[here].isdisjoint(who[there]) for here, there in places.items())


def test_pairs_that_share_a_second_patient_with_half_of_the_others_all_find_a_partner() -> None:
    who = _of(*(f"{name}X" for name in "abcde"), *(f"{name}Y" for name in "fghij"))
    assert len(derange(who, rng("test"))) == 10


@pytest.mark.parametrize("names", [(), ("a",), ("a", "a"), ("ab", "bc", "ca")])
def test_where_nobody_can_be_shown_another_nobody_is(names: tuple[str, ...]) -> None:
    assert derange(_of(*names), rng("test")) == {}


def _deal(items: list[Item], seed: int = 0, name: str = "other1") -> dict[str, Item]:
    return donors(items, [question_key(one) for one in items], seed, name)


def test_the_mix_of_right_answers_stays_the_same_under_each_question() -> None:
    labels = ward()
    items = verify(labels) + which(labels)
    found = _deal(items)
    assert len(found) == len(items)
    for group in {one.group for one in items}:
        before = Counter(one.gold for one in items if one.group == group)
        assert Counter(found[one.id].gold for one in items if one.group == group) == before
        shown = [found[one.id].sample.ecgs for one in items if one.group == group]
        assert len(set(shown)) == len(labels), "each ECG is shown once"
    for one in items:
        assert found[one.id].group == one.group
        assert set(found[one.id].patients).isdisjoint(one.patients)


def test_seeds_and_names_deal_otherwise_and_the_same_seed_the_same_in_any_order() -> None:
    items = verify(ward())
    first = {id: donor.id for id, donor in _deal(items).items()}
    assert {id: donor.id for id, donor in _deal(items[::-1]).items()} == first
    for other in (_deal(items, seed=1), _deal(items, name="other2")):
        same = sum(first[id] == donor.id for id, donor in other.items())
        assert same < 0.05 * len(items)


def test_only_those_that_ask_the_same_change_places() -> None:
    base = item("a", "?", ("p001a",), "yes", group="g")
    for unlike in (
        item("b", "?", ("p002a",), "yes", group="h"),
        item("b", "?", ("p002a",), "yes", group="g", options=("yes", "no", "not sure")),
        item("b", "?", ("p002a",), ("yes",), group="g", pick="any"),
        item("b", "?", ("p002a", "p003a"), "yes", group="g"),
        item("b", "?", ("p002a",), "70", group="g", options=None, unit="bpm"),
    ):
        assert _deal([base, unlike]) == {}
    turned = item("b", "?", ("p002a",), "yes", group="g", options=("no", "yes"))
    assert set(_deal([base, turned])) == {"a", "b"}, "the order of options is no other question"


def test_who_has_no_patient_is_known_by_the_ecg() -> None:
    same = [item(id, "?", ("x",), "yes", group="g", patients=()) for id in "ab"]
    assert _deal(same) == {}
    assert len(_deal([*same, *(item(id, "?", (id,), "no", group="g", patients=()) for id in "cd")])) == 4


def test_matched_donors_are_as_ill_and_unknown_severity_has_none() -> None:
    items = [*verify(ward()), item("x", f"Does it show {FINDINGS[0]}?", ("p999a",), "yes", group="finding:AF")]
    found = donors(items, [severity_key(one) for one in items], 0, "matched")
    assert "x" not in found
    assert len(found) > 0.9 * len(items)
    known = {one.id: one.severity for one in items}
    assert all(level(known[id] or 0) == level(donor.severity or 0) for id, donor in found.items())
    assert {donor.severity for donor in found.values()} >= {0, 1, 2}
