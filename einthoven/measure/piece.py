"""One piece of a recording: its waves, and what is measured on its usual beat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.leads import FURTHER, TWELVE, derive_limb
from einthoven.core.measurements import AXES, Amplitudes, Quality
from einthoven.measure.amplitudes import amplitudes
from einthoven.measure.axis import axes
from einthoven.measure.beats import find_beats
from einthoven.measure.delineation import Delineation, delineate
from einthoven.measure.figures import LEAST_BEATS
from einthoven.measure.network import WEIGHTS, probabilities
from einthoven.measure.pacing import pacing_spikes
from einthoven.measure.prepare import prepare
from einthoven.measure.quality import quality
from einthoven.measure.usual_beat import UsualBeat, usual_beat
from einthoven.records.cleaning import bridge_spikes
from einthoven.records.windows import cut_windows

PIECE_S, OVERLAP_S, ONE_PIECE_S = 30.0, 6.0, 45.0
UNUSABLE = ("flat", "missing values")
ROUGH = 0.05  # second difference of a prepared lead, median: as much noise as signal; such a lead counts half


@dataclass(frozen=True, eq=False)
class Piece:
    """What is found in one piece, which begins at `start_s` of the whole; waves that a neighbour has are left out.

    reasons: why amplitudes_mv or axis_deg cannot be given.
    """

    start_s: float
    waves: Delineation
    amplitudes_mv: Mapping[str, Amplitudes]
    axis_deg: Mapping[str, float | None]
    reasons: Mapping[str, str]
    quality: Quality
    spikes_s: tuple[float, ...] | None


def pieces_of(ecg: Ecg) -> Iterator[tuple[Ecg, float]]:
    """Return pieces and the second at which each begins: the whole, or of a long recording windows that overlap."""
    if ecg.seconds <= ONE_PIECE_S:
        return iter([(ecg, 0.0)])
    return cut_windows(ecg, PIECE_S, OVERLAP_S)


def measure_piece(ecg: Ecg, start_s: float, last: bool, folder: Path = WEIGHTS) -> Piece:
    """Measure one piece with the network in a folder; a lead that is flat or missing is left out."""
    leads, rows_mv = usable(ecg)
    rows_mv, bridges = bridge_spikes(rows_mv, leads, ecg.rate_hz)
    ecg = replace(ecg, faults=(*ecg.faults, *bridges))
    waves = find_waves(rows_mv, ecg.rate_hz, leads, folder).among(known_leads(ecg))
    beats = find_beats(waves)
    beat = usual_beat(rows_mv, ecg.rate_hz, beats) if len(beats.qrs) >= LEAST_BEATS else None
    reasons = scale_reasons(ecg)
    voltages = amplitudes(beat, leads) if beat is not None and "amplitudes_mv" not in reasons else {}
    directions, why = _axes(beat, leads, reasons)
    return Piece(
        start_s, _own(waves, ecg.seconds, start_s > 0, last), voltages, directions, reasons | why,
        quality(ecg, rows_mv, leads, beats, beat), pacing_spikes(rows_mv, ecg.rate_hz, beats),
    )  # fmt: skip


def find_waves(
    rows_mv: NDArray[np.float32], rate_hz: float, leads: tuple[str, ...], folder: Path = WEIGHTS
) -> Delineation:
    """Return the waves of (leads, n) millivolt."""
    if not leads:
        return Delineation.empty(())
    x_LT = prepare(rows_mv, rate_hz)
    return delineate(probabilities(x_LT, folder), x_LT, leads, weights(x_LT))


def known_leads(ecg: Ecg) -> tuple[str, ...]:
    """Return the leads with a name that is known; where none has, all that there are."""
    return tuple(name for name in ecg.leads if name in TWELVE + FURTHER) or ecg.leads


def usable(ecg: Ecg) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return the leads that can be measured, and (leads, n) millivolt."""
    dead = {fault.lead for fault in ecg.faults if fault.kind in UNUSABLE}
    kept = tuple(name for name in known_leads(ecg) if name not in dead and np.ptp(ecg.lead(name)) > 0)
    none = np.zeros((0, ecg.signal_mv.shape[1]), np.float32)
    return kept, np.stack([ecg.lead(name) for name in kept]) if kept else none


def weights(x_LT: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (leads,) how much each counts when all decide together whether there is a wave: a rough one less."""
    rough = np.median(np.abs(np.diff(x_LT, 2, axis=1)), axis=1)
    found: NDArray[np.float32] = (1 / (1 + (rough / ROUGH) ** 2)).astype(np.float32)
    return found


def scale_reasons(ecg: Ecg) -> dict[str, str]:
    """Return why voltages or axes of a recording mean nothing, as far as its faults say so."""
    found: dict[str, str] = {}
    for fault in ecg.faults:
        if fault.kind == "implausible amplitude":
            found["amplitudes_mv"] = fault.detail
            if "timing only" in fault.detail:
                found |= {f"axis_deg.{wave}": fault.detail for wave in AXES}
        elif fault.kind == "limb leads disagree":
            found |= {f"axis_deg.{wave}": f"the limb leads disagree {fault.detail}" for wave in AXES}
    return found


def _axes(
    beat: UsualBeat | None, leads: tuple[str, ...], reasons: Mapping[str, str]
) -> tuple[dict[str, float | None], dict[str, str]]:
    """Return the axes, and why one is absent."""
    none: dict[str, float | None] = dict.fromkeys(AXES)
    if f"axis_deg.{AXES[0]}" in reasons:
        return none, {}
    if beat is None:
        return none, {f"axis_deg.{wave}": "fewer than two beats were found" for wave in AXES}
    limb = {name: row.astype(np.float32) for name, row in zip(leads, beat.signal_LS, strict=True)}
    limb |= derive_limb(limb)
    if not {"I", "aVF"} <= limb.keys():
        return none, {f"axis_deg.{wave}": "needs two limb leads" for wave in AXES}
    found = axes(beat, limb["I"], limb["aVF"])
    return found, {
        f"axis_deg.{wave}": "no such wave, or its net area is near zero" for wave in AXES if found[wave] is None
    }


def _own(waves: Delineation, seconds: float, begins: bool, ends: bool) -> Delineation:
    """Return the waves that belong to a piece: those in the outer half of an overlap belong to its neighbour."""
    if not len(waves.kind):
        return waves
    middle_s = np.nanmedian(waves.peak_s, axis=1)
    first = OVERLAP_S / 2 if begins else -np.inf
    end = np.inf if ends else seconds - OVERLAP_S / 2
    return waves.of((middle_s >= first) & (middle_s < end))
