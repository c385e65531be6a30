"""What must hold of the questions of any family about measured things, whatever the case."""

from collections.abc import Sequence

from einthoven.core.reading import read_number, read_options
from einthoven.core.rng import rng
from einthoven.instruct.case import Case
from einthoven.instruct.family import Asked, Asker, Family
from einthoven.instruct.simulated import case_of
from einthoven.instruct.wording import Split, of_split
from einthoven.records.simulate import simulate

SPLITS: tuple[Split, ...] = ("train", "valid", "test")
DRAWS = 12  # enough for both sides of a coin
MADE: tuple[tuple[str, ...], ...] = ((), ("AFIB",), ("IMI:acute",), ("CLBBB",), ("PVC",), ("1AVB", "LVH"), ("3AVB",),
                                     ("AFLT",), ("VPACE",), ("BIGU",), ("STACH", "ISCAL"), ("LVOLT",))  # fmt: skip


def asked(family: Family, of: Case, seed: int = 0) -> dict[str, Asked]:
    """Key -> question; fails where a key stands twice."""
    questions = list(family.ask(of, Asker(of.split, rng("test", seed))))
    by_key = {one.key: one for one in questions}
    assert len(by_key) == len(questions)
    return by_key


def all_asked(family: Family, of: Case) -> dict[str, list[Asked]]:
    """Key -> the questions of several draws."""
    found: dict[str, list[Asked]] = {}
    for seed in range(DRAWS):
        for key, one in asked(family, of, seed).items():
            found.setdefault(key, []).append(one)
    return found


def answers(family: Family, of: Case, key: str) -> set[object]:
    """What is ever answered to a question."""
    return {one.answer for one in all_asked(family, of).get(key, ())}


def made_cases() -> list[Case]:
    """Cases of made ECGs of many kinds, in all splits."""
    made = [simulate(findings, seed=seed, recording="typical") for seed, findings in enumerate(MADE)]
    return [case_of(one, id=str(n), ecg="x", split=SPLITS[n % 3]) for n, one in enumerate(made)]


def check(family: Family, cases: Sequence[Case]) -> None:
    """Fail where a question of these cases breaks what holds for all."""
    for of in cases:
        for seed in range(3):
            questions = asked(family, of, seed)
            assert questions == asked(family, of, seed), "the same chance gives the same questions"
            for one in questions.values():
                _check_one(family, one)


def _check_one(family: Family, one: Asked) -> None:
    said = one.said if one.said is not None else _said(one.answer)
    assert "{" not in one.question + said
    assert one.template in family.wordings
    assert one.category == family.category
    assert (one.kind == "fill") == ("____" in one.question)
    if one.options is not None:
        gold = one.answer if isinstance(one.answer, tuple) else (one.answer,)
        assert set(gold) <= set(one.options)
        assert len(set(one.options)) == len(one.options)
        assert read_options(said, one.options, one.pick) == gold, said
    elif isinstance(one.answer, str) and any(sign.isdigit() for sign in one.answer):
        unit = "deg" if one.answer.endswith("°") else one.answer.rpartition(" ")[2] if " " in one.answer else None
        assert read_number(said, unit) == read_number(one.answer, unit) is not None, said
    if one.kind == "choice":
        assert one.options is not None
        lines = one.question.split("\n")[1:]
        assert lines == [f"{letter}. {option}" for letter, option in zip("ABCDEFGH", one.options, strict=False)]
        assert said in lines


def _said(answer: str | tuple[str, ...]) -> str:
    return answer if isinstance(answer, str) else ", ".join(answer) or "none"


def check_wordings(family: Family) -> None:
    """Fail where splits share a sentence, or one stands twice."""
    for name, sentences in family.wordings.items():
        assert len(sentences) % 10 == 0, name
        parts = [set(of_split(sentences, split)) for split in SPLITS]
        assert sum(map(len, parts)) == len(set().union(*parts)) == len({one.casefold() for one in sentences}), name
