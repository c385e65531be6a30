"""The nearest ECG: by distances computed by hand, and on simulated signals of two rates."""

import math
from pathlib import Path

import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.core.measurements import Amplitudes, Measurements, Rhythm
from einthoven.evaluate.item import Item
from einthoven.evaluate.run import answer_items, asked
from einthoven.evaluate.systems.baselines import baseline
from einthoven.evaluate.systems.baselines.figures import INTERVALS, VOLTAGES, WEIGHTS, Figures, Floats, row_of
from einthoven.evaluate.systems.baselines.nearest import Nearest, fit_nearest
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from tests.evaluate.systems.fakes import item


def row(rate: float, qrs: float = math.nan) -> Floats:
    """Figures of which all but two are alike."""
    found = np.zeros(len(WEIGHTS))
    found[0], found[2] = rate, qrs
    return found


def known(train: list[Item], rows: dict[str, Floats | str]) -> Nearest:
    """The baseline, with figures that need no measuring."""
    return Nearest(fit_nearest(train, 0, 0).known, Figures(0, rows))


def say(system: Nearest, one: Item) -> object:
    return next(system([asked(one)])).answer


def test_the_answer_is_that_of_the_nearest_in_standard_deviations() -> None:
    # rates 50, 90, 130 (SD 32.7), QRS 100, 101, 110 (SD 4.5): from (88, 109), squares 5.4, 3.2 and 1.7 away
    rows: dict[str, Floats | str] = {"a": row(50, 100), "b": row(90, 101), "c": row(130, 110), "q": row(88, 109)}
    train = [item(id, id, ecgs=(id,), options=None, group="g") for id in "abc"]
    assert say(known(train, rows), item("q", ecgs=("q",), options=None, group="g")) == "c"
    rows["q"] = row(88, 102)
    assert say(known(train, rows), item("q", ecgs=("q",), options=None, group="g")) == "b"


def test_a_figure_that_cannot_be_measured_is_as_the_mean() -> None:
    rows: dict[str, Floats | str] = {"a": row(60, 80), "b": row(60, 100), "c": row(60, 120), "q": row(60)}
    train = [item(id, id, ecgs=(id,), options=None, group="g") for id in "abc"]
    assert say(known(train, rows), item("q", ecgs=("q",), options=None, group="g")) == "b"


def test_groups_come_first_and_only_answers_that_are_allowed() -> None:
    rows: dict[str, Floats | str] = {"a": row(50), "b": row(60), "c": row(100), "q": row(51)}
    train = [
        item("a", "yes", ecgs=("a",), group="other", type="t"),
        item("b", "no", ecgs=("b",), group="g", type="t"),
        item("c", "yes", ecgs=("c",), group="g", type="t"),
    ]
    system = known(train, rows)
    assert say(system, item("q", ecgs=("q",), group="g", type="t")) == "no"
    assert say(system, item("q", ecgs=("q",), group="new", type="t")) == "yes"
    assert say(system, item("q", ecgs=("q",), group="g", type="t", options=("yes", "maybe"))) == "yes"


def test_pairs_are_compared_with_pairs() -> None:
    rows: dict[str, Floats | str] = {"a": row(50), "b": row(100), "q": row(52), "r": row(98)}
    train = [
        item("up", ("rate",), ecgs=("a", "b"), options=("rate", "axis"), pick="any", group="g"),
        item("same", (), ecgs=("a", "a"), options=("rate", "axis"), pick="any", group="g"),
        item("single", ("axis",), ecgs=("q",), options=("rate", "axis"), pick="any", group="g"),
    ]
    asked_of = item("q", ecgs=("q", "r"), options=("axis", "rate"), pick="any", group="g", gold=("rate",))
    assert say(known(train, rows), asked_of) == ("rate",)


def test_what_cannot_be_measured_is_left_out_of_training_and_an_error_when_asked() -> None:
    rows: dict[str, Floats | str] = {"a": "a: too short", "b": row(100), "q": row(50)}
    train = [item("a", "no", ecgs=("a",)), item("b", "yes", ecgs=("b",))]
    system = known(train, rows)
    assert say(system, item("q", ecgs=("q",))) == "yes"
    with pytest.raises(InputError, match="a: too short"):
        say(system, item("q", ecgs=("a",)))


def test_without_ecg_or_training_it_abstains() -> None:
    system = known([], {"q": row(60)})
    first, second = system([asked(item("q", ecgs=())), asked(item("q", ecgs=("q",)))])
    assert (first.reason, second.reason) == ("no ECG is given", "no training ECG was asked such a question")
    assert first.abstained and second.abstained


def test_figures_are_those_that_were_measured() -> None:
    measured = Measurements(
        {"heart_rate_bpm": 60.0, "pr_ms": None, "qrs_ms": 90.0, "qtc_ms.fridericia": 400.0, "axis_deg.qrs": 90.0},
        amplitudes_mv={"I": Amplitudes(r=1.5)},
        rhythm=Rhythm(regular=False, sdnn_ms=30.0, premature_beats_s=(1.0, 2.0)),
    )
    found = row_of(measured)
    expected = [60, math.nan, 90, 400, 30, 2, 0, 0, math.cos(math.pi / 2), 1, 1.5, *[math.nan] * 59]
    assert found == pytest.approx(expected, nan_ok=True)
    assert len(found) == len(WEIGHTS) == len(INTERVALS) + 6 + 12 * len(VOLTAGES)
    assert (WEIGHTS**2).sum() == pytest.approx(len(INTERVALS) + 6 + len(VOLTAGES))


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("records")
    rates = {"slow1": 48.0, "slow2": 52.0, "fast1": 100.0, "fast2": 108.0, "q_slow": 51.0, "q_fast": 105.0}
    made = {name: simulate([], seed=3, seconds=6.0, rate_bpm=rate).ecg for name, rate in rates.items()}
    return {name: str(write_wfdb(ecg, folder, name).with_suffix("")) for name, ecg in made.items()}


def test_on_signals_of_two_rates_the_rate_is_found(records: dict[str, str], tmp_path: Path) -> None:
    train = [item(name, name[:4], ecgs=(path,), options=("slow", "fast"), group="rate")
             for name, path in records.items() if not name.startswith("q_")]  # fmt: skip
    train.append(item("gone", "slow", ecgs=("absent.hea",), options=("slow", "fast"), group="rate"))
    items = [
        *(item(name, name[2:], ecgs=(records[name],), options=("slow", "fast"), group="rate")
          for name in ("q_slow", "q_fast")),
        item("q_gone", "slow", ecgs=("absent.hea",), options=("slow", "fast"), group="rate"),
    ]  # fmt: skip
    found = answer_items(baseline("nearest", train), items, tmp_path, label="")
    assert [one.answer for one in found.values()] == ["slow", "fast", None]
    assert "absent.hea" in (found["q_gone"].reason or "")
    assert found["q_slow"].options is None


def test_an_ecg_is_measured_once(records: dict[str, str]) -> None:
    figures, path = Figures(), records["slow1"]
    figures.learn([path, path])
    first = figures.known[path]
    figures.learn([path])
    assert figures.known[path] is first
    assert figures.of([path, path])[[0, len(WEIGHTS)]] == pytest.approx(48, abs=2)
