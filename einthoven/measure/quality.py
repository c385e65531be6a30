"""How well each lead can be read, whether the limb leads agree, and what looks like exchanged cables."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.leads import FURTHER, TWELVE
from einthoven.core.measurements import LeadQuality, Quality
from einthoven.measure.beats import Beats
from einthoven.measure.usual_beat import UsualBeat
from einthoven.records.plausibility import limb_contradiction_mv

GOOD_DB, POOR_DB = 30.0, 6.0  # QRS complex against noise between beats: score 1, score 0
AROUND_S = 0.06  # of a complex: its own steepness is no noise
WANDER_S = 0.6
NEGATIVE = -0.5  # correlation of I with V6 over the beat: below it the arm cables look exchanged
NARROW_S = 0.13
SILENT = 0.12  # of the largest limb lead: so small a lead is as if taken between the legs


def quality(
    ecg: Ecg, rows_mv: NDArray[np.float32], leads: tuple[str, ...], beats: Beats, beat: UsualBeat | None
) -> Quality:
    """Return the quality of every lead of `ecg`; rows_mv, leads: those that were measured."""
    faults: dict[str, str] = {}
    for fault in ecg.faults:
        before = f"{faults[fault.lead]}; " if fault.lead in faults else ""
        faults[fault.lead] = f"{before}{fault.kind}: {fault.detail}"
    noise_mv, wander_mv = _noise(rows_mv, ecg.rate_hz, beats)
    found: dict[str, LeadQuality] = {}
    for lead in ecg.leads:
        if lead not in leads:
            why = "flat" if lead in TWELVE + FURTHER else "is no lead of an ECG that is known"
            found[lead] = LeadQuality(0.0, fault=faults.get(lead, why))
            continue
        row = leads.index(lead)
        swing_mv = 0.0 if beat is None else float(np.ptp(beat.part(beat.qrs_on_s, beat.qrs_off_s)[row]))
        score = _score(swing_mv, float(noise_mv[row]))
        found[lead] = LeadQuality(
            score, round(float(noise_mv[row]), 4), round(float(wander_mv[row]), 4), faults.get(lead)
        )
    named = {name: ecg.lead(name) for name in ecg.leads if name in leads}
    residual_mv = limb_contradiction_mv(named, ecg.rate_hz)
    signals = {} if beat is None else dict(zip(leads, beat.signal_LS, strict=True))
    wide = beat is not None and beat.qrs_off_s - beat.qrs_on_s > NARROW_S  # a wide beat points anywhere
    reversal = suspected_reversal(signals, upright_p=wide or (beat is not None and _upright_p(beat, leads)))
    whole = [faults["all"]] if "all" in faults else []
    if not set(ecg.leads) & set(TWELVE + FURTHER):
        whole.append(f"no lead has a name that is known ({', '.join(ecg.leads)}); all were measured")
    return Quality(found, None if residual_mv is None else round(residual_mv, 4), reversal, tuple(whole))


def suspected_reversal(beat: Mapping[str, NDArray[np.float64]], upright_p: bool = False) -> str | None:
    """Return which cables look exchanged, from the usual beat of each lead; None where none do or it cannot be told.

    Kligfield et al., Recommendations for the standardization of the ECG I (AHA/ACC/HRS 2007): arm cables exchanged turn
    lead I over, its P wave too (`upright_p`: it is not), while V6 stays; the right leg's cable on an arm leaves one
    bipolar limb lead nearly flat.
    """
    limb = {lead: float(np.ptp(beat[lead])) for lead in ("I", "II", "III") if lead in beat}
    if len(limb) == 3:
        least = min(limb, key=lambda lead: limb[lead])
        if limb[least] < SILENT * max(limb.values()):
            return f"lead {least} is nearly flat: the right leg's cable may be on a limb that {least} is taken from"
    if not upright_p and {"I", "V6", "aVR"} <= beat.keys() and _alike(beat["I"], beat["V6"]) < NEGATIVE:
        return "lead I is upside down against V6: the cables of the arms may be exchanged"
    return None


def _upright_p(beat: UsualBeat, leads: tuple[str, ...]) -> bool:
    """Tell whether there is a P wave in lead I that points upward."""
    if "I" not in leads or not np.isfinite(beat.p_on_s + beat.p_off_s):
        return False
    part = beat.part(beat.p_on_s, beat.p_off_s)[leads.index("I")]
    return bool((part - np.linspace(part[0], part[-1], len(part))).sum() > 0)


def _alike(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    if np.std(one) == 0 or np.std(other) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _score(swing_mv: float, noise_mv: float) -> float:
    if swing_mv <= 0:
        return 0.0
    ratio_db = 20 * np.log10(swing_mv / max(noise_mv, 1e-4))
    return round(float(np.clip((ratio_db - POOR_DB) / (GOOD_DB - POOR_DB), 0, 1)), 3)


def _noise(
    rows_mv: NDArray[np.float32], rate_hz: float, beats: Beats
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (leads,) how large the fast changes between complexes are, and the swing of the baseline."""
    times = np.arange(rows_mv.shape[1]) / rate_hz
    between = np.ones(len(times), bool)
    whole = np.isfinite(beats.qrs_on_s + beats.qrs_off_s)
    for on_s, off_s in zip(beats.qrs_on_s[whole], beats.qrs_off_s[whole], strict=True):
        between &= (times < on_s - AROUND_S) | (times > off_s + AROUND_S)
    lag = max(1, round(0.004 * rate_hz))
    # Second differences: of white noise they are sqrt(6) times as large as it is.
    rough = rows_mv[:, 2 * lag :] - 2 * rows_mv[:, lag:-lag] + rows_mv[:, : -2 * lag]
    inside = between[lag:-lag]
    rough = rough[:, inside] if inside.sum() > 10 else rough
    noise = 1.4826 * np.median(np.abs(rough), axis=1) / np.sqrt(6) if rough.shape[1] else np.zeros(len(rows_mv))
    block = min(max(1, round(WANDER_S * rate_hz)), rows_mv.shape[1])
    count = rows_mv.shape[1] // block
    middles = np.median(rows_mv[:, : count * block].reshape(len(rows_mv), count, block), axis=2)
    return noise.astype(np.float64), np.ptp(middles, axis=1).astype(np.float64)
