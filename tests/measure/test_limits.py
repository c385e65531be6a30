"""Limits by age and sex against the published ranges, and none where they do not hold."""

from typing import Literal

import pytest

from einthoven.core.ecg import Person
from einthoven.core.measurements import CORRECTIONS, FIGURES, Amplitudes
from einthoven.measure.limits import SOURCES, limits, ranges

Sex = Literal["female", "male"]


def _bounds(figure: str, age_years: float | None = 45, sex: Sex | None = None) -> tuple[float | None, float | None]:
    found = limits({figure: 100.0}, {}, Person(None, age_years, sex))[figure]
    return found.low, found.high


def _st(lead: str, mv: float, age_years: float | None, sex: Sex | None) -> str | None:
    found = limits({}, {lead: Amplitudes(st_j=mv)}, Person(None, age_years, sex))
    return found[f"st_j.{lead}"].place if found else None


def test_the_table_is_whole() -> None:
    for one in ranges():
        assert one.source in SOURCES and one.sex in ("", "female", "male")
        assert one.figure in FIGURES or one.figure.startswith("st_j.")
        assert one.low is not None or one.high is not None
        assert one.low is None or one.high is None or one.low < one.high
        assert one.age_from >= 18 and (one.age_to is None or one.age_to >= one.age_from)
    assert {one.source for one in ranges()} == set(SOURCES)


def test_published_ranges_of_adults() -> None:
    assert _bounds("axis_deg.qrs") == (-30, 90)  # Surawicz 2009
    assert _bounds("qrs_ms") == (None, 120)  # Surawicz 2009
    assert _bounds("heart_rate_bpm") == (48, 98)  # Mason 2007, as are the next two
    assert _bounds("pr_ms") == (113, 212)
    assert _bounds("qt_ms") == (325, 452)
    for name in CORRECTIONS:  # Rautaharju 2009: long from 450 ms in men and 460 ms in women
        assert _bounds(f"qtc_ms.{name}", sex="male") == (None, 450)
        assert _bounds(f"qtc_ms.{name}", sex="female") == (None, 460)


def test_women_from_50_to_79_have_ranges_of_their_own() -> None:
    """Rautaharju 2013."""
    ages_years = (49.9, 50, 79.9, 80)
    lows = [[_bounds("heart_rate_bpm", age_years, sex)[0] for age_years in ages_years] for sex in ("female", "male")]
    highs = [[_bounds("heart_rate_bpm", age_years, sex)[1] for age_years in ages_years] for sex in ("female", "male")]
    assert lows == [[48, 49, 49, 48], [48] * 4]
    assert highs == [[98, 88, 88, 98], [98] * 4]


def test_st_by_the_universal_definition() -> None:
    """Thygesen 2018: V2 and V3 from 0.2 mV in men from 40 on, 0.25 below 40, 0.15 in women; else from 0.1 mV."""
    for lead in ("V2", "V3"):
        assert [_st(lead, mv, 60, "male") for mv in (0.19, 0.21)] == ["within", "above"]
        assert [_st(lead, mv, 39.5, "male") for mv in (0.24, 0.26)] == ["within", "above"]
        assert [_st(lead, mv, 25, "female") for mv in (0.14, 0.16)] == ["within", "above"]
        assert _st(lead, 0.5, 60, None) is None  # it depends on the sex
    for lead in ("II", "V1", "V4"):
        assert [_st(lead, mv, 60, None) for mv in (-0.06, -0.04, 0.09, 0.11)] == ["below", "within", "within", "above"]
    assert _st("aVR", 0.5, 60, "male") is None


def test_under_18_there_are_none() -> None:
    figures: dict[str, float | None] = {"heart_rate_bpm": 130.0, "qrs_ms": 70.0}
    voltages = {"V2": Amplitudes(st_j=0.3)}
    assert limits(figures, voltages, Person(None, 17.9, "male")) == {}
    assert limits(figures, voltages, Person(None, 0, None)) == {}
    assert set(limits(figures, voltages, Person(None, 18, "male"))) == {"heart_rate_bpm", "qrs_ms", "st_j.V2"}


def test_places() -> None:
    for value, place in ((47.0, "below"), (48.0, "within"), (98.0, "within"), (98.1, "above")):
        assert limits({"heart_rate_bpm": value}, {}, Person(None, 30))["heart_rate_bpm"].place == place
    assert limits({"qrs_ms": 5.0}, {}, Person(None, 30))["qrs_ms"].place == "within"


def test_the_source_is_said_and_so_is_an_age_that_is_not_known() -> None:
    known, unknown = (limits({"qrs_ms": 95.0}, {}, Person(None, age))["qrs_ms"] for age in (40, None))
    assert known.source == SOURCES["surawicz2009"] and "2009" in known.source
    assert unknown.source == f"{known.source}; age not stated, taken as an adult's"
    assert (unknown.low, unknown.high) == (known.low, known.high)
    assert _bounds("heart_rate_bpm", None, "female") == (48, 98)


def test_what_is_not_measured_or_has_no_range_has_no_limit() -> None:
    assert limits({"qrs_ms": None, "rr_ms": 800.0, "axis_deg.t": 30.0}, {"V1": Amplitudes(r=1)}, Person(None, 40)) == {}


@pytest.mark.parametrize("sex", ["female", "male", None])
def test_every_adult_has_a_range_for_each_interval(sex: Sex | None) -> None:
    for age_years in (18, 39, 40, 50, 79, 80, 100, None):
        for figure in ("heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms", "qtc_ms.bazett", "axis_deg.qrs"):
            assert _bounds(figure, age_years, sex) != (None, None)
