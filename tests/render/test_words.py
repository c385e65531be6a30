"""What may be printed: the patient's own age, sex and date, and a name and number that are nobody's."""

from dataclasses import replace
from datetime import datetime

import numpy as np

from einthoven.core.ecg import Person
from einthoven.core.measurements import FIGURES, Measurements
from einthoven.core.rng import rng
from einthoven.render.words import FAMILY, GIVEN, NO_WORDS, Words, words_of
from tests.render.pages import flat_ecg

ECG = replace(
    flat_ecg(),
    source="/data/patient17/s0042.hea",
    person=Person("17042", 61.0, "male"),
    recorded_at=datetime(1999, 5, 4, 13, 7),
)
FOUND = Measurements({name: float(place) for place, name in enumerate(FIGURES)})


def _all(count: int = 200) -> list[Words]:
    return [words_of(ECG, FOUND, None, rng("words", seed)) for seed in range(count)]


def test_age_sex_date_and_figures_are_the_record_s() -> None:
    for words in _all(20):
        assert (words.age_years, words.sex) == (61.0, "male")
        assert "1999" in words.recorded_at
        place = {name: float(at) for at, name in enumerate(FIGURES)}
        assert words.figures == {
            "heart_rate_bpm": place["heart_rate_bpm"], "pr_ms": place["pr_ms"], "qrs_ms": place["qrs_ms"],
            "qt_ms": place["qt_ms"], "qtc_ms": place["qtc_ms.bazett"], "p_axis": place["axis_deg.p"],
            "qrs_axis": place["axis_deg.qrs"], "t_axis": place["axis_deg.t"],
        }  # fmt: skip


def test_name_and_number_come_from_the_dice_alone() -> None:
    other = replace(ECG, source="/data/x.hea", person=replace(ECG.person, key="another"))
    for seed in range(200):
        words, twin = (words_of(one, None, None, rng("words", seed)) for one in (ECG, other))
        assert (words.name, words.id) == (twin.name, twin.id)
        assert words.id.isdigit()
        if words.name:
            family, given = words.name.split(", ")
            assert family in FAMILY
            assert given in GIVEN["male"], "a name that goes with the sex"
    assert len({words.id for words in _all()}) > 190
    assert 0.4 < np.mean([bool(words.name) for words in _all()]) < 0.8


def test_statements_are_as_given_or_follow_from_the_figures() -> None:
    assert words_of(ECG, FOUND, ("Mine",), rng("w")).statements == ("Mine",)
    assert words_of(ECG, FOUND, (), rng("w")).statements == ()
    assert words_of(ECG, FOUND, None, rng("w")).statements != ()
    assert words_of(ECG, None, None, rng("w")).statements == ()


def test_nothing_is_known_of_nobody() -> None:
    words = words_of(replace(flat_ecg(), person=Person()), None, None, rng("w"))
    assert (words.age_years, words.sex, words.recorded_at, words.figures) == (None, None, "", {})
    assert Words() == NO_WORDS
    assert not any((NO_WORDS.name, NO_WORDS.id, NO_WORDS.recorded_at, NO_WORDS.figures, NO_WORDS.statements))


def test_the_same_dice_give_the_same_words() -> None:
    assert words_of(ECG, FOUND, None, rng("w", 3)) == words_of(ECG, FOUND, None, rng("w", 3))
