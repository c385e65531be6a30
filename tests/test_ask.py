"""`ask`: one question about one ECG, whatever was asked before; and what is said when nothing should be said."""

import gc
import weakref
from collections.abc import Sequence
from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from einthoven.ask import Model, ask, load_model
from einthoven.core.ecg import Ecg, Fault
from einthoven.core.errors import EcgError, InputError, ModelError, QuestionError
from einthoven.core.page import Page
from einthoven.core.sample import Answer, ask_sample
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from einthoven.runtime.arrays import TowerInput
from einthoven.runtime.protocols import Embedding

NORMAL, BLOCK, FLUTTER = (simulate(findings, seed=3).ecg for findings in ([], ["CLBBB"], ["AFLT"]))
YES_NO = ["yes", "no"]


@pytest.fixture(scope="module")
def model(model_folder: Path) -> str:
    return str(model_folder)


@pytest.fixture(scope="module")
def loaded(model: str) -> Model:
    return load_model(model)


def test_an_answer_has_the_form_of_the_contract(model: str) -> None:
    answer = ask(NORMAL, "Is this ECG normal?", YES_NO, model=model)
    names = [field.name for field in fields(Answer)]
    assert names[:8] == ["id", "answer", "options", "confidence", "abstained", "reason", "model", "seconds"]
    assert names[8:] == ["measured", "contradictions"]
    assert list(answer.to_json()) == names
    assert answer.options is not None
    assert list(answer.options) == YES_NO
    assert sum(answer.options.values()) == pytest.approx(1.0)
    assert answer.answer == max(answer.options, key=lambda option: (answer.options or {})[option])
    assert answer.confidence == answer.options[str(answer.answer)]
    assert (answer.abstained, answer.reason) == (False, None)
    assert answer.model.startswith("tiny@")
    assert len(answer.model.partition("@")[2]) == 8


def test_options_come_back_as_they_were_given(model: str) -> None:
    options = ["Sinus rhythm ", "Atrial fibrillation (any)", "V1, V2"]
    answer = ask(NORMAL, "Which?", options, model=model)
    assert list(answer.options or {}) == options
    assert answer.answer in options


def test_pick_any_gives_each_option_a_probability_of_its_own_and_a_list(model: str) -> None:
    options = ["AFIB", "CLBBB", "LVH"]
    answer = ask(NORMAL, "Which of these?", options, "any", model)
    said = answer.options or {}
    assert list(said) == options
    assert all(0 <= p <= 1 for p in said.values())
    assert answer.answer == tuple(option for option in options if said[option] >= 0.5)
    assert answer.confidence == pytest.approx(np.prod([max(p, 1 - p) for p in said.values()]))
    assert answer.to_json()["answer"] == list(answer.answer or ())


def test_none_of_the_options_is_an_empty_list_and_no_abstention(loaded: Model) -> None:
    class No(type(loaded.answerer.backend)):  # type: ignore[misc]
        def __init__(self) -> None:
            self.tokens_per_ecg = loaded.answerer.backend.tokens_per_ecg
            self.encode = loaded.answerer.backend.encode

        def score(self, asked: list[object]) -> list[list[float]]:
            return [[-5.0, -1.0]] * len(asked)

    answerer = replace(loaded.answerer, backend=No())
    (answer,) = answerer([ask_sample("Which?", ("a",), ("AFIB", "LVH"), "any")], {"a": NORMAL})
    assert (answer.answer, answer.abstained) == ((), False)
    assert answer.to_json()["answer"] == []


def test_free_text(model: str) -> None:
    answer = ask(NORMAL, "What does this ECG show?", model=model)
    assert isinstance(answer.answer, str)
    assert answer.answer
    assert answer.options is None
    assert 0 <= (answer.confidence or 0) <= 1


def test_another_ecg_is_another_answer_whatever_was_asked_before(model: str) -> None:
    """Two ECGs in memory once had the same name, and the second got the first one's answer."""
    first = [ask(ecg, "Is this ECG normal?", YES_NO, model=model).options for ecg in (NORMAL, BLOCK, FLUTTER)]
    again = [ask(ecg, "Is this ECG normal?", YES_NO, model=model).options for ecg in (FLUTTER, NORMAL, BLOCK)]
    assert again == [first[2], first[0], first[1]]
    assert len({str(options) for options in first}) == 3


def test_a_file_that_changed_is_read_again(model: str, tmp_path: Path) -> None:
    write_wfdb(NORMAL, tmp_path, "rec")
    before = ask(tmp_path / "rec", "Is this ECG normal?", YES_NO, model=model).options
    write_wfdb(BLOCK, tmp_path, "rec")
    assert ask(tmp_path / "rec", "Is this ECG normal?", YES_NO, model=model).options != before


def test_a_path_a_stem_and_an_ecg_are_one(model: str, tmp_path: Path) -> None:
    header = write_wfdb(NORMAL, tmp_path, "rec")
    answers = [ask(one, "Is it?", YES_NO, model=model).options for one in (header, str(header.with_suffix("")), NORMAL)]
    assert answers[0] == answers[1]
    assert (answers[0] or {})["yes"] == pytest.approx((answers[2] or {})["yes"], abs=1e-3)


def test_two_ecgs_are_answered_with_probabilities_and_no_answer(model: str) -> None:
    answer = ask([NORMAL, BLOCK], "Did the rhythm change?", YES_NO, model=model)
    assert (answer.answer, answer.confidence, answer.abstained) == (None, None, True)
    assert answer.reason == "this model was not trained on 2 ECGs at once"
    assert sum((answer.options or {}).values()) == pytest.approx(1.0)
    swapped = ask([BLOCK, NORMAL], "Did the rhythm change?", YES_NO, model=model)
    assert swapped.options != answer.options, "which one is the previous one matters"


def _leads(ecg: Ecg, *names: str) -> Ecg:
    rows = [ecg.leads.index(name) for name in names]
    return replace(ecg, signal_mv=ecg.signal_mv[rows].copy(), leads=names)


@pytest.mark.parametrize(
    ("ecg", "reason"),
    [
        (simulate([], seed=3, seconds=1.5).ecg, "the recording is 1.5 s long; at least 2 s are needed"),
        (replace(NORMAL, faults=(Fault("all", "implausible amplitude", "as if uV were mV"),)), "as if uV were mV"),
        (replace(_leads(NORMAL, "II"), leads=("resp",)), r"none of the twelve standard leads is readable \(found resp"),
    ],
)
def test_an_ecg_that_cannot_be_judged_is_not_judged(model: str, ecg: Ecg, reason: str) -> None:
    answer = ask(ecg, "Is this ECG normal?", YES_NO, model=model)
    assert (answer.answer, answer.confidence, answer.abstained) == (None, None, True)
    assert pytest.approx(1.0) == sum((answer.options or {}).values())
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(answer.reason)


@pytest.mark.parametrize(
    ("ecg", "reason"),
    [
        (simulate([], seed=3, seconds=58.0).ecg, "only the first 10 s of 58 s were read"),
        (simulate([], seed=3, seconds=10.2).ecg, None),
        (_leads(NORMAL, "I", "II"), "only 6 of the twelve leads could be read"),
        (_leads(NORMAL, "I", "II", "V2", "V5"), None),
        (replace(NORMAL, faults=(Fault("all", "limb leads disagree", "I and III"),)), "limb leads disagree: I and III"),
    ],
)
def test_what_a_reader_must_know_is_said_beside_the_answer(model: str, ecg: Ecg, reason: str | None) -> None:
    answer = ask(ecg, "Is this ECG normal?", YES_NO, model=model)
    assert (answer.abstained, answer.reason) == (False, reason)
    assert answer.answer is not None


def test_nothing_of_an_ecg_is_kept(model: str) -> None:
    """A long batch must not grow."""
    ecg = simulate([], seed=11).ecg
    gone = weakref.ref(ecg)
    ask(ecg, "Is this ECG normal?", YES_NO, model=model)
    del ecg
    gc.collect()
    assert gone() is None


def test_company_and_order_do_not_change_probabilities(loaded: Model) -> None:
    ecgs = {"n": NORMAL, "b": BLOCK, "f": FLUTTER}
    asked = [
        ask_sample(question, (name,), options, pick, f"{name} {question}")  # type: ignore[arg-type]
        for name in ecgs
        for question, options, pick in (
            ("Is this ECG normal?", ("yes", "no"), "one"),
            ("Which?", ("AFIB", "sinus rhythm", "none of them, not at all"), "one"),
            ("Which of these?", ("AFIB", "LVH"), "any"),
        )
    ]
    together = {answer.id: answer.options or {} for answer in loaded.answerer(asked, ecgs)}
    order = [5, 0, 8, 3, 1, 7, 2, 6, 4]
    shuffled = loaded.answerer([asked[place] for place in order], ecgs)
    alone = [answer for sample in asked for answer in loaded.answerer([sample], ecgs)]
    assert [answer.id for answer in shuffled] == [asked[place].id for place in order]
    for answer in [*shuffled, *alone]:
        assert answer.options == pytest.approx(together[answer.id], abs=1e-4)


def test_an_ecg_with_many_questions_is_encoded_once(loaded: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[int] = []
    own = loaded.answerer.backend.encode

    def encode(inputs: Sequence[TowerInput]) -> list[Embedding]:
        encoded.append(len(inputs))
        return own(inputs)

    monkeypatch.setattr(loaded.answerer.backend, "encode", encode)
    samples = [ask_sample(f"Is it {n}?", (name,), ("yes", "no")) for n in range(5) for name in "ab"]
    loaded.answerer(samples, {"a": NORMAL, "b": BLOCK})
    assert encoded == [2]


def test_a_model_is_called_with_samples_and_answers_in_order(loaded: Model, tmp_path: Path) -> None:
    paths = [str(write_wfdb(ecg, tmp_path, name)) for ecg, name in ((NORMAL, "n"), (BLOCK, "b"))]
    samples = [ask_sample("Is it?", (paths[n % 2],), ("yes", "no"), id=str(n)) for n in range(70)]
    answers = list(loaded(iter(samples)))
    assert [answer.id for answer in answers] == [str(n) for n in range(70)]
    assert answers[0].options == pytest.approx(answers[68].options or {}, abs=1e-4)
    assert answers[0].options != pytest.approx(answers[1].options or {}, abs=1e-4)


@pytest.mark.parametrize(
    ("question", "options", "match"),
    [
        (" ", YES_NO, "the question is empty"),
        ("Is it?", ["yes"], "1 option given"),
        ("Is it?", [], "0 option given"),
        ("Is it?", ["yes", "YES"], "stands twice"),
        ("Is it?", ["yes", " "], "an option is empty"),
        ("why " * 3000, YES_NO, "the most is 2048"),
    ],
)
def test_a_question_that_cannot_be_asked(model: str, question: str, options: list[str], match: str) -> None:
    with pytest.raises(QuestionError, match=match):
        ask(NORMAL, question, options, model=model)


def test_three_ecgs_are_too_many(model: str) -> None:
    with pytest.raises(QuestionError, match="3 ECGs given"):
        ask([NORMAL] * 3, "Is it?", YES_NO, model=model)


def test_a_picture_is_refused(model: str, tmp_path: Path) -> None:
    (tmp_path / "page.png").write_bytes(b"\x89PNG\r\n")
    for picture in (tmp_path / "page.png", Page(np.zeros((4, 4, 3), np.uint8), "page.png")):
        with pytest.raises(InputError, match="is a picture, and this model reads signals only"):
            ask(picture, "Is it?", YES_NO, model=model)


def test_mistakes_are_told_before_the_model_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such record"):
        ask(tmp_path / "absent", "Is it?", YES_NO, model=str(tmp_path / "no model either"))


@pytest.mark.parametrize("name", ["openai:http://localhost:8000#gpt", "someone/their-model", "nowhere"])
def test_a_model_that_is_not_there_is_told_in_one_line(name: str) -> None:
    with pytest.raises(ModelError, match=f"{name}: no such folder; a model is 'default' or a folder") as caught:
        ask(NORMAL, "Is it?", YES_NO, model=name)
    assert "not read yet" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_copy_without_weights_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(import_module("einthoven.ask"), "DEFAULT", tmp_path / "default")
    with pytest.raises(ModelError, match="this copy has no default model"):
        ask(NORMAL, "Is it?", YES_NO)


def test_every_error_is_an_ecg_error() -> None:
    assert all(issubclass(error, EcgError) for error in (InputError, ModelError, QuestionError))
