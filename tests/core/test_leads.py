"""Lead names come out canonical whatever a device prints, and limb leads follow from two others as they must."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.core.errors import LeadError
from einthoven.core.leads import CABRERA, FURTHER, LIMB, TWELVE, canonical, canonical_order, derive_limb


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("avr", "aVR"), ("AVL", "aVL"), (" aVF ", "aVF"), ("aV R", "aVR"), ("i", "I"), ("iii", "III"), ("v6", "V6"),
        ("Lead II", "II"), ("LEAD_V1", "V1"), ("Lead 2", "II"), ("ECG V5", "V5"), ("EKG I", "I"), ("ECG_aVL", "aVL"),
        ("MDC_ECG_LEAD_aVF", "aVF"), ("MDC_ECG_LEAD_V3", "V3"), ("DIII", "III"), ("D1", "I"), ("L2", "II"),
        ("C3", "V3"), ("MLII", "II"), ("vx", "X"), ("V4R", "V4R"), ("RV4", "V4R"), ("1", "I"),
        ("resp", "resp"), (" Pleth ", "Pleth"), ("", ""), ("V10", "V10"),
        ("-aVR", "-aVR"), ("aVR-", "aVR-"), ("−aVR", "−aVR"),  # upside down: another signal
    ],
)  # fmt: skip
def test_canonical(printed: str, name: str) -> None:
    assert canonical(printed) == name


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=12) | st.sampled_from([*TWELVE, *FURTHER, *CABRERA]))
def test_canonical_twice_is_canonical_once(name: str) -> None:
    assert canonical(canonical(name)) == canonical(name)


@settings(derandomize=True, deadline=None)
@given(st.permutations([*TWELVE, "resp", "V7"]))
def test_any_order_is_put_in_order(names: list[str]) -> None:
    order = canonical_order(tuple(names))
    assert [names[index] for index in order][:12] == list(TWELVE)
    others = [name for name in names if name not in TWELVE]
    assert [names[index] for index in order][12:] == others


def test_a_doubled_lead_is_refused() -> None:
    with pytest.raises(LeadError, match="lead V1 stands twice"):
        canonical_order(("V1", "I", "V1"))


def twelve_limb_leads() -> dict[str, np.ndarray]:
    """All six from electrode potentials, by their definitions: the closed form that does not use the code's table."""
    right, left, foot = np.random.default_rng(5).normal(size=(3, 50))
    goldberger = {"aVR": right - (left + foot) / 2, "aVL": left - (right + foot) / 2, "aVF": foot - (right + left) / 2}
    leads = {"I": left - right, "II": foot - right, "III": foot - left, **goldberger}
    return {name: signal.astype(np.float32) for name, signal in leads.items()}


@pytest.mark.parametrize("known", list(itertools.combinations(LIMB, 2)))
def test_any_two_limb_leads_give_the_other_four(known: tuple[str, str]) -> None:
    truth = twelve_limb_leads()
    derived = derive_limb({name: truth[name] for name in known})
    assert set(derived) == set(LIMB) - set(known)
    for name, signal in derived.items():
        assert signal.dtype == np.float32
        np.testing.assert_allclose(signal, truth[name], atol=1e-5)


def test_one_limb_lead_gives_none_and_six_need_none() -> None:
    truth = twelve_limb_leads()
    assert derive_limb({}) == {}
    assert derive_limb({"I": truth["I"], "V1": truth["II"]}) == {}
    assert derive_limb(truth) == {}
