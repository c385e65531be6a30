"""Each known fault of the published scorers: what they make of an answer, and what the strict reading makes of it."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from einthoven.core.reading import read_options
from einthoven.core.sample import Answer, Part, Pick, Sample, Turn
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import mark, marks
from einthoven.evaluate.official.choice import letter_in
from einthoven.evaluate.official.ecgqa import names_in, reply_right
from einthoven.evaluate.official.labels import CODE15, CPSC, SUPER, code15_said, codes_in, label_values
from einthoven.evaluate.official.options import (
    candidates_in,
    found_any_case,
    found_strictly_cased,
    right_as_letters,
    right_as_sets,
)
from einthoven.evaluate.official.score import RULES, score

EIGHT = tuple(
    f"{letter}. {name}"
    for letter, name in zip(
        "ABCDEFGH",
        ("Sinus rhythm", "Left bundle branch block", "Sinus tachycardia", "Atrial fibrillation", "Atrial flutter",
         "First degree AV block", "Paced rhythm", "Sinus bradycardia"),
        strict=True,
    )
)  # fmt: skip


def item(options: tuple[str, ...], gold: str | tuple[str, ...], pick: Pick = "one", id: str = "q") -> Item:
    return Item(Sample(id, (), (Turn("user", (Part(text="Which?"),)),), options, pick, gold))


def answer(text: str, id: str = "q") -> Answer:
    return Answer(id, text, None, None, False, None, "test", 0.0)


def strict_letter(text: str) -> str | None:
    said = read_options(text, EIGHT)
    return said[0][0] if said else None


def strict_codes(text: str, codes: tuple[str, ...]) -> tuple[str, ...] | None:
    return read_options(text, codes, "any")


@pytest.mark.parametrize(
    ("text", "official", "strict"),
    [
        # "A." anywhere beats the answer
        ("The ECG. I choose B", "G", "B"),
        ("I see LVH. Answer: B", "H", "B"),
        ("This shows AF. Option D is right", "F", "D"),
        ("Sinus rhythm, no PVC. Answer: F", "C", "F"),
        ("I exclude A. The answer is C.", "A", "C"),
        # the first letter inside of words
        ("Answer: Sinus Bradycardia (H)", "B", "H"),
        ("Answer: Atrial flutter, option E", "A", "E"),
        ("Answer: C or B", "B", None),  # in the order of the letters, not of the text
        # common forms are not read, and then drawn at random
        ("The answer is D", None, "D"),
        ("(D)", None, "D"),
        ("D) Bradycardia", None, "D"),
        ("**C**", None, "C"),
        ("b", None, "B"),
        ("Option C", None, "C"),
        ("The correct option is (C)", None, "C"),
        ("B ", None, "B"),
        ("", None, None),
        # what both read
        ("D", "D", "D"),
        ("The correct option is C", "C", "C"),
        ("D. Atrial fibrillation", "D", "D"),
    ],
)
def test_multiple_choice(text: str, official: str | None, strict: str | None) -> None:
    assert (letter_in(text), strict_letter(text)) == (official, strict)
    if strict is None:
        assert mark(item(EIGHT, EIGHT[0]), answer(text)).state == "unread"  # wrong, never drawn


@pytest.mark.parametrize(
    ("text", "codes", "official", "strict"),
    [
        # a code inside of a word
        ("MILD changes", SUPER, {"MI"}, None),
        ("An ICD is in place", SUPER, {"CD"}, None),
        ("ABNORMAL", SUPER, {"NORM"}, None),
        ("NORMAL ECG", SUPER, {"NORM"}, ("NORM",)),  # right by chance of its letters, and read by its name
        ("NORMAL PR interval", SUPER, {"NORM"}, None),
        # a code inside of a code
        ("AFL", CPSC, {"AF"}, None),
        ("AFIB", CPSC, {"AF"}, ("AF",)),  # a true synonym
        ("STEMI", CPSC, {"STE"}, None),
        ("II-AVB", CPSC, {"I-AVB"}, None),
        ("III-AVB", CPSC, {"I-AVB"}, None),
        ("PACED rhythm", CPSC, {"PAC"}, None),
        ("ST segment depression", CODE15, {"ST"}, None),
        ("STEMI", CODE15, {"ST"}, None),
        # negation
        ("No MI", SUPER, {"MI"}, None),
        ("There is HYP but no MI", SUPER, {"MI", "HYP"}, ("HYP",)),
        # names
        ("Left bundle branch block", CPSC, set(), ("LBBB",)),
        ("Myocardial infarction", SUPER, set(), ("MI",)),
    ],
)
def test_labels(text: str, codes: tuple[str, ...], official: set[str], strict: tuple[str, ...] | None) -> None:
    assert (set(codes_in(text, codes)), strict_codes(text, codes)) == (official, strict)
    if codes is CODE15:
        assert code15_said(text) == official


@pytest.mark.parametrize(
    ("options", "text", "official"),
    [
        # an option inside of an option
        ("complete left bundle branch block, incomplete left bundle branch block",
         "incomplete left bundle branch block",
         ["complete left bundle branch block", "incomplete left bundle branch block"]),
        ("complete right bundle branch block, incomplete right bundle branch block",
         "incomplete right bundle branch block",
         ["complete right bundle branch block", "incomplete right bundle branch block"]),
        ("extrasystoles, supraventricular extrasystoles", "supraventricular extrasystoles",
         ["extrasystoles", "supraventricular extrasystoles"]),
        ("extrasystoles, ventricular extrasystoles, supraventricular extrasystoles", "ventricular extrasystoles",
         ["extrasystoles", "ventricular extrasystoles"]),
        ("extrasystoles, ventricular extrasystoles, supraventricular extrasystoles", "supraventricular extrasystoles",
         ["extrasystoles", "ventricular extrasystoles", "supraventricular extrasystoles"]),
        ("left ventricular hypertrophy, voltage criteria (qrs) for left ventricular hypertrophy",
         "voltage criteria (qrs) for left ventricular hypertrophy",
         ["left ventricular hypertrophy", "voltage criteria (qrs) for left ventricular hypertrophy"]),
        ("yes, no, not sure", "not sure", ["no", "not sure"]),
        # capitals
        ("lead I, lead II, lead V2", "lead I", []),
        ("lead I, lead II, lead V2", "lead V2", []),
    ],
)  # fmt: skip
def test_options_of_ecg_qa(options: str, text: str, official: list[str]) -> None:
    """The answer is the gold itself: the strict reading scores it right, the published one wrong."""
    candidates = candidates_in(f"What is it? Options: {options} Only answer based on the given Options without any "
                               "explanation.")  # fmt: skip
    found = found_strictly_cased(text, candidates)
    assert found == official
    assert not right_as_sets(found, (text,))
    assert mark(item(tuple(candidates), (text,), "any"), answer(text)).right


def test_normal_holds_no() -> None:
    assert found_strictly_cased("normal", ["yes", "no"]) == ["no"]
    assert read_options("normal", ["yes", "no"]) is None


def test_an_option_with_commas_falls_into_three() -> None:
    name = "bigeminal pattern (unknown origin, supraventricular, or ventricular)"
    candidates = candidates_in(f"Options: {name}, sinus rhythm")
    assert len(candidates) == 4
    assert not right_as_sets(found_strictly_cased(name, candidates), (name,))
    assert mark(item((name, "sinus rhythm"), (name,), "any"), answer(name)).right


@pytest.mark.parametrize(
    ("said", "gold"),
    [
        ("lead I", "lead II"),
        ("lead I", "lead III"),
        ("complete right bundle branch block", "incomplete right bundle branch block"),
        ("myocardial infarction in anterior leads", "myocardial infarction in anterolateral leads"),
        ("myocardial infarction in anterior leads", "myocardial infarction in inferior leads"),
        ("myocardial infarction in inferolateral leads", "myocardial infarction in lateral leads"),
        ("early stage of myocardial infarction", "old stage of myocardial infarction"),
        ("early stage of myocardial infarction", "middle stage of myocardial infarction"),
    ],
)
def test_lax_compares_letters(said: str, gold: str) -> None:
    """Another answer than the gold is right for the lax variant, for it has the same letters."""
    assert set(said) == set(gold)
    assert right_as_letters([said], (gold,))
    assert not mark(item((said, gold), (gold,), "any"), answer(said)).right
    assert found_any_case(gold.upper(), [gold]) == [gold]


def test_replies_of_language_models() -> None:
    leads = ["lead I", "lead II", "lead aVF"]
    for lead in leads:
        assert not reply_right(names_in(lead, leads), [lead])
        assert mark(item(tuple(leads), (lead,), "any"), answer(lead)).right
    three = ["yes", "no", "not sure"]
    assert names_in("Not sure", three) == {"no"}
    assert mark(item(tuple(three), "not sure"), answer("Not sure")).right
    assert names_in("None of them", ["yes", "no"]) == {"no"}  # a stray "none" where it is no option
    assert read_options("None of them", ["yes", "no"]) is None


def test_auc_of_hard_labels_is_balanced_accuracy() -> None:
    """Likelihoods that rank all right have an AUC of 1; their 0 and 1, at a bad threshold, have not."""
    gold = np.array([0, 0, 0, 1, 1, 1])
    likelihood = np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.7])
    hard = likelihood > 0.5
    other = [{"MI"} if one else {"CD"} for one in gold]
    said = [{"MI"} if one else {"CD"} for one in hard]
    values = label_values(list(map(frozenset, other)), list(map(frozenset, said)))
    assert values["auc_of_hard_labels"] == pytest.approx(balanced_accuracy_score(gold, hard))
    assert values["auc_of_hard_labels"] == pytest.approx(5 / 6)
    assert roc_auc_score(gold, likelihood) == 1.0


def test_classes_and_n_follow_the_lines_that_are_there() -> None:
    """Of four items the last is not answered: officially it and its class are gone; strictly it is wrong."""
    gold = {"a": "NORM", "b": "MI", "c": "NORM", "d": "HYP"}
    lines = [{"id": id, "text": code, "gold": code} for id, code in gold.items() if id != "d"]
    official = score("super", lines)
    assert (official.n, official.values["macro_f1"].percent) == (3, 100.0)
    assert official.about[0] == "classes, from the gold of these lines: MI, NORM"
    items = [item(SUPER, (code,), "any", id) for id, code in gold.items()]
    told = marks(items, {id: answer(code, id) for id, code in gold.items() if id != "d"})
    assert (len(told), sum(one.right for one in told), told[-1].state) == (4, 3, "missing")


@pytest.mark.parametrize("rule", RULES)
def test_every_scorer_runs_on_three_lines(rule: str) -> None:
    """The published scripts do not compile."""
    gold = {"super": "NORM", "cpsc": "AF", "code15": "SB"}.get(rule, "C" if rule.startswith("mcq") else ["yes"])
    line = {"text": gold if isinstance(gold, str) else "yes", "gold": gold, "prompt": "Is it? Options: yes, no",
            "options": ["no", "yes"], "probabilities": {"yes": 0.9}}  # fmt: skip
    # a class in every gold has no "AUC"; hence another gold in the last line
    other = {"super": "MI", "cpsc": "PVC", "code15": "AF"}.get(rule)
    last = {**line, **({"text": other, "gold": other} if other else {})}
    found = score(rule, [{"id": "1", **line}, {"id": "2", **line}, {"id": "3", **last}], sizes=(3,))
    right = {"macro_f1", "auc_of_hard_labels", "accuracy", "exact_match"}
    assert found.n == 3
    assert {name: value.percent for name, value in found.values.items()} == {
        name: 100.0 if name in right else 0.0 for name in found.values
    }
