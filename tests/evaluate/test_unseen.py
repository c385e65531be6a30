"""Whom a model has seen is left out; a set that is mostly seen is marked."""

import re

import pytest

from einthoven.core.sample import ask_sample
from einthoven.core.seen import Seen, patient_key
from einthoven.evaluate.item import Item
from einthoven.evaluate.unseen import unseen


def _items(count: int = 10) -> list[Item]:
    return [Item(ask_sample("Is it?", ("e",), ("yes", "no"), id=str(n)), (f"ptbxl/{n}",)) for n in range(count)]


def _keys(*patients: int) -> frozenset[str]:
    return frozenset(patient_key("ptbxl", str(one)) for one in patients)


@pytest.mark.parametrize(
    ("trained", "chosen", "kept", "a_test", "said"),
    [
        ((), (), 10, True, "0 of 10"),
        ((1, 2), (3,), 7, True, "3 of 10 items left out"),
        ((1, 2), tuple(range(3, 10)), 8, False, "2 of 10 items left out, .*selected on"),
        ((), tuple(range(10)), 10, False, "0 of 10 items left out, .*selected on"),
        (tuple(range(8)), (), 2, False, "8 of 10 .*most of the set is seen"),
        (tuple(range(10)), (), 10, False, "trained on all"),
    ],
)
def test_the_seen_are_left_out(
    trained: tuple[int, ...], chosen: tuple[int, ...], kept: int, a_test: bool, said: str
) -> None:
    claim = unseen(_items(), Seen(_keys(*trained), _keys(*chosen)))
    assert (len(claim.items), claim.left_out, claim.a_test) == (kept, 10 - kept, a_test)
    assert re.search(said, claim.note)


def test_of_two_patients_one_is_enough() -> None:
    item = Item(ask_sample("Is it?", ("e", "f"), ("yes", "no")), ("ptbxl/1", "ptbxl/2"))
    other = _items(5)[3:]
    assert unseen([item, *other], Seen(_keys(2))).items == tuple(other)


def test_another_set_with_the_same_number_is_another_patient() -> None:
    item = Item(ask_sample("Is it?", ("e",), ("yes", "no")), ("georgia/1",))
    assert unseen([item], Seen(_keys(1))).a_test


def test_nobody_knows() -> None:
    claim = unseen(_items(), None)
    assert (len(claim.items), claim.a_test) == (10, False)
    nameless = [Item(ask_sample("Is it?", ("e",), ("yes", "no")))]
    assert not unseen(nameless, Seen()).a_test
