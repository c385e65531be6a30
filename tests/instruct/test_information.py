"""Information in bits against closed forms and scikit-learn, intervals over patients, chance; and the real archive."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import mutual_info_score

from einthoven.core.rng import rng
from einthoven.instruct.balance import SAMPLINGS, Candidate, Offer, Sampling, choose
from einthoven.instruct.families.certain import is_certain
from einthoven.instruct.information import (
    QUESTION_ANSWER,
    QUESTION_SEVERITY,
    SEVERITY_ANSWER_GIVEN_QUESTION,
    Information,
    entropy,
    information,
    informations,
    resampled,
)
from einthoven.instruct.severity import Severity, level
from einthoven.records.datasets import load_dataset
from tests.instruct.test_balance import chosen
from tests.support import data_root

NAMES = {"I(Q;S)", "I(Q;S')", "I(Q;A)", "I(S;A|Q)", "I(S';A|Q)"}
S_OF_LEVEL = (0, 1, 2, 3, 5)


def _rows(
    question: NDArray[np.int64], without: NDArray[np.int64], yes: NDArray[np.bool_], per_patient: int = 1
) -> list[Candidate]:
    """Rows with these questions, levels of S' and answers; S is S' and, where the answer is yes, one more."""
    return [
        Candidate(
            f"{place}",
            f"p{place // per_patient:06d}",
            f"q{q}",
            bool(y),
            Severity(S_OF_LEVEL[s] + int(y), S_OF_LEVEL[s]),
        )
        for place, (q, s, y) in enumerate(zip(question, without, yes, strict=True))
    ]


def _random(n: int, *names: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    random = rng("test", *names)
    return random.integers(0, 8, n), random.integers(0, 5, n), random.random(n) < 0.4


def test_entropies_are_those_of_the_closed_form() -> None:
    assert float(entropy(np.array([4.0, 4.0, 0.0, 0.0]), corrected=False)) == 1.0
    assert float(entropy(np.array([7.0, 0.0]), corrected=False)) == 0.0
    correction = (3 - 1) / (2 * 12 * np.log(2))
    assert float(entropy(np.array([4.0, 4.0, 4.0, 0.0]))) == pytest.approx(np.log2(3) + correction)
    assert entropy(np.array([[1.0, 1.0], [0.0, 0.0]]), corrected=False).tolist() == [1.0, 0.0]


def test_independent_tables_have_none_and_a_copy_has_its_entropy() -> None:
    shares = (np.array([0.5, 0.25, 0.25]), np.array([0.1, 0.2, 0.3, 0.2, 0.2]), np.array([0.7, 0.3]))
    apart = np.einsum("q,s,a->qsa", *shares) * 1000
    for terms in (QUESTION_SEVERITY, QUESTION_ANSWER, SEVERITY_ANSWER_GIVEN_QUESTION):
        assert float(information(apart, terms, corrected=False)) == pytest.approx(0, abs=1e-12)
    copy = np.zeros((3, 5, 2))
    copy[[0, 1, 2], [4, 2, 0], [0, 0, 1]] = 8.0, 4.0, 4.0
    assert float(information(copy, QUESTION_SEVERITY, corrected=False)) == pytest.approx(1.5)
    assert float(information(copy, QUESTION_ANSWER, corrected=False)) == pytest.approx(0.811278, abs=1e-6)
    assert float(information(copy, SEVERITY_ANSWER_GIVEN_QUESTION, corrected=False)) == pytest.approx(0)
    parity = np.zeros((2, 5, 2))  # severity and question together decide the answer, neither does alone
    parity[[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]] = 5.0
    assert float(information(parity, QUESTION_ANSWER, corrected=False)) == pytest.approx(0)
    assert float(information(parity, SEVERITY_ANSWER_GIVEN_QUESTION, corrected=False)) == pytest.approx(1)


def test_as_counted_it_is_what_scikit_learn_finds() -> None:
    question, without, yes = _random(700, "sklearn")
    without = np.where(yes, np.minimum(without, question % 5), without)
    found = informations(_rows(question, without, yes))
    levels = {
        "S": [level(S_OF_LEVEL[s] + int(y)) for s, y in zip(without, yes, strict=True)],
        "S'": without.tolist(),
    }
    for name, severities in levels.items():
        assert found[f"I(Q;{name})"].plain == pytest.approx(
            mutual_info_score(question, severities) / np.log(2), abs=1e-4
        )
        apart = [question == one for one in range(8)]
        given = sum(
            mutual_info_score(np.array(severities)[mine], yes[mine]) / np.log(2) * mine.mean() for mine in apart
        )
        assert found[f"I({name};A|Q)"].plain == pytest.approx(given, abs=1e-4)
    assert found["I(Q;A)"].plain == pytest.approx(mutual_info_score(question, yes) / np.log(2), abs=1e-4)


def test_the_correction_takes_the_bias_away() -> None:
    """Of nothing, counts show about (8 - 1)(5 - 1) / (2 n ln 2) bits; corrected, they show none on average."""
    n, values = 400, []
    for run in range(60):
        question, without, _ = _random(n, "bias", str(run))
        counts = np.zeros((8, 5, 2))
        np.add.at(counts, (question, without, np.zeros(n, np.int64)), 1)
        values.append([float(information(counts, QUESTION_SEVERITY, corrected)) for corrected in (False, True)])
    plain, corrected = np.mean(values, axis=0)
    assert plain == pytest.approx(28 / (2 * n * np.log(2)), rel=0.1)
    assert abs(corrected) < 0.005


def test_nothing_is_within_chance_and_something_is_not() -> None:
    question, without, yes = _random(2000, "chance")
    for name, found in informations(_rows(question, without, yes)).items():
        if "S'" not in name and "S" in name:
            continue  # S counts the answer: it is not independent of it
        assert found.value is not None and found.chance is not None and found.chance_high is not None
        assert found.low is not None and found.high is not None
        assert found.low < 0.002
        assert abs(found.chance) < 0.003
        assert found.value < found.chance_high + 0.004
        assert found.n == 2000
    told = informations(_rows(question, np.where(question > 5, 4, without), yes))["I(Q;S')"]
    assert told.low is not None and told.chance_high is not None and told.value is not None and told.high is not None
    assert told.chance_high < told.low < told.value < told.high


def test_chance_given_the_question_keeps_what_severity_tells_of_the_question() -> None:
    """Severity follows from the question, and so does the answer; within a question neither tells the other."""
    question, without, yes = _random(3000, "given")
    random = rng("test", "given", "more")
    without = np.where(random.random(3000) < 0.7, question % 5, without)
    yes = np.where(random.random(3000) < 0.8, question < 4, yes)
    found = informations(_rows(question, without, yes))
    given = found["I(S';A|Q)"]
    assert given.value is not None and given.chance is not None and given.chance_high is not None
    assert given.value < given.chance_high + 0.003
    assert abs(given.chance) < 0.003
    assert (found["I(Q;S')"].low or 0) > 0.5
    assert (found["I(Q;A)"].low or 0) > 0.2
    assert (found["I(Q;A)"].chance_high or 1) < 0.01


def test_chance_given_the_question_is_none_where_the_question_tells_the_severity() -> None:
    question, _, yes = _random(500, "tells")
    given = informations(_rows(question, question % 5, yes))["I(S';A|Q)"]
    assert (given.value, given.chance, given.chance_high) == (0, 0, 0)


def test_the_interval_lies_around_the_value() -> None:
    """Draws of few questions show information that the draws themselves bring in: it must not shift the interval."""
    question, without, yes = _random(400, "around")
    found = informations(_rows(question, without, yes))["I(Q;S')"]
    assert found.low is not None and found.high is not None
    assert found.low < 0 < found.high
    assert (found.low + found.high) / 2 == pytest.approx(found.value, abs=(found.high - found.low) / 6)


def test_the_interval_covers_the_truth() -> None:
    """Of 30 intervals of 95 %, 28 or 29 give or take 1; a bootstrap of information covers a little less."""
    joint = np.full((4, 2), 1 / 8) * np.array([[1.6, 0.4], [1.2, 0.8], [0.8, 1.2], [0.4, 1.6]])
    truth = float(information(joint[:, None, :] * 1e6, QUESTION_ANSWER, corrected=False))
    covered = 0
    for run in range(30):
        drawn = rng("test", "cover", run).choice(8, 500, p=joint.ravel())
        question, yes = drawn // 2, drawn % 2 == 1
        found = informations(_rows(question, np.zeros(500, np.int64), yes))["I(Q;A)"]
        assert found.low is not None and found.high is not None
        covered += found.low <= truth <= found.high
    assert 25 <= covered <= 30


def test_the_patients_are_drawn_not_the_questions() -> None:
    question, _, yes = _random(300, "patients")
    alone = informations(_rows(question, question % 5, yes))["I(Q;S')"]
    thrice = [np.repeat(one, 3) for one in (question, question % 5)]
    together = informations(_rows(thrice[0], thrice[1], np.repeat(yes, 3), per_patient=3))["I(Q;S')"]
    apart = informations(_rows(thrice[0], thrice[1], np.repeat(yes, 3)))["I(Q;S')"]
    widths = [(one.high or 0) - (one.low or 0) for one in (alone, together, apart)]
    assert widths[1] == pytest.approx(widths[0], rel=0.15)
    assert widths[2] == pytest.approx(widths[0] / np.sqrt(3), rel=0.2)


def test_draws_are_sums_over_patients_drawn_with_replacement() -> None:
    cells, patients = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 2])
    draws = np.concatenate(list(resampled(cells, patients, 3)))
    assert draws.shape == (1000, 3)
    first, second, third = draws[:, 0], draws[:, 1] - draws[:, 0], draws[:, 2]
    assert ((first + second + third) == 3).all(), "three patients in every draw"
    assert draws.mean(axis=0) == pytest.approx([1, 2, 1], abs=0.1)
    assert first.var() == pytest.approx(2 / 3, abs=0.1)


def test_no_questions_no_values() -> None:
    assert informations([]) == {name: Information(0) for name in NAMES}
    assert Information(0).to_json()["value"] is None


@pytest.mark.parametrize("name", sorted(NAMES - {"I(S;A|Q)"}))
def test_matched_falls_to_chance_where_naive_does_not(name: str) -> None:
    for how in SAMPLINGS:
        found = _of(how)[name]
        assert found.low is not None and found.value is not None and found.chance_high is not None
        if how == "naive":
            assert found.low > found.chance_high
        elif how == "matched" and name != "I(Q;S)":  # S counts the asked label, matched or not
            assert found.value <= found.chance_high


@cache
def _of(how: Sampling) -> dict[str, Information]:
    return informations(chosen(how).candidates)


def test_independent_leaves_severity_nothing_to_tell_of_the_question() -> None:
    found = _of("independent")["I(Q;S)"]
    assert found.value is not None and found.chance_high is not None
    assert found.value <= found.chance_high


@cache
def real_offers() -> tuple[Offer, ...]:
    """PTB-XL, train: what is stated without doubt, asked for as absent where no likelihood stands beside it."""
    folder = data_root() / "ptbxl"
    if not (folder / "local_split.csv").is_file():
        pytest.skip("no PTB-XL beside the checkout")
    rows = [row for row in load_dataset("ptbxl").load(folder) if row.split == "train"]
    codes = frozenset(code for row in rows for code in row.labels)
    sure = [frozenset(code for code, sure in row.labels.items() if is_certain(sure)) for row in rows]
    return tuple(
        Offer(row.id, row.patient, yes, codes - row.labels.keys(), frozenset(row.labels))
        for row, yes in zip(rows, sure, strict=True)
    )


def test_on_ptbxl_matched_falls_to_chance_where_naive_and_the_placebo_do_not() -> None:
    offers = real_offers()
    plans: tuple[tuple[Sampling, bool], ...] = (("naive", False), ("matched", False), ("matched", True))
    naive, matched, placebo = (
        informations(choose(offers, how, seed=0, per_case=8, placebo=by_chance).candidates) for how, by_chance in plans
    )
    assert 0.1 < (naive["I(Q;S)"].value or 0) < 0.3, "about 0.2 bit is known of questions that follow a report"
    for name in ("I(Q;S')", "I(S';A|Q)"):
        assert (matched[name].value or 0) <= (matched[name].chance_high or 0), name
        for other in (naive, placebo):
            assert (other[name].low or 0) > (other[name].chance_high or 1), name
    assert (matched["I(Q;A)"].value or 0) <= (matched["I(Q;A)"].chance_high or 0)
    assert (naive["I(Q;A)"].low or 0) > 0.1
