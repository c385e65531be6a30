"""Talks: from features to interpretation, and no earlier answer gives the last one away."""

import re

import pytest

from einthoven.core.findings import FINDINGS
from einthoven.core.rng import rng
from einthoven.instruct.family import Asked, Asker
from einthoven.instruct.formats import spoken
from einthoven.instruct.talk import conversation, gives_away
from tests.instruct.askeds import all_asked

YES_NO = ("yes", "no")


def yes_no(code: str, category: str = "rhythm") -> Asked:
    return Asked(f"finding:{code}", category, "closed", "t", f"{code}?", "yes", YES_NO, about=code)  # type: ignore[arg-type]


def figure(name: str, answer: str) -> Asked:
    return Asked(f"figure:{name}", "feature", "open", "t", f"How much is {name}?", answer)


AXIS, RATE, PR, QRS = figure("axis_deg.qrs", "41°"), figure("heart_rate_bpm", "75 bpm"), figure("pr_ms", "230 ms"), figure("qrs_ms", "92 ms")  # fmt: skip  # noqa: E501
NORMAL = Asked("normal", "morphology", "closed", "t", "Normal?", "no", YES_NO, defines=True)
LIST = Asked("findings:which", "morphology", "closed", "t", "Which?", ("atrial fibrillation",),
             ("atrial fibrillation", "atrial flutter"), "any")  # fmt: skip
COUNT = Asked("findings:count", "morphology", "closed", "t", "How many?\nFindings: atrial fibrillation; LVH", "one",
              ("none", "one", "two"))  # fmt: skip
LETTERS = Asked("findings:choice", "morphology", "choice", "t", "Which?", "long QT interval",
                ("atrial flutter", "long QT interval"), about="LNGQT")  # fmt: skip
UNKNOWN = Asked("unknown:pr", "feature", "open", "t", "PR?", "cannot be determined",
                said="This cannot be determined: atrial fibrillation has no P waves.")  # fmt: skip
REPORT = Asked("report:short", "report", "open", "t", "Report.", "Sinus rhythm. First degree AV block.")


@pytest.mark.parametrize(
    ("earlier", "last"),
    [
        (yes_no("AFIB"), yes_no("AFLT")),
        (yes_no("AFIB"), Asked("other:AFIB", "rhythm", "closed", "t", "AFIB?", "yes", YES_NO, about="AFIB")),
        (LIST, yes_no("AFIB")),
        (NORMAL, yes_no("AFIB")),
        (yes_no("AFIB"), NORMAL),
        (yes_no("AFIB"), REPORT),
        (LIST, REPORT),
        (REPORT, yes_no("AFIB")),
        (PR, yes_no("1AVB")),
        (RATE, yes_no("SBRAD")),
        (QRS, yes_no("CLBBB")),
        (AXIS, yes_no("LAFB")),
        (figure("sokolow_mv", "3.9 mV"), yes_no("LVH", "morphology")),
        (figure("rr_ms", "798 ms"), RATE),
        (figure("pr_limits", "above"), PR),
        (yes_no("AFIB"), COUNT),
        (figure("qtc_ms.bazett", "430 ms"), LETTERS),
        (UNKNOWN, yes_no("AFIB")),
        (yes_no("INVT", "morphology"), yes_no("QWAVE", "morphology")),
    ],
)
def test_what_gives_the_last_answer_away(earlier: Asked, last: Asked) -> None:
    assert gives_away(earlier, last)


@pytest.mark.parametrize(
    ("earlier", "last"),
    [(PR, yes_no("SBRAD")), (AXIS, yes_no("AFIB")), (RATE, yes_no("LVH", "morphology")), (RATE, REPORT), (PR, NORMAL),
     (yes_no("AFIB"), yes_no("LVH", "morphology")), (PR, QRS)],
)  # fmt: skip
def test_what_may_come_before(earlier: Asked, last: Asked) -> None:
    assert not gives_away(earlier, last)


def test_talks_go_from_features_to_meaning() -> None:
    texts, last = conversation((REPORT, RATE, PR), Asker("train", rng("one"))) or ((), RATE)
    assert last is REPORT and len(texts) in (2, 4)
    assert set(texts) <= {RATE.question, "75 bpm", PR.question, "230 ms"}
    assert conversation((RATE,), Asker("train", rng("three"))) is None


def test_no_talk_where_all_give_away() -> None:
    assert conversation((NORMAL, REPORT), Asker("train", rng("none"))) is None


def test_talks_of_made_cases() -> None:
    lengths = set()
    order = ("feature", "rhythm", "morphology", "report")
    for number, askeds in enumerate(all_asked()):
        by_question = {asked.question: asked for asked in askeds}
        for turn in range(10):
            talk = conversation(askeds, Asker("train", rng("talk", number, turn)))
            if talk is None:
                continue
            texts, last = talk
            lengths.add(len(texts) // 2 + 1)
            earlier = [by_question[question] for question in texts[::2]]
            assert [spoken(asked) for asked in earlier] == list(texts[1::2])
            ranks = [order.index(asked.category) for asked in (*earlier, last)]
            assert ranks == sorted(ranks)
            assert len({asked.key for asked in (*earlier, last)}) == len(earlier) + 1
            if last.about is not None and last.about in FINDINGS:
                name = re.compile(rf"\b{re.escape(FINDINGS[last.about].name)}\b", re.IGNORECASE)
                assert not any(name.search(text) for text in texts[1::2])
    assert lengths == {2, 3, 4}
