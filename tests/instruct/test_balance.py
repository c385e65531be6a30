"""Three ways to choose questions, and what each promises: shares, ratios, ceilings, the same result again."""

from collections import Counter
from functools import cache
from itertools import product

import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.core.rng import rng
from einthoven.instruct.balance import (
    SAMPLINGS,
    Candidate,
    Chosen,
    Offer,
    Rules,
    Sampling,
    choose,
    quota,
)
from einthoven.instruct.severity import LEVELS, level, severity, severity_of

# Code -> how likely in the healthy, and how much likelier for each step of illness.
SHARES = {
    "AFIB": (0.03, 0.08), "LVH": (0.02, 0.14), "IMI": (0.02, 0.12), "ASMI": (0.02, 0.1), "PVC": (0.05, 0.06),
    "NDT": (0.1, 0.03), "IRBBB": (0.08, 0.0), "1AVB": (0.03, 0.05), "LVOLT": (0.01, 0.05), "QWAVE": (0.01, 0.1),
    "WPW": (0.004, 0.0),
}  # fmt: skip


@cache
def archive(count: int = 3000) -> tuple[Offer, ...]:
    """Recordings whose hidden illness, 0 to 3, makes findings likelier; one finding in twelve is uncertain."""
    random = rng("test", "archive")
    made = []
    for number in range(count):
        ill = int(random.choice(4, p=[0.5, 0.25, 0.15, 0.1]))
        labels = {code for code, (base, more) in SHARES.items() if random.random() < base + more * ill}
        sure = {code for code in sorted(labels) if random.random() < 11 / 12}
        rhythm = set() if "AFIB" in labels else {"SR"}
        normal = set() if labels else {"NORM"}
        made.append(
            Offer(
                id=f"{number:05d}",
                patient=f"p{number * 4 // 5:05d}",
                yes=frozenset(sure | rhythm | normal),
                no=frozenset((SHARES.keys() | {"SR", "NORM"}) - labels - rhythm - normal),
                labels=frozenset(labels | rhythm | normal),
            )
        )
    return tuple(made)


@cache
def chosen(how: Sampling, placebo: bool = False, per_case: int = 4) -> Chosen:
    return choose(archive(), how, seed=1, per_case=per_case, placebo=placebo)


def _levels(candidates: list[Candidate], without: bool = True) -> list[int]:
    counted = Counter(level(one.severity.s_without if without else one.severity.s) for one in candidates)
    return [counted[place] for place in range(len(LEVELS))]


def _by_finding(found: Chosen) -> dict[str, list[Candidate]]:
    rows: dict[str, list[Candidate]] = {}
    for one in found.candidates:
        rows.setdefault(one.about, []).append(one)
    return rows


@pytest.mark.parametrize(("how", "placebo"), list(product(SAMPLINGS, (False, True))))
def test_what_is_asked_is_sure_and_right_and_not_too_much(how: Sampling, placebo: bool) -> None:
    offers, found = {offer.id: offer for offer in archive()}, chosen(how, placebo)
    assert len(found.candidates) > 300
    for one in found.candidates:
        offer = offers[one.case]
        assert one.about in (offer.yes if one.yes else offer.no)
        assert one.patient == offer.patient
        assert one.severity == severity(offer.labels, one.about), "the true one, placebo or not"
        assert one.about != "NORM"
    keys = [(one.case, one.about) for one in found.candidates]
    assert len(set(keys)) == len(keys)
    assert max(Counter(case for case, _ in keys).values()) <= 4
    assert [(case, code, yes) for case, asked in found.asked().items() for code, yes in asked] == [
        (one.case, one.about, one.yes) for one in found.candidates
    ]


@pytest.mark.parametrize("how", SAMPLINGS)
def test_neither_the_order_of_recordings_nor_a_second_run_changes_it_but_the_seed_does(how: Sampling) -> None:
    again = choose(reversed(archive()), how, seed=1, per_case=4)
    assert again == chosen(how)
    assert choose(archive(), how, seed=2, per_case=4).candidates != again.candidates


def test_naive_asks_all_that_is_there_and_little_that_is_not() -> None:
    found = choose(archive(), "naive", seed=1, per_case=50)
    there = {(offer.id, code) for offer in archive() for code in offer.yes - {"NORM"}}
    assert {(one.case, one.about) for one in found.candidates if one.yes} == there
    absent = [one for one in found.candidates if not one.yes]
    assert len(absent) / len(there) == pytest.approx(0.6, abs=0.02)
    assert found.target is None
    assert not any(found.unused.values())
    few = choose(archive(), "naive", seed=1, per_case=50, rules=Rules(commonest=3, absent_per_present=0.2))
    counted = Counter(code for offer in archive() for code in offer.yes - {"NORM"})
    assert {one.about for one in few.candidates if not one.yes} == {code for code, _ in counted.most_common(3)}


def test_naive_asks_the_sicker_more() -> None:
    asked = Counter(one.case for one in choose(archive(), "naive", seed=1, per_case=50).candidates)
    mean = [np.mean([asked[o.id] for o in archive() if level(severity_of(o.labels)) == place]) for place in range(4)]
    assert mean == sorted(mean)
    assert mean[3] > 1.5 * mean[0]


def test_independent_asks_every_finding_alike_of_all_levels() -> None:
    found = chosen("independent")
    assert found.target is not None
    whole = np.bincount([level(severity_of(offer.labels)) for offer in archive()], minlength=len(LEVELS))
    assert found.target == pytest.approx(whole / whole.sum(), abs=1e-4)
    rows = _by_finding(found)
    assert rows.keys() == SHARES.keys() | {"SR"}
    for code, asked in rows.items():
        assert len(asked) >= 0.97 * len(archive()) * 4 / len(rows), code
        assert np.abs(np.array(_levels(asked, without=False)) - len(asked) * whole / whole.sum()).max() < 1, code
    per_case = Counter(Counter(one.case for one in found.candidates).values())
    assert per_case[4] + per_case[3] > 0.98 * len(archive()), "spread evenly over the recordings"


@pytest.mark.parametrize("no_per_yes", [1, 2])
def test_matched_has_one_ratio_and_one_share_of_levels_whatever_question_and_answer(no_per_yes: int) -> None:
    found = choose(archive(), "matched", seed=1, per_case=6, rules=Rules(no_per_yes=no_per_yes))
    assert found.target is not None
    target = np.array(found.target)
    rows = _by_finding(found)
    assert len(rows) >= 9
    for code, asked in rows.items():
        yes, no = (_levels([one for one in asked if one.yes is answer]) for answer in (True, False))
        assert no == [no_per_yes * count for count in yes], code
        assert sum(yes) >= 5, code
        assert np.abs(np.array(yes) - sum(yes) * target).max() < 1, code


def test_matched_tells_what_it_left() -> None:
    found = chosen("matched")
    there = Counter(code for offer in archive() for code in offer.yes - {"NORM"})
    asked = Counter(one.about for one in found.candidates if one.yes)
    assert found.left_out.keys() == there.keys() - asked.keys()
    for code, times in there.items():
        assert found.unused.get(code, found.left_out.get(code)) == times - asked[code]
    strict = choose(archive(), "matched", seed=1, per_case=4, rules=Rules(at_least=asked["1AVB"] + 1))
    assert "1AVB" in strict.left_out
    told = found.to_json()
    assert told["questions"] == sum(entry["yes"] + entry["no"] for entry in told["findings"].values())
    assert told["yes"] == sum(asked.values())
    assert told["findings"]["LVH"]["yes_unused"] == there["LVH"] - asked["LVH"]


def test_matched_cuts_the_commonest() -> None:
    found = choose(archive(), "matched", seed=1, per_case=6, rules=Rules(most_yes=12))
    assert max(Counter(one.about for one in found.candidates if one.yes).values()) == 12


def test_the_rarest_finding_chooses_first() -> None:
    """However few questions a recording may be asked, it gets as many as if there were no limit."""
    free, tight = (choose(archive(), "matched", seed=1, per_case=per_case) for per_case in (50, 1))
    asked, there = (Counter(one.about for one in found.candidates if one.yes) for found in (free, tight))
    yes = Counter(code for offer in archive() for code in offer.yes)
    rarest = min(asked, key=yes.__getitem__)
    assert there[rarest] == asked[rarest]
    assert there.total() < asked.total()


def test_a_finding_that_nobody_has_is_not_told_as_left_out() -> None:
    offers = [Offer(o.id, o.patient, o.yes, o.no | {"RVH"}, o.labels) for o in archive()]
    assert "RVH" not in choose(offers, "matched", seed=1, per_case=4).left_out


def test_a_placebo_balances_nothing() -> None:
    """After severities changed hands, the yes items of a finding keep the levels that sick ECGs have."""
    rows = {placebo: _by_finding(chosen("matched", placebo)) for placebo in (False, True)}
    for code in ("LVH", "IMI"):
        healthy = {placebo: _levels([one for one in rows[placebo][code] if one.yes])[0] for placebo in rows}
        total = {placebo: sum(one.yes for one in rows[placebo][code]) for placebo in rows}
        assert healthy[True] / total[True] < 0.75 * healthy[False] / total[False]


def _best_total(most: list[int], target: list[float], cap: int) -> int:
    """The largest total whose shares, by largest remainder, fit: by trying all."""
    best = 0
    for total in range(1, cap + 1):
        exact = [total * share for share in target]
        taken = [int(part + 1e-9) for part in exact]
        by_rest = sorted(range(len(target)), key=lambda place: taken[place] - exact[place])
        for place in by_rest[: total - sum(taken)]:
            taken[place] += 1
        if all(one <= there for one, there in zip(taken, most, strict=True)):
            best = total
    return best


def test_a_quota_is_the_largest_that_fits() -> None:
    random = rng("test", "quota")
    for _ in range(200):
        most = random.integers(0, 30, 5)
        target = random.dirichlet(np.ones(5))
        cap = int(random.integers(1, 80))
        found = quota(most, target, cap)
        assert found.sum() == _best_total(most.tolist(), target.tolist(), cap)
        assert (found <= most).all()
        assert np.abs(found - found.sum() * target).max() < 1


def test_a_level_that_no_recording_has_is_not_waited_for() -> None:
    assert quota(np.array([4, 0, 4]), np.array([0.5, 0.0, 0.5]), 100).tolist() == [4, 0, 4]
    assert quota(np.array([4, 0, 4]), np.array([0.4, 0.2, 0.4]), 100).tolist() == [1, 0, 1]


@pytest.mark.parametrize("how", SAMPLINGS)
def test_nothing_to_ask(how: Sampling) -> None:
    empty = Offer("1", "p", frozenset(("NORM",)), frozenset(), frozenset(("NORM",)))
    for offers in ((), (empty,)):
        assert choose(offers, how, seed=1, per_case=4).candidates == ()
    assert choose(archive()[:50], how, seed=1, per_case=0).candidates == ()


def test_two_recordings_of_one_id_are_refused() -> None:
    with pytest.raises(InputError, match="00000"):
        choose((*archive()[:3], archive()[0]), "naive", seed=1, per_case=4)
