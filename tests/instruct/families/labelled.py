"""What must hold of the questions of any family about findings, and many made cases on which to see it."""

from collections.abc import Iterable, Iterator, Sequence

from einthoven.core.findings import FINDINGS
from einthoven.core.reading import read_number, read_options
from einthoven.core.rng import rng
from einthoven.instruct.case import Case
from einthoven.instruct.families.forms import letter_block
from einthoven.instruct.family import Asked, Family
from tests.instruct.cases import case, measured
from tests.instruct.families.asked import SPLITS, asked, check_wordings

PTBXL = frozenset(code for code, one in FINDINGS.items() if one.vocabulary == "SCP-ECG")
CODE15 = frozenset(("1AVB", "RBBB", "LBBB", "SBRAD", "STACH", "AFIB"))


def of(*codes: str, uncertain: Sequence[str] = (), stated: Iterable[str] = PTBXL, **changes: object) -> Case:
    """A case with these findings for certain and those at 50 %, nothing measured unless given."""
    found: dict[str, float | None] = {code: None for code in codes} | {code: 50.0 for code in uncertain}
    return case(**{"found": found, "stated": frozenset(stated), "measured": None, **changes})


def many_cases(count: int = 60) -> Iterator[Case]:
    """Cases with up to five findings of any likelihood, of archives that state much or little, measured or not."""
    dice = rng("many cases")
    every = sorted(FINDINGS)
    for number in range(count):
        codes = dice.choice(every, size=int(dice.integers(0, 6)), replace=False).tolist()
        found = {str(code): (None, 100.0, 50.0)[int(dice.integers(3))] for code in codes}
        stated = (PTBXL, frozenset(every), CODE15 | set(codes))[number % 3]
        axis = float(dice.integers(-179, 180))
        known = measured(figures={"axis_deg.qrs": axis}, limits={}) if number % 2 else None
        yield case(found=found, stated=stated, split=SPLITS[number % 3], measured=known)
    for number, code in enumerate(every):
        yield of(code, stated=every if number % 2 else PTBXL)
    for code in every[::5]:
        yield of(uncertain=(code,))


def check_labelled(family: Family) -> None:
    """Fail where a question breaks what holds for all families about findings."""
    check_wordings(family)
    put = set()
    for number, one_case in enumerate(many_cases()):
        questions = asked(family, one_case, number)
        assert questions == asked(family, one_case, number), "the same chance gives the same questions"
        for one in questions.values():
            put.add(one.template)
            sound(one)
            assert one.template in family.wordings
            _only_what_is_known(one, one_case)
    assert put == set(family.wordings), "a question is never asked"


def _only_what_is_known(one: Asked, of: Case) -> None:
    """What an answer tells of a finding, the labels say; of an uncertain one only where the question includes these."""
    if one.about is None or one.key.startswith("axis:") or one.about in ("MI", "NORM", "SR"):
        return
    if one.options == ("yes", "no") and one.answer == "no":
        assert one.about in of.stated and one.about not in of.found
    elif one.key.startswith("possible:"):
        assert one.about in of.found
    else:
        assert one.about in of.found and of.found[one.about] != 50.0


def sound(one: Asked) -> None:
    """Fail where the gold answer is none of the options, is not read back, or stands in the question wrongly."""
    assert "{" not in one.question + said(one)
    assert (one.kind == "fill") == ("____" in one.question)
    assert "____" not in said(one)
    if one.options is None:
        assert isinstance(one.answer, str)
        if one.answer.endswith("°"):
            assert read_number(said(one), "deg") == float(one.answer[:-1])
        return
    gold = one.answer if isinstance(one.answer, tuple) else (one.answer,)
    assert len(set(one.options)) == len(one.options)
    assert gold == tuple(option for option in one.options if option in gold)
    assert (one.pick == "any") == isinstance(one.answer, tuple)
    assert read_options(said(one), one.options, one.pick) == gold, said(one)
    if one.kind == "choice":
        assert one.question.endswith(letter_block(one.options))
        assert said(one) == "none" or all(line in one.question.split("\n") for line in said(one).split(", "))


def said(one: Asked) -> str:
    if one.said is not None:
        return one.said
    return one.answer if isinstance(one.answer, str) else ", ".join(one.answer) or "none"
