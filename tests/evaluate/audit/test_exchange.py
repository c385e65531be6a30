"""Two ECGs exchanged, against right answers worked out from the meaning of each template of ECG-QA."""

from itertools import permutations

import pytest

from einthoven.evaluate.audit.exchange import answer_exchanged, answers_known, one_way, partner_of
from einthoven.evaluate.item import Item
from tests.evaluate.audit.world import FINDINGS, Labels, item, ward

VERIFY = {57: (True, False), 58: (False, True), 59: (True, True), 60: (False, False)}
QUERY = {61: (True, False), 62: (False, True), 63: (True, True)}


def _answer(template: int, labels: Labels, ecgs: tuple[str, str]) -> tuple[str, ...]:
    """What holds of the first and of the second ECG, as resolved, new, still present, still absent are defined."""
    first, second = (labels[ecg] for ecg in ecgs)
    if template in QUERY:
        return tuple(name for name in FINDINGS if (name in first, name in second) == QUERY[template])
    return ("yes",) if ("AF" in first, "AF" in second) == VERIFY[template] else ("no",)


def _item(template: int, labels: Labels, ecgs: tuple[str, str]) -> Item:
    verify = template in VERIFY
    return item(
        f"T{template}-{'-'.join(ecgs)}",
        "AF?" if verify else "Which?",
        ecgs,
        _answer(template, labels, ecgs),
        options=("yes", "no") if verify else FINDINGS,
        pick="one" if verify else "any",
        about={"template": template} | ({"asked": ["AF"]} if verify else {}),
    )


LABELS = ward(6)
PAIRS = list(permutations(LABELS, 2))


@pytest.mark.parametrize("template", [*VERIFY, *QUERY])
def test_the_right_answer_after_an_exchange_is_what_the_labels_say(template: int) -> None:
    items = [_item(one, LABELS, pair) for one in (*VERIFY, *QUERY) for pair in PAIRS]
    known = answers_known(items)
    asked = [_item(template, LABELS, pair) for pair in PAIRS]
    assert len({one.gold for one in asked}) > 1
    for one, pair in zip(asked, PAIRS, strict=True):
        assert answer_exchanged(one, known) == _answer(template, LABELS, pair[::-1])


@pytest.mark.parametrize("template", [*VERIFY, *QUERY])
def test_without_partners_nothing_is_said_that_the_labels_do_not_bear_out(template: int) -> None:
    told = [(answer_exchanged(_item(template, LABELS, pair), {}), pair) for pair in PAIRS]
    for answer, pair in told:
        said = (answer,) if isinstance(answer, str) else answer
        assert said in (None, _answer(template, LABELS, pair[::-1]))
    known = sum(answer is not None for answer, _ in told)
    if template in (59, 60, 63):
        assert known == len(PAIRS), "both ECGs stand in it alike"
    elif template in (57, 58):
        assert known == sum(_answer(template, LABELS, pair) == ("yes",) for pair in PAIRS) > 0
    else:
        assert known == 0


def test_the_same_question_the_other_way_round_tells_it_too() -> None:
    pair = next(pair for pair in PAIRS if _answer(61, LABELS, pair) != _answer(61, LABELS, pair[::-1]))
    here, there = (_item(61, LABELS, order) for order in (pair, pair[::-1]))
    assert answer_exchanged(here, answers_known([here, there])) == there.sample.answer


def test_what_the_task_knows_comes_first() -> None:
    one = item("a", "?", ("p001a", "p002a"), "yes", about={"template": 57, "asked": ["AF"]}, facts={"swapped": "yes"})
    assert answer_exchanged(one, {}) == "yes"


def test_partners_ask_the_same_of_the_same_ecgs_in_the_same_order() -> None:
    items = [_item(template, LABELS, PAIRS[0]) for template in (57, 58, 59, 61, 62)]
    items.append(item("LVH", "LVH?", PAIRS[0], "no", about={"template": 58, "asked": ["LVH"]}))
    items.append(_item(58, LABELS, PAIRS[1]))
    known = answers_known(items)
    partner = {one.sample.about["template"]: partner_of(one, known) for one in items[:5]}
    assert {here: there and there.sample.about["template"] for here, there in partner.items()} == {
        57: 58, 58: 57, 59: 59, 61: 62, 62: 61}  # fmt: skip
    assert all(there is not None and there.sample.ecgs == PAIRS[0] for there in partner.values())
    assert partner[57] is not None
    assert partner[57].sample.about["asked"] == ["AF"]


def test_what_is_asked_must_be_known_to_find_the_partner_of_a_question_to_verify() -> None:
    items = [item(str(one), "?", PAIRS[0], "no", about={"template": one, "attribute": None}) for one in (57, 58)]
    assert answers_known(items) == {}
    assert partner_of(items[0], answers_known(items)) is None
    assert answer_exchanged(items[0], {}) is None


def test_our_own_templates_have_partners_too() -> None:
    here, there = (
        item(name, "?", PAIRS[0], "no", about={"template": f"two_patients:{name}", "asked": "AF"})
        for name in ("longer", "shorter")
    )
    assert partner_of(here, answers_known([here, there])) is there


@pytest.mark.parametrize(
    ("template", "expected"), [(43, True), (50, True), (57, True), (45, False), (47, False), (61, False), (1, False)]
)
def test_what_can_be_one_way_only(template: int, expected: bool) -> None:
    assert one_way(item("a", "?", PAIRS[0], "yes", about={"template": template})) is expected


def test_one_ecg_has_no_partner_whatever_its_template_says() -> None:
    one = item("a", "?", ("p001a",), "yes", about={"template": 57, "asked": ["AF"]})
    assert answers_known([one]) == {}
    assert answer_exchanged(one, {}) is None
