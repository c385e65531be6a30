"""Confidence is the logistic of what can be seen, falls with doubt, and is absent without a calibration."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from einthoven.core.errors import ModelError
from einthoven.core.measurements import FIGURES
from einthoven.core.rng import rng
from einthoven.measure.beats import find_beats
from einthoven.measure.confidence import FEATURES, FILE, WAVES_OF, calibration, confidences, signs
from einthoven.measure.delineation import QRS, Delineation, P, T
from einthoven.measure.entry import measure
from einthoven.measure.network import WEIGHTS
from tests.measure.make import made, measured, waves

SPREAD_MS = dict.fromkeys(WAVES_OF, 3.0)
VALUES: dict[str, float | None] = dict.fromkeys(FIGURES, 100.0)


def _waves(beats: int = 10) -> Delineation:
    spans = [(P, 0.1, 0.2), (QRS, 0.26, 0.35), (T, 0.5, 0.7)]
    return waves([(kind, on + place, off + place) for place in range(beats) for kind, on, off in spans], 6)


def _signs(found: Delineation, spread_ms: float = 3.0, noise: float = 0.1) -> dict[str, tuple[float, ...]]:
    return signs(found, find_beats(found), dict.fromkeys(WAVES_OF, spread_ms), noise)


def _folder(path: Path, weights: list[float], figures: tuple[str, ...] = (*WAVES_OF, "axis_deg.qrs")) -> Path:
    path.mkdir(exist_ok=True)
    (path / FILE).write_text(json.dumps({"figures": {name: {"weights": weights} for name in figures}}))
    return path


def _spread_over_leads(by_s: float) -> Delineation:
    found = _waves()
    found.on_s[:] += np.linspace(-by_s, by_s, 6)
    return found


def test_each_sign_grows_with_doubt() -> None:
    calm = _signs(_waves())
    doubtful = replace(_waves(), confidence=np.full((30, 6), 0.6, np.float32))
    worse = [
        _signs(_waves(), spread_ms=30), _signs(_spread_over_leads(0.02)), _signs(doubtful), _signs(_waves(3)),
        _signs(_waves(), noise=0.8),
    ]  # fmt: skip
    assert len(worse) == len(FEATURES)
    for figure in WAVES_OF:
        for place, signs_of in enumerate(worse):
            assert signs_of[figure][place] > calm[figure][place], (figure, FEATURES[place])
            others = [number for number in range(len(FEATURES)) if number != place]
            assert [signs_of[figure][one] for one in others] == pytest.approx([calm[figure][one] for one in others])


def test_confidence_falls_as_any_sign_grows(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [2.0, *[-1.0] * len(FEATURES)])
    calm = (0.3,) * len(FEATURES)
    before = confidences(VALUES, {"qrs_ms": calm}, folder)["qrs_ms"]
    for place in range(len(FEATURES)):
        worse = tuple(sign + (number == place) for number, sign in enumerate(calm))
        assert confidences(VALUES, {"qrs_ms": worse}, folder)["qrs_ms"] < before


def test_it_is_the_logistic_function(tmp_path: Path) -> None:
    none = dict.fromkeys(WAVES_OF, (0.0,) * len(FEATURES))
    for odds in (1 / 3, 1.0, 9.0):
        folder = _folder(tmp_path / str(odds), [float(np.log(odds)), *[0.0] * len(FEATURES)])
        for sure in confidences(VALUES, none, folder).values():
            assert sure == pytest.approx(odds / (1 + odds), abs=6e-4)
    for far, limit in ((1e6, 1.0), (-1e6, 0.0)):
        folder = _folder(tmp_path / str(far), [far, *[0.0] * len(FEATURES)])
        assert confidences(VALUES, none, folder)["qt_ms"] == pytest.approx(limit, abs=1e-3)


def test_derived_figures_are_as_sure_as_what_they_are_made_of(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [0.0, -1.0, *[0.0] * (len(FEATURES) - 1)])
    sign = {name: (place / 4, *[0.0] * (len(FEATURES) - 1)) for place, name in enumerate(WAVES_OF)}
    found = confidences(VALUES, sign, folder)
    assert found["rr_ms"] == found["heart_rate_bpm"]
    assert found["qtc_ms.bazett"] == found["qtc_ms.hodges"] == min(found["qt_ms"], found["heart_rate_bpm"])
    assert found["axis_deg.qrs"] == found["qrs_ms"]
    assert not {"axis_deg.p", "axis_deg.t"} & found.keys()  # the file has none of these


def test_what_is_not_measured_has_no_confidence(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [0.0] * (1 + len(FEATURES)))
    values = VALUES | dict.fromkeys(("pr_ms", "qtc_ms.bazett", "axis_deg.qrs"))
    found = confidences(values, _signs(_waves()), folder)
    assert not {"pr_ms", "qtc_ms.bazett", "axis_deg.qrs"} & found.keys()
    assert {"qrs_ms", "qtc_ms.hodges"} <= found.keys()
    without = _waves().of(_waves().kind == QRS)
    assert not {"p_ms", "axis_deg.p"} & confidences(VALUES, _signs(without), folder).keys()
    assert confidences(VALUES, {}, folder) == {}


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert calibration(tmp_path) == {}
    assert confidences(VALUES, _signs(_waves()), tmp_path) == {}


SHORT: dict[str, Any] = {"figures": {"qt_ms": {"weights": [1, 2]}}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is damaged"),
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ("null", "is damaged"),
        ("{}", "is damaged"),
        ('{"figures": 3}', "is damaged"),
        ('{"figures": {"qt_ms": 3}}', "is damaged"),
        ('{"figures": {"qt_ms": {"weights": ["a"]}}}', "is damaged"),
        ('{"figures": {"qt_ms": {"weights": null}}}', "is damaged"),
        (json.dumps(SHORT), "belongs to another version"),
    ],
)
def test_a_damaged_file_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ModelError, match=said) as caught:
        calibration(tmp_path)
    assert str(tmp_path / FILE) in str(caught.value) and "\n" not in str(caught.value)


def test_what_is_shipped_speaks_of_measured_figures_only() -> None:
    for findings in ((), ("AFIB",), ("3AVB",)):
        found = measured(findings)
        assert set(found.confidence) <= {name for name, value in found.figures.items() if value is not None}
        assert all(0 <= sure <= 1 for sure in found.confidence.values())


def test_noise_makes_what_is_shipped_less_sure() -> None:
    if not calibration(WEIGHTS):
        pytest.skip("this copy of the weights has no calibration")
    ecg = made().ecg
    noise = 0.15 * rng("noise").standard_normal(ecg.signal_mv.shape)
    noisy = measure(ecg.with_signal(ecg.signal_mv + noise.astype(np.float32), 500.0)).confidence
    clean = measured().confidence
    both = clean.keys() & noisy.keys()
    assert both and np.mean([noisy[name] for name in both]) < np.mean([clean[name] for name in both])
