"""Wrong gains, units and cables are told; true recordings pass."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from einthoven.core.ecg import Ecg
from einthoven.core.leads import LIMB, TWELVE
from einthoven.core.rng import rng
from einthoven.records.assemble import assemble
from einthoven.records.plausibility import find_implausible
from einthoven.records.read import read
from tests.records.make import grid, toy, write_16


def _with(signal_mv: np.ndarray, names: tuple[str, ...] = TWELVE) -> Ecg:
    return assemble(signal_mv.astype(np.float32), names, 500.0, "toy")


def test_a_sound_recording_has_no_fault() -> None:
    assert find_implausible(toy()) == ()
    noisy = grid() + 0.01 * rng("noise").standard_normal((12, 5000))
    assert _with(noisy).faults == ()
    assert _with(grid() + np.arange(12)[:, None] / 2).faults == ()  # each lead has an offset of its own


def test_microvolt_read_as_millivolt_is_told(tmp_path: Path) -> None:
    (fault,) = read(write_16(tmp_path, grid(), gain="1/mV")).faults
    assert (fault.lead, fault.kind) == ("all", "implausible amplitude")
    assert "as if microvolt were read as millivolt" in fault.detail


@pytest.mark.parametrize(
    ("gain", "said"), [("200/mV", "a gain of 200 stood where 1000"), ("5000/mV", "a gain of 1000 stood where 200")]
)
def test_a_gain_five_times_wrong_is_told(gain: str, said: str, tmp_path: Path) -> None:
    signal = grid() * (1.0 if gain == "200/mV" else 0.5)
    (fault,) = read(write_16(tmp_path, signal, gain=gain)).faults
    assert said in fault.detail


def test_a_single_artefact_or_drift_is_no_wrong_gain() -> None:
    jump = grid()
    jump[:, 2000:2100] += 20.0 * np.array([1, 1, 0, -1, 0.5, 0.5, 0, 0, 0, 0, 0, 0])[:, None]
    assert _with(jump).faults == ()
    drift = np.linspace(0, 15, 5000) * np.array([1, 1, 0, -1, 0.5, 0.5, 0, 0, 0, 0, 0, 0])[:, None]
    assert _with(grid() + drift).faults == ()


@pytest.mark.parametrize(("one", "two"), list(combinations(LIMB, 2)))
def test_two_exchanged_limb_leads_are_told_by_name(one: str, two: str) -> None:
    names = tuple({one: two, two: one}.get(name, name) for name in TWELVE)
    (fault,) = _with(grid(), names).faults
    assert (fault.lead, fault.kind) == ("all", "limb leads disagree")
    assert f"exchanging {one} and {two} repairs it" in fault.detail


def test_avr_and_avl_exchanged_as_in_the_copies_of_ptb_that_are_about() -> None:
    names = tuple({"aVR": "aVL", "aVL": "aVR"}.get(name, name) for name in TWELVE)
    (fault,) = _with(grid(), names).faults
    assert "exchanging aVR and aVL repairs it" in fault.detail


def test_an_inverted_avr_is_told() -> None:
    signal = grid()
    signal[3] *= -1
    (fault,) = _with(signal).faults
    assert "turning aVR upside down repairs it" in fault.detail


def test_leads_that_no_exchange_repairs() -> None:
    (fault,) = _with(grid() * np.array([1.3, 0.8, 1.1, 0.9, 1.2, 0.7, 1, 1, 1, 1, 1, 1])[:, None]).faults
    assert "no exchange" in fault.detail


def test_two_limb_leads_cannot_contradict_and_chest_leads_are_left_alone() -> None:
    assert _with(grid()[[0, 4]], ("I", "aVL")).faults == ()
    assert _with(grid()[6:] * 100, TWELVE[6:]).faults == ()
    swapped = _with(grid()[[0, 1, 3]], ("I", "II", "aVL"))
    assert [fault.kind for fault in swapped.faults] == ["limb leads disagree"]
