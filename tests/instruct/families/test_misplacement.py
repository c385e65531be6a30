"""Exchanged electrodes are asked of made recordings only, where the exchange leaves a sign."""

import pytest

from einthoven.instruct.families.misplacement import MISPLACEMENT as FAMILY
from einthoven.instruct.simulated import case_of
from einthoven.records.simulate import simulate
from einthoven.records.simulate_recording import REVERSALS, Recording
from tests.instruct.cases import case
from tests.instruct.families.asked import all_asked, answers, asked, check, check_wordings, made_cases


def test_every_question_of_many_cases_is_sound() -> None:
    swapped = [simulate(["SR"], seed=3, recording=Recording(reversal=name)) for name in REVERSALS]
    check(FAMILY, [*made_cases(), *(case_of(one, id="1", ecg="x", split="test") for one in swapped)])
    check_wordings(FAMILY)


@pytest.mark.parametrize(
    ("reversal", "answer", "which"),
    [("none", "no", "no electrodes exchanged"), ("LA-RA", "yes", "left arm and right arm exchanged"),
     ("V1..V6 backwards", "yes", "chest electrodes placed in reverse order")],
)  # fmt: skip
def test_the_answer_is_how_it_was_cabled(reversal: str, answer: str, which: str) -> None:
    of = case_of(simulate(seed=1, recording=Recording(reversal=reversal)), id="1", ecg="x", split="train")
    assert answers(FAMILY, of, "swap:any") == {answer}
    assert answers(FAMILY, of, "swap:which") == {which}
    for one in all_asked(FAMILY, of)["swap:which"]:
        assert one.options is not None
        assert len(one.options) == 4
        assert "no electrodes exchanged" in one.options


def test_what_leaves_no_sign_and_what_nobody_knows_is_not_asked() -> None:
    hidden = case_of(simulate(seed=1, recording=Recording(reversal="LA-LL")), id="1", ecg="x", split="train")
    assert not asked(FAMILY, hidden)
    assert not asked(FAMILY, case())
