"""From a made ECG to a case: findings, figures, waves and voltages by its truth, without a network.

Intervals are those of the usual beats, as `measure` has it: premature beats do not count for PR, QRS and QT. Voltages
are taken from the signal, noise and all, between the true borders.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from einthoven.core.leads import CHEST
from einthoven.core.measurements import AXES, LeadQuality, Measurements, Quality
from einthoven.instruct.case import Case
from einthoven.instruct.families.figures import with_single_rate
from einthoven.instruct.simulated_findings import Drawn, findings_of
from einthoven.instruct.wording import Split
from einthoven.measure.amplitudes import amplitudes
from einthoven.measure.beats import Beats, Floats
from einthoven.measure.figures import LEAST_BEATS, interval_figures
from einthoven.measure.limits import limits
from einthoven.measure.rhythm import rhythm
from einthoven.measure.usual_beat import UsualBeat, baseline
from einthoven.records.simulate import Simulated
from einthoven.records.simulate_recording import REVERSALS
from einthoven.records.simulate_truth import Truth

DIGITS = 3
AROUND_S = 0.04  # kept before and after the usual beat
NOISES = ("wander_mv", "muscle_mv", "mains_mv", "hiss_mv", "motion_mv")
# Why a rhythm has no PR interval, or no single one.
NO_PR = {
    "AFIB": "the atria fibrillate: there is no P wave",
    "AFLT": "the atria flutter: there is no P wave",
    "3AVB": "P waves keep no fixed distance to the QRS complexes",
    "MOBITZ1": "the PR interval lengthens from beat to beat",
    "SVARR": "P waves come from changing places",
}
RECABLED = "the cables are not where they belong"


def case_of(made: Simulated, *, id: str, ecg: str, split: Split) -> Case:
    """Return what is known of a made ECG. Nothing is measured that the truth tells; no network is run.

    With cables of limbs exchanged, or electrodes off, axes are unknown and only rhythm is stated of the findings.
    """
    truth = made.truth
    recording = truth.parameters["recording"]
    recabled = recording["reversal"] != "none" or bool(recording["off"])
    codes = frozenset(str(one["code"]) for one in truth.findings)
    measured = _measured(made, true_beats(truth), codes, recabled)
    drawn = Drawn(
        codes,
        frozenset(one["age"] for one in truth.findings if one["age"]),
        tuple(beat.kind for beat in truth.beats),
        with_single_rate(measured),
        truth.parameters["rhythm"],
        recabled,
    )
    found, stated = findings_of(drawn)
    person = made.ecg.person
    return Case(
        source="simulator", id=id, ecg=ecg, patient=person.key or id, split=split,
        found=dict.fromkeys(sorted(found), 100.0), stated=stated, person=person, measured=measured,
        noise=_noise(truth), origin="simulator",
    )  # fmt: skip


def true_beats(truth: Truth) -> Beats:
    """Return the beats of the truth in the form that measuring works with."""
    count = len(truth.beats)
    on_s = np.array([beat.on_s for beat in truth.beats])
    pr_s, qrs_s, qt_s, rr_s = (
        np.array([getattr(beat, name) or np.nan for beat in truth.beats]) / 1000
        for name in ("pr_ms", "qrs_ms", "qt_ms", "rr_ms")
    )
    p_s = (truth.intervals["p_ms"] or np.nan) / 1000
    kinds = [beat.kind for beat in truth.beats]
    leading = [kind for kind in kinds if not kind.endswith("premature")] or kinds
    usual = max(sorted(set(leading)), key=leading.count) if leading else ""
    return Beats(
        qrs=np.arange(count), p=np.where(np.isnan(pr_s), -1, 0), t=np.where(np.isnan(qt_s), -1, 0),
        p_on_s=on_s - pr_s, p_off_s=on_s - pr_s + p_s, qrs_on_s=on_s, qrs_off_s=on_s + qrs_s,
        t_on_s=_t_onsets(truth, on_s), t_off_s=on_s + qt_s, rr_s=rr_s,
        early=np.array([kind.endswith("premature") for kind in kinds], bool),
        alike=np.array([kind == usual for kind in kinds], bool),
    )  # fmt: skip


def _t_onsets(truth: Truth, on_s: Floats) -> Floats:
    """Return the earliest onset of T over the leads, for each beat."""
    found = np.full(len(on_s), np.inf)
    starts = np.array([w.on_s for waves in truth.waves.values() for w in waves if w.wave == "T" and w.on_s is not None])
    place = np.searchsorted(on_s, starts) - 1
    np.minimum.at(found, place[place >= 0], starts[place >= 0])
    return np.where(np.isfinite(found), found, np.nan)


def _measured(made: Simulated, beats: Beats, codes: frozenset[str], recabled: bool) -> Measurements:
    """Return figures of the usual beats, voltages between the true borders, and what the truth says of the rest."""
    truth, ecg = made.truth, made.ecg
    found_rhythm = rhythm(beats, truth.pacing_spikes_s)
    if codes & {"AFIB"} and found_rhythm.regular:
        found_rhythm = replace(found_rhythm, regular=None)  # chance
    intervals = interval_figures(beats, found_rhythm.regular)
    values, reasons = dict(intervals.values), dict(intervals.reasons)
    why = next((words for code, words in NO_PR.items() if code in codes), None)
    if why is not None:
        values["pr_ms"], reasons["pr_ms"] = None, why
        if "no P wave" in why:
            values["p_ms"], reasons["p_ms"] = None, why
    for wave in AXES:
        seen = not recabled and (wave != "p" or values["pr_ms"] is not None)
        values[f"axis_deg.{wave}"] = truth.axis_deg[wave] if seen else None
        if values[f"axis_deg.{wave}"] is None:
            reasons[f"axis_deg.{wave}"] = RECABLED if recabled else "no such wave, or it leads to no QRS complex"
    figures = {name: None if value is None else round(value, DIGITS) for name, value in values.items()}
    beat = _usual(made, beats) if len(beats.qrs) >= LEAST_BEATS else None
    voltages = amplitudes(beat, ecg.leads) if beat is not None else {}
    voltages = {lead: one for lead, one in voltages.items() if lead not in _off(truth)}
    return Measurements(
        figures=figures,
        reasons=reasons,
        amplitudes_mv=voltages,
        rhythm=found_rhythm,
        quality=_quality(truth, ecg.leads),
        waves=truth.waves,
        limits=limits(figures, voltages, made.ecg.person),
    )


def _usual(made: Simulated, beats: Beats) -> UsualBeat | None:
    """Return the median of the usual beats from just before QRS to after T, laid over each other at the true onset."""
    ecg = made.ecg
    rate_hz, samples = ecg.rate_hz, ecg.signal_mv.shape[1]
    borders = {name: getattr(beats, name) - beats.qrs_on_s for name in ("qrs_off_s", "t_on_s", "t_off_s")}
    middle = {name: float(np.median(times[beats.usual])) for name, times in borders.items() if beats.usual.any()}
    if not middle or not np.isfinite(middle["qrs_off_s"]):
        return None
    end_s = float(np.nanmax([middle["qrs_off_s"] + 0.1, middle["t_off_s"]])) + AROUND_S
    starts = np.rint((beats.qrs_on_s[beats.usual] - AROUND_S) * rate_hz).astype(int)
    long = round((end_s + AROUND_S) * rate_hz)
    starts = starts[(starts >= 0) & (starts + long <= samples)]
    if not len(starts):
        return None
    flat = ecg.signal_mv - baseline(ecg.signal_mv, rate_hz, beats)
    cut = np.median(np.stack([flat[:, at : at + long] for at in starts]), axis=0).astype(np.float64)
    none = float("nan")
    later = {name: AROUND_S + time_s for name, time_s in middle.items()}
    return UsualBeat(cut, rate_hz, p_on_s=none, p_off_s=none, qrs_on_s=AROUND_S, **later)


def _off(truth: Truth) -> tuple[str, ...]:
    """Return the chest leads whose electrode is off; a limb electrode that is off spoils all leads a little."""
    return tuple(lead for lead in CHEST if lead in truth.parameters["recording"]["off"])


def _quality(truth: Truth, leads: tuple[str, ...]) -> Quality:
    swap = str(truth.parameters["recording"]["reversal"])
    off = _off(truth)
    seen = {lead: LeadQuality(0.0, fault="flat") if lead in off else LeadQuality(1.0) for lead in leads}
    return Quality(seen, suspected_reversal=swap if REVERSALS[swap] else None)


def _noise(truth: Truth) -> Mapping[str, tuple[str, ...]] | None:
    """Return what disturbs the recording where that is certain: where nothing was added. How much is noise is open."""
    recording = truth.parameters["recording"]
    off = _off(truth)
    if any(recording[name] for name in NOISES) or recording["reversal"] != "none" or len(off) < len(recording["off"]):
        return None
    return {"electrodes problems": off} if off else {}
