"""`measure(ecg) -> Measurements`: waves, intervals, axes, amplitudes, rhythm and quality of any recording."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import overload

import numpy as np

from einthoven.core.ecg import Ecg, Person
from einthoven.core.errors import InputError
from einthoven.core.measurements import AXES, Amplitudes, LeadQuality, Measurements, Quality, Rhythm
from einthoven.core.waves import WAVE_NAMES, Wave
from einthoven.measure.beats import find_beats
from einthoven.measure.confidence import confidences, signs
from einthoven.measure.delineation import Delineation, joined
from einthoven.measure.figures import Figures, interval_figures
from einthoven.measure.limits import limits
from einthoven.measure.network import WEIGHTS
from einthoven.measure.piece import Piece, measure_piece, pieces_of
from einthoven.measure.rhythm import rhythm

LEAST_S, LEAST_RATE_HZ = 2.0, 90.0
DIGITS = 3
MOST_FAULTS = 20  # of a long recording; more say no more
SAME_S = 0.01  # nearer spikes are one, found in two pieces


def measure(ecg: Ecg) -> Measurements:
    """Measure an ECG of any of the twelve leads (or V3R.., V7.., X, Y, Z), 2 seconds or longer, 90 Hz or more.

    A figure that cannot honestly be measured is None, and `reasons` says why. Raises InputError for a recording that is
    too short or too coarse. Research use only.
    """
    return measure_whole(ecg)


def measure_whole(ecg: Ecg, folder: Path = WEIGHTS) -> Measurements:
    """Measure as `measure`, with the network in a folder."""
    refuse(ecg.source, ecg.seconds, ecg.rate_hz)
    return measure_parts(pieces_of(ecg), folder)


def measure_parts(parts: Iterable[tuple[Ecg, float]], folder: Path = WEIGHTS) -> Measurements:
    """Measure a recording that comes in overlapping parts, each with the second at which it begins (see `pieces_of`).

    folder: holds the network.
    """
    source = iter(parts)
    first = next(source)
    return combine(_measured(chain([first], source), folder), first[0].person, folder)


def refuse(source: str, seconds: float, rate_hz: float) -> None:
    """Raise InputError for a recording that is too short or too coarse to measure."""
    if rate_hz < LEAST_RATE_HZ:
        raise InputError(f"{source}: {rate_hz:g} samples a second cannot time a wave; {LEAST_RATE_HZ:g} or more can")
    if seconds < LEAST_S:
        raise InputError(f"{source}: lasts {seconds:.3g} s, too short to measure; {LEAST_S:g} s or longer will do")


def _measured(pieces: Iterable[tuple[Ecg, float]], folder: Path) -> Iterator[Piece]:
    """Measure pieces as they come; the last one is known by there being no other."""
    source = iter(pieces)
    here = next(source)
    for later in source:
        yield measure_piece(*here, last=False, folder=folder)
        here = later
    yield measure_piece(*here, last=True, folder=folder)


def combine(pieces: Iterable[Piece], person: Person, folder: Path = WEIGHTS) -> Measurements:
    """Return the measurements of the whole from those of its pieces, in order of time."""
    parts = list(pieces)
    waves = joined([part.waves for part in parts], [part.start_s for part in parts])
    beats = find_beats(waves)
    found_rhythm = rhythm(beats, _once(sorted(at + part.start_s for part in parts for at in part.spikes_s or ())))
    intervals = interval_figures(beats, found_rhythm.regular)
    axes = {f"axis_deg.{wave}": _middle_angle([part.axis_deg[wave] for part in parts]) for wave in AXES}
    if intervals.values["pr_ms"] is None:
        axes["axis_deg.p"] = None
    figures = {name: _rounded(value) for name, value in (intervals.values | axes).items()}
    voltages = _middle_amplitudes([part.amplitudes_mv for part in parts])
    readable = _middle_quality([part.quality for part in parts])
    seen = signs(waves, beats, intervals.spread_ms, 1 - _mean([one.score for one in readable.leads.values()]))
    return Measurements(
        figures=figures,
        confidence=confidences(figures, seen, folder),
        reasons=_reasons(parts, intervals, figures, found_rhythm),
        amplitudes_mv=voltages,
        rhythm=found_rhythm,
        quality=readable,
        waves={lead: LeadWaves(waves, row) for row, lead in enumerate(waves.leads)},
        limits=limits(figures, voltages, person),
        signs=seen,
    )


def _reasons(
    parts: Sequence[Piece], intervals: Figures, figures: Mapping[str, float | None], found_rhythm: Rhythm
) -> dict[str, str]:
    """Return why what is absent is absent, of figures and of everything else."""
    reasons = {name: why for part in parts for name, why in part.reasons.items() if figures.get(name) is None}
    if any(part.amplitudes_mv for part in parts):
        reasons.pop("amplitudes_mv", None)
    if figures["pr_ms"] is None:
        reasons.setdefault("axis_deg.p", "no P wave that leads to the QRS complexes")
    if all(part.spikes_s is None for part in parts):
        reasons["pacing_spikes_s"] = "the sampling rate is too low to see a spike"
    if found_rhythm.regular is not True:
        reasons["premature_beats_s"] = "in an irregular rhythm, or among few beats, not every early beat can be told"
    return intervals.reasons | reasons


def _once(times_s: Sequence[float]) -> tuple[float, ...]:
    """Return times of which those that two pieces share stand once."""
    kept: list[float] = []
    for time_s in times_s:
        if not kept or time_s - kept[-1] > SAME_S:
            kept.append(round(time_s, 4))
    return tuple(kept)


class LeadWaves(Sequence[Wave]):
    """The waves of one lead, each made when it is asked for: those of a day in memory at once would be too many."""

    def __init__(self, waves: Delineation, row: int) -> None:
        self._waves, self._row = waves, row
        self._places = np.flatnonzero(np.isfinite(waves.peak_s[:, row]))

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Wave: ...
    @overload
    def __getitem__(self, place: slice) -> list[Wave]: ...
    def __getitem__(self, place: int | slice) -> Wave | list[Wave]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        at, row, waves = self._places[place], self._row, self._waves
        on_s, peak_s, off_s = (_time(times[at, row]) for times in (waves.on_s, waves.peak_s, waves.off_s))
        return Wave(
            WAVE_NAMES[int(waves.kind[at]) - 1], on_s, peak_s, off_s, round(float(waves.confidence[at, row]), 3)
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def _time(time_s: float) -> float | None:
    return round(float(time_s), 4) if math.isfinite(time_s) else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _middle_angle(angles_deg: list[float | None]) -> float | None:
    """Return the angle between pieces: that of the sum of unit vectors."""
    known = [math.radians(angle) for angle in angles_deg if angle is not None]
    if len(known) < max(1, len(angles_deg) / 2):
        return None
    return math.degrees(math.atan2(sum(map(math.sin, known)), sum(map(math.cos, known))))


def _middle_amplitudes(parts: list[Mapping[str, Amplitudes]]) -> dict[str, Amplitudes]:
    leads = dict.fromkeys(lead for part in parts for lead in part)
    return {
        lead: Amplitudes(
            **{
                one.name: _median([getattr(part[lead], one.name) for part in parts if lead in part])
                for one in fields(Amplitudes)
            }
        )
        for lead in leads
    }


def _middle_quality(parts: list[Quality]) -> Quality:
    leads = dict.fromkeys(lead for part in parts for lead in part.leads)
    found = {}
    for lead in leads:
        there = [part.leads[lead] for part in parts if lead in part.leads]
        faults = [one.fault for one in there if one.fault]
        found[lead] = LeadQuality(
            _median([one.score for one in there]) or 0.0,
            _median([one.noise_mv for one in there]),
            _median([one.wander_mv for one in there]),
            faults[0] if len(faults) > len(there) / 2 else None,
        )
    reversals = [part.suspected_reversal for part in parts if part.suspected_reversal]
    return Quality(
        found,
        _median([part.einthoven_residual_mv for part in parts]),
        reversals[0] if len(reversals) > len(parts) / 2 else None,
        tuple(dict.fromkeys(fault for part in parts for fault in part.faults))[:MOST_FAULTS],
    )


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.median(known)), 4) if known else None
