"""An Ecg cannot be built wrong, and its twelve leads say which of them are really there."""

from typing import Any

import numpy as np
import pytest

from einthoven.core.ecg import Ecg, Fault
from einthoven.core.errors import InputError, LeadError, UnitError
from einthoven.core.leads import TWELVE


def signal(leads: int, n: int = 20) -> np.ndarray:
    return np.arange(leads * n, dtype=np.float32).reshape(leads, n) / 100


def test_length_and_lead() -> None:
    ecg = Ecg(signal(2), ("I", "V1"), 40.0)
    assert ecg.seconds == 0.5
    assert np.array_equal(ecg.lead("V1"), signal(2)[1])
    with pytest.raises(LeadError, match="no lead V2; there are I, V1"):
        ecg.lead("V2")


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"signal_mv": signal(2).astype(np.float64)}, InputError, "float64"),
        ({"signal_mv": signal(2)[0]}, InputError, "must be float32"),
        ({"signal_mv": signal(3)}, LeadError, "3 signals but 2 lead names"),
        ({"signal_mv": np.zeros((0, 20), np.float32), "leads": ()}, LeadError, "0 signals"),
        ({"leads": ("V1", "I")}, LeadError, "not in canonical order"),
        ({"leads": ("I", "I")}, LeadError, "stands twice"),
        ({"leads": ("I", "avr")}, LeadError, "'avr' must be spelt 'aVR'"),
        ({"rate_hz": 0.0}, UnitError, "outside 20 to 50000 Hz"),
        ({"rate_hz": float("nan")}, UnitError, "outside"),
        ({"rate_hz": -500.0}, UnitError, "outside"),
        ({"rate_hz": 1e9}, UnitError, "outside"),
        ({"signal_mv": np.zeros((2, 0), np.float32)}, InputError, "empty"),
        ({"signal_mv": np.full((2, 3), np.nan, np.float32)}, InputError, "not finite"),
        ({"signal_mv": np.full((2, 3), np.inf, np.float32)}, InputError, "not finite"),
    ],
)
def test_it_refuses_to_be_built_wrong(change: dict[str, Any], error: type[Exception], says: str) -> None:
    right: dict[str, Any] = {"signal_mv": signal(2), "leads": ("I", "V1"), "rate_hz": 500.0, "source": "a.hea"}
    Ecg(**right)
    with pytest.raises(error, match=says) as caught:
        Ecg(**(right | change))
    assert "\n" not in str(caught.value)


def test_the_signal_cannot_be_changed() -> None:
    ecg = Ecg(signal(1), ("II",), 100.0)
    with pytest.raises(ValueError, match="read-only"):
        ecg.signal_mv[0, 0] = 1.0


def test_twelve_of_twelve_is_the_signal() -> None:
    twelve, there = Ecg(signal(12), TWELVE, 100.0).twelve()
    assert np.array_equal(twelve, signal(12))
    assert there.all()


def test_twelve_derives_limb_leads_and_says_what_is_missing() -> None:
    one, two, chest = signal(3)
    twelve, there = Ecg(np.stack([one, two, chest]), ("I", "II", "V2"), 100.0).twelve()
    assert [name for name, present in zip(TWELVE, there, strict=True) if present] == [*TWELVE[:6], "V2"]
    np.testing.assert_allclose(twelve[2], two - one, atol=1e-5)  # Einthoven
    np.testing.assert_allclose(twelve[3:6].sum(axis=0), 0, atol=1e-5)  # Goldberger: aVR + aVL + aVF = 0
    assert not twelve[~there].any()


def test_faulty_leads_are_absent_and_derived_where_they_can_be() -> None:
    faults = (Fault("III", "flat", "0 mV"), Fault("V1", "missing values", "all"), Fault("V2", "saturated", "5 mV"))
    twelve, there = Ecg(signal(12), TWELVE, 100.0, faults=faults).twelve()
    assert list(np.flatnonzero(~there)) == [TWELVE.index("V1")]
    assert not twelve[6].any()


def test_a_fault_of_the_whole_recording_takes_no_lead_away() -> None:
    _, there = Ecg(signal(12), TWELVE, 100.0, faults=(Fault("all", "missing values", "3 samples bridged"),)).twelve()
    assert there.all()


def test_with_signal_keeps_all_else() -> None:
    ecg = Ecg(signal(2), ("I", "II"), 100.0, source="a", faults=(Fault("I", "flat", "x"),))
    other = ecg.with_signal(np.zeros((2, 5), np.float32), 50.0)
    assert (other.leads, other.source, other.faults, other.seconds) == (ecg.leads, "a", ecg.faults, 0.1)
    assert str(ecg.faults[0]) == "I: flat (x)"
