"""Gaps are bridged or said, flat and clipped leads are said, and nothing else is touched."""

import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.records.assemble import assemble
from einthoven.records.cleaning import BLOCK_S, bridge_spikes, clean
from tests.records.make import grid


def _clean(signal_mv: np.ndarray) -> tuple[np.ndarray, list[tuple[str, str]]]:
    cleaned, faults = clean(signal_mv.astype(np.float32), TWELVE, 500.0)
    return cleaned, [(fault.lead, fault.kind) for fault in faults]


def test_a_sound_signal_is_not_touched() -> None:
    cleaned, faults = _clean(grid())
    np.testing.assert_array_equal(cleaned, grid().astype(np.float32))
    assert faults == []


@pytest.mark.parametrize(("samples", "bridged"), [(1, True), (100, True), (101, False)])
def test_gaps_up_to_a_fifth_of_a_second_are_bridged(samples: int, bridged: bool) -> None:
    signal = grid()
    signal[1, 200 : 200 + samples] = np.nan
    cleaned, faults = _clean(signal)
    assert faults == [("II", "gaps bridged" if bridged else "missing values")]
    assert np.isfinite(cleaned).all()
    assert cleaned[1].any() == bridged


def test_many_short_gaps_are_not_bridged() -> None:
    signal = grid()
    signal[2, ::5] = np.inf
    cleaned, faults = _clean(signal)
    assert faults == [("III", "missing values")]
    assert not cleaned[2].any()


def test_gaps_at_both_ends_hold_the_nearest_value() -> None:
    signal = grid()
    signal[1, :20] = signal[1, -20:] = np.nan
    cleaned, _ = _clean(signal)
    assert (cleaned[1, :20] == cleaned[1, 20]).all()
    assert (cleaned[1, -20:] == cleaned[1, -21]).all()


def test_flat_leads_are_said_and_count_as_absent() -> None:
    signal = grid()
    signal[8] = 0.3
    signal[9] = 0.001 * (np.arange(5000) % 3)
    signal[9, 7] = 2.0  # a single spike is no signal
    ecg = assemble(signal.astype(np.float32), TWELVE, 500.0, "toy")
    assert [(fault.lead, fault.kind) for fault in ecg.faults] == [("V3", "flat"), ("V4", "flat")]
    assert list(ecg.twelve()[1]) == [name not in ("V3", "V4") for name in TWELVE]


@pytest.mark.parametrize(("low", "high"), [(-9.0, 0.6), (-0.6, 9.0)])
def test_clipped_leads_are_said(low: float, high: float) -> None:
    signal = np.clip(grid() * 2, low, high)
    kinds = {lead: kind for lead, kind in _clean(signal)[1]}
    assert kinds.get("II" if low == -9.0 else "aVR") == "saturated"
    assert set(kinds.values()) == {"saturated"}


def test_a_resting_baseline_is_not_taken_for_a_limit() -> None:
    signal = np.maximum(grid(), 0.0)
    assert _clean(signal)[1] == []


def test_nothing_left_is_an_error_that_says_why() -> None:
    for value, reason in ((np.nan, "100.0 % missing"), (0.0, "moves by less"), (1e9, "missing")):
        with pytest.raises(InputError, match=reason):
            assemble(np.full((12, 5000), value, np.float32), TWELVE, 500.0, "toy")
    with pytest.raises(InputError, match="unit or gain may be wrong"):
        assemble((grid() / 1000).astype(np.float32), TWELVE, 500.0, "toy")  # volt taken for millivolt


def test_what_no_heart_can_do_is_bridged_and_said() -> None:
    rows = np.tile(np.linspace(0, 1, 1000, dtype=np.float32), (3, 1))
    spiked = rows.copy()
    spiked[0, 100:103] += 12
    spiked[1, 500] -= 300
    spiked[2, 700:705] += 9.5  # a large heart, or a small artefact
    found, faults = bridge_spikes(spiked, ("I", "II", "V1"), 250.0)
    np.testing.assert_allclose(found[:2], rows[:2], atol=1e-5)
    np.testing.assert_array_equal(found[2], spiked[2])
    assert spiked[0, 100] > 10, "what was given is left as it was"
    assert [(fault.lead, fault.kind, fault.detail.partition(" ")[0]) for fault in faults] == [
        ("I", "gaps bridged", "3"), ("II", "gaps bridged", "1"),
    ]  # fmt: skip


def test_a_level_far_from_zero_is_no_spike() -> None:
    rows = 200 + rng("level").standard_normal((2, 1000)).astype(np.float32)
    found, faults = bridge_spikes(rows, ("I", "II"), 250.0)
    assert found is rows and faults == ()
    steps = np.repeat(np.array([[0.0, 50.0]], np.float32), round(4 * BLOCK_S * 250), axis=1)
    np.testing.assert_array_equal(bridge_spikes(steps, ("I",), 250.0)[0], steps)
