"""Labels as published: scikit-learn as the witness, floors in closed form, and what the scorer cannot do."""

import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.metrics import f1_score, hamming_loss, roc_auc_score
from sklearn.preprocessing import MultiLabelBinarizer

from einthoven.evaluate.official.labels import (
    CODE15,
    CPSC,
    SUPER,
    code15_gold,
    code15_said,
    codes_in,
    label_values,
)
from einthoven.evaluate.official.score import score

FOLD_10 = {"NORM": 963, "MI": 550, "STTC": 521, "CD": 496, "HYP": 262}
N_FOLD_10 = 2158


def witness(gold: Sequence[frozenset[str]], said: Sequence[frozenset[str]]) -> dict[str, float]:
    """The same three values through scikit-learn, classes taken from gold."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # codes outside of gold; classes without a negative
        table = MultiLabelBinarizer().fit(gold)
        true, found = table.transform(gold), table.transform(said)
        aucs = [roc_auc_score(true[:, place], found[:, place]) for place in range(true.shape[1])]
        each = f1_score(true, found, average=None)[: len(table.classes_)]
        return {
            "macro_f1": float(np.mean(each)),
            "auc_of_hard_labels": float(np.mean(aucs)),
            "hamming_loss": float(hamming_loss(true, found)),
        }


def fold_10(said: str) -> list[dict[str, str]]:
    """Gold with the published number of each class; what a constant answer scores depends on nothing else."""
    return [
        {"id": str(row), "text": said, "gold": " ".join(code for code, count in FOLD_10.items() if row < count)}
        for row in range(N_FOLD_10)
    ]


def printed(said: str) -> tuple[str | None, ...]:
    values = score("super", fold_10(said)).values
    return tuple(values[name].printed for name in ("auc_of_hard_labels", "macro_f1", "hamming_loss"))


def test_floors_of_super() -> None:
    """The table of floors: AUC, F1, HL of fold 10, as printed."""
    assert printed("NORM") == ("50.0", "12.3", "28.0")
    assert printed("") == ("50.0", "0.0", "25.9")
    auc, _, loss = printed("NORM, MI, STTC, CD, HYP")
    assert (auc, loss) == ("50.0", "74.1")


def test_all_five_at_once_in_closed_form() -> None:
    shares = [count / N_FOLD_10 for count in FOLD_10.values()]
    value = score("super", fold_10("NORM MI STTC CD HYP")).values["macro_f1"]
    assert value.percent == pytest.approx(100 * np.mean([2 * p / (1 + p) for p in shares]))
    assert value.percent == pytest.approx(40.05, abs=0.005)  # quoted as 40.0
    assert (value.printed, value.n) == ("40.1", N_FOLD_10)


def test_coin_flips() -> None:
    draw = np.random.default_rng(7)
    lines = fold_10("")
    for line in lines:
        line["text"] = " ".join(code for code in SUPER if draw.random() < 0.5)
    values = score("super", lines).values
    assert values["macro_f1"].percent == pytest.approx(32.9, abs=1.0)
    assert values["hamming_loss"].percent == pytest.approx(50.0, abs=1.0)
    assert values["auc_of_hard_labels"].percent == pytest.approx(50.0, abs=1.5)


@pytest.mark.parametrize("codes", [SUPER, CPSC, CODE15, SUPER[:2], SUPER[:1]])
def test_values_are_those_of_scikit_learn(codes: tuple[str, ...]) -> None:
    """Few lines and few classes: classes in all gold, in no output, of one kind only."""
    draw = np.random.default_rng(11)
    seen_nan = 0
    for _ in range(25):
        n = int(draw.integers(1, 9))
        rate = draw.random()
        gold = [frozenset(code for code in codes if draw.random() < rate) for _ in range(n)]
        said = [frozenset(code for code in (*codes, "OTHER") if draw.random() < 0.5) for _ in range(n)]
        if not frozenset().union(*gold):
            continue
        found, expected = label_values(gold, said), witness(gold, said)
        for name, value in expected.items():
            assert found[name] == pytest.approx(value, nan_ok=True), (name, gold, said)
            assert str(np.round(found[name] * 100, 1)) == str(np.round(value * 100, 1)), (name, gold, said)
        seen_nan += np.isnan(expected["auc_of_hard_labels"])
    assert seen_nan


def test_a_single_class_has_the_f1_of_its_absence() -> None:
    gold = [frozenset({"MI"}), frozenset[str](), frozenset[str]()]
    said = [frozenset({"MI"}), frozenset({"MI"}), frozenset[str]()]
    assert label_values(gold, said)["macro_f1"] == pytest.approx(2 / 3)
    assert witness(gold, said)["macro_f1"] == pytest.approx(2 / 3)


def test_a_class_in_every_gold_makes_auc_not_a_number() -> None:
    lines = [{"id": "1", "text": "NORM", "gold": "NORM, MI"}, {"id": "2", "text": "MI", "gold": "NORM"}]
    found = score("super", lines)
    assert (found.values["auc_of_hard_labels"].percent, found.values["auc_of_hard_labels"].printed) == (None, "nan")
    assert found.values["macro_f1"].percent == pytest.approx(100 * (2 / 3 + 0) / 2)
    assert any("not a number" in note for note in found.about)


def test_norm_is_found_in_abnormal() -> None:
    found = score("super", [{"id": "1", "text": "ABNORMAL", "gold": "NORM"}, {"id": "2", "text": "MI", "gold": "MI"}])
    assert found.values["macro_f1"].percent == 100.0


def test_codes_that_no_gold_holds_are_dropped() -> None:
    lines = [{"id": "1", "text": "NORM, HYP", "gold": "NORM"}, {"id": "2", "text": "MI, HYP", "gold": "MI"}]
    found = score("super", lines)
    assert found.values["macro_f1"].percent == 100.0
    assert "2 codes that no gold of these lines holds are dropped" in found.about


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ABNORMAL", {"ABNORMAL"}),
        ("NORM", {"NORM"}),
        ("NORM or ABNORMAL", {"ABNORMAL"}),
        ("I see RBBB. Answer: SB", {"SB"}),
        ("Answer: AF. No, Answer: ST and NORM", {"ST", "NORM"}),
        ("Answer:", set()),
        ("answer: AF", {"AF"}),
        ("1dAVb(1st degree av block)", {"1dAVb"}),
        ("1davb", set()),
    ],
)
def test_outputs_of_code15(text: str, said: set[str]) -> None:
    assert code15_said(text) == said


@pytest.mark.parametrize(
    ("text", "gold"),
    [("NORM", {"NORM"}), ("ABNORMAL", {"ABNORMAL"}), ("NORM ", set()), ("SB, AF", {"SB", "AF"}), ("NORM, AF", {"AF"})],
)
def test_gold_of_code15(text: str, gold: set[str]) -> None:
    assert code15_gold(text) == gold


def test_only_code15_cuts_at_answer() -> None:
    assert codes_in("I see MI. Answer: HYP", SUPER) == {"MI", "HYP"}
    assert codes_in("mi", SUPER) == set()


def test_rounding_is_numpys() -> None:
    """12.25 is halfway: NumPy rounds to the even digit, 12.2."""
    gold = ["NORM" if row < 49 else "MI" for row in range(400)]
    text = ["MI" for _ in gold]
    found = score(
        "super", [{"id": str(n), "text": t, "gold": g} for n, (t, g) in enumerate(zip(text, gold, strict=True))]
    )
    assert found.values["hamming_loss"].percent == 12.25
    assert found.values["hamming_loss"].printed == "12.2"
