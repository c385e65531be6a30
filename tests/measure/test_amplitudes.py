"""Amplitudes of drawn complexes whose R, S, Q, ST and T are known in millivolt."""

import numpy as np
import pytest

from einthoven.core.measurements import Amplitudes
from einthoven.measure.amplitudes import amplitudes
from einthoven.measure.usual_beat import UsualBeat, usual_beat
from tests.measure.make import beats_at

RATE_HZ = 500.0
QRS_ON_S, QRS_OFF_S, T_ON_S, T_OFF_S = 0.4, 0.5, 0.6, 0.8
# lead -> millivolt at seconds from the onset of QRS, straight lines between
FORMS = {
    "qRs, raised ST": {0: 0, 0.02: -0.1, 0.05: 1.2, 0.08: -0.3, 0.1: 0.15, 0.2: 0.15, 0.3: 0.5, 0.4: 0},
    "R alone": {0: 0, 0.05: 0.9, 0.1: 0, 0.2: 0, 0.3: 0.2, 0.4: 0},
    "rS, T down": {0: 0, 0.02: 0.2, 0.06: -1.4, 0.1: 0, 0.2: 0, 0.3: -0.35, 0.4: 0},
    "QS": {0: 0, 0.05: -0.8, 0.1: 0, 0.2: 0, 0.3: 0.3, 0.4: 0},
    "QS, raised ST": {0: 0, 0.05: -0.8, 0.1: 0.4, 0.2: 0.4, 0.3: 0.6, 0.4: 0},
    "QS, wavy raised ST": {0: 0, 0.05: -0.8, 0.09: 0.41, 0.1: 0.4, 0.2: 0.4, 0.3: 0.6, 0.4: 0},
    "ST falling": {0: 0, 0.05: 1.0, 0.1: -0.1, 0.16: -0.16, 0.18: -0.18, 0.3: -0.3, 0.4: 0},
    "small wiggles": {0: 0, 0.02: -0.01, 0.05: 0.7, 0.08: -0.015, 0.1: 0, 0.2: 0, 0.3: 0.2, 0.4: 0},
    "rSr'": {0: 0, 0.02: 0.3, 0.05: -0.6, 0.08: 0.5, 0.1: 0, 0.2: 0, 0.3: -0.2, 0.4: 0},
}
WANTED = {
    "qRs, raised ST": Amplitudes(r=1.2, s=-0.3, q=-0.1, t=0.5, st_j=0.15, st_j60=0.15, st_j80=0.15),
    "R alone": Amplitudes(r=0.9, s=0, q=0, t=0.2, st_j=0, st_j60=0, st_j80=0),
    "rS, T down": Amplitudes(r=0.2, s=-1.4, q=0, t=-0.35, st_j=0, st_j60=0, st_j80=0),
    "QS": Amplitudes(r=0, s=0, q=-0.8, t=0.3, st_j=0, st_j60=0, st_j80=0),
    "QS, raised ST": Amplitudes(r=0, s=0, q=-0.8, t=0.6, st_j=0.4, st_j60=0.4, st_j80=0.4),
    "QS, wavy raised ST": Amplitudes(r=0, s=0, q=-0.8, t=0.6, st_j=0.4, st_j60=0.4, st_j80=0.4),
    "ST falling": Amplitudes(r=1.0, s=-0.1, q=0, t=-0.3, st_j=-0.1, st_j60=-0.16, st_j80=-0.18),
    "small wiggles": Amplitudes(r=0.7, s=0, q=0, t=0.2, st_j=0, st_j60=0, st_j80=0),
    "rSr'": Amplitudes(r=0.5, s=0, q=-0.6, t=-0.2, st_j=0, st_j60=0, st_j80=0),
}


def _drawn(form: dict[float, float], samples: int = 650) -> np.ndarray:
    at_s = np.arange(samples) / RATE_HZ - QRS_ON_S
    return np.interp(at_s, list(form), list(form.values()))


def _beat(t: bool = True) -> UsualBeat:
    signal = np.stack([_drawn(form) for form in FORMS.values()])
    ends = (T_ON_S, T_OFF_S) if t else (np.nan, np.nan)
    return UsualBeat(signal, RATE_HZ, 0.24, 0.34, QRS_ON_S, QRS_OFF_S, *ends)


@pytest.mark.parametrize("lead", FORMS)
def test_what_was_drawn_is_measured(lead: str) -> None:
    found = amplitudes(_beat(), tuple(FORMS))[lead]
    for name in ("r", "s", "q", "t", "st_j", "st_j60", "st_j80"):
        assert getattr(found, name) == pytest.approx(getattr(WANTED[lead], name), abs=1e-3), name


def test_without_a_t_wave_there_is_no_t() -> None:
    found = amplitudes(_beat(t=False), tuple(FORMS))
    assert {one.t for one in found.values()} == {None}
    assert found["R alone"].r == pytest.approx(0.9)


def test_they_come_back_from_ten_beats_on_a_sloping_baseline() -> None:
    on_s = 0.6 + 0.9 * np.arange(10)
    rows = np.zeros((len(FORMS), 5000))
    for row, form in zip(rows, FORMS.values(), strict=True):
        for start_s in on_s:
            start = round((start_s - QRS_ON_S) * RATE_HZ)
            row[start : start + 402] += _drawn(form, 402)
    rows += np.linspace(0, 2, 5000)
    beat = usual_beat(rows.astype(np.float32), RATE_HZ, beats_at(on_s, qrs_s=0.1, t_s=(0.2, 0.4)))
    assert beat is not None
    for lead, found in amplitudes(beat, tuple(FORMS)).items():
        for name in ("r", "s", "q", "t", "st_j60"):
            assert getattr(found, name) == pytest.approx(getattr(WANTED[lead], name), abs=0.03), (lead, name)
