"""Which questions are taken: as many as wanted, in the shares that were asked for, no key twice."""

from collections import Counter

import pytest

from einthoven.core.rng import rng
from einthoven.instruct.family import Asked, Category, Kind
from einthoven.instruct.portion import portion


def _asked(number: int, category: Category, kind: Kind) -> Asked:
    return Asked(f"{category}:{kind}:{number}", category, kind, "t", "Is it?", "yes", ("yes", "no"))


KINDS: tuple[tuple[Category, Kind], ...] = (("rhythm", "closed"), ("feature", "choice"), ("report", "open"))
PLENTY = [_asked(number, *kind) for kind in KINDS for number in range(50)]
SHARES = {("rhythm", "close"): 0.5, ("feature", "mcq"): 0.3, ("report", "open"): 0.2}


def test_as_many_as_wanted_in_the_shares() -> None:
    counts: Counter[str] = Counter()
    for seed in range(60):
        taken = portion(PLENTY, 13, SHARES, rng("p", seed))
        assert len(taken) == 13
        assert len({asked.key for asked in taken}) == 13
        counts.update(asked.category for asked in taken)
    total = counts.total()
    assert counts["rhythm"] / total == pytest.approx(0.5, abs=0.03)
    assert counts["feature"] / total == pytest.approx(0.3, abs=0.03)
    assert counts["report"] / total == pytest.approx(0.2, abs=0.03)


def test_parts_of_a_question_come_out_over_many_recordings() -> None:
    counts = [len(portion(PLENTY, 6.3, SHARES, rng("parts", seed))) for seed in range(400)]
    assert set(counts) == {6, 7}
    assert sum(counts) / 400 == pytest.approx(6.3, abs=0.08)


def test_what_one_kind_lacks_the_others_give() -> None:
    few = PLENTY[:2] + PLENTY[50:]
    taken = portion(few, 40, {**SHARES, ("rhythm", "close"): 5.0}, rng("few"))
    assert len(taken) == 40
    assert sum(asked.category == "rhythm" for asked in taken) == 2
    assert len(portion(few, 1000, SHARES, rng("all"))) == len(few)
    assert portion([], 5, SHARES, rng("none")) == []


def test_a_key_comes_once_and_chance_decides() -> None:
    assert len(portion([PLENTY[0], PLENTY[0]], 5, SHARES, rng("same"))) == 1
    first, again, other = (portion(PLENTY, 9, SHARES, rng("x", seed)) for seed in (1, 1, 2))
    assert first == again != other
