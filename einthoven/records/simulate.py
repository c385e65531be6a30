"""Make a twelve-lead ECG from stated findings, with the exact truth about it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypedDict, Unpack

import numpy as np

from einthoven.core.ecg import Ecg, Person
from einthoven.core.errors import InputError
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.records.simulate_draw import Drawn, Sheet, draw
from einthoven.records.simulate_findings import Finding, name_of, parse, territory_of
from einthoven.records.simulate_forms import Forms, forms
from einthoven.records.simulate_heart import TWELVE_FROM_EIGHT
from einthoven.records.simulate_patient import Patient, patient
from einthoven.records.simulate_plan import HeartPlan, heart_plan, rhythm_plan, settle
from einthoven.records.simulate_recording import CLEAN, Recording, cabling, draw_recording, quantise, record
from einthoven.records.simulate_rhythm import RhythmPlan, Schedule, schedule
from einthoven.records.simulate_truth import Truth, truth_of_beats, wave_list

MARGIN_S = 0.5  # drawn on either side and cut off, so that filters have something to settle on
MIN_SECONDS, MAX_SECONDS = 1.0, 3600.0
MIN_RATE_HZ, MAX_RATE_HZ = 100.0, 4000.0


class Stated(TypedDict, total=False):
    """What the caller fixes; everything else is drawn from the seed.

    rate_bpm is that of the leading focus (60 / median RR), pr_ms, qrs_ms and qt_ms are global by the border rule,
    axis_deg is that of the QRS complex (net area). patient_seed gives the same heart and chest to several ECGs.
    """

    rate_bpm: float
    p_ms: float
    pr_ms: float
    qrs_ms: float
    qt_ms: float
    axis_deg: float
    age_years: float
    sex: Literal["female", "male"]
    patient_seed: int


@dataclass(frozen=True)
class Simulated:
    """A made ECG and all that is known of it."""

    ecg: Ecg
    truth: Truth


def simulate(
    findings: Sequence[str] = (),
    *,
    seed: int = 0,
    seconds: float = 10.0,
    rate_hz: float = 500.0,
    recording: Recording | str = CLEAN,
    **stated: Unpack[Stated],
) -> Simulated:
    """Return an ECG that shows the findings (SCP codes such as "AFIB" or "IMI:acute"); none is normal sinus rhythm.

    recording: how it was taken, or "clean", "typical" or "poor" to have that drawn. The same arguments give the same
    bytes. Raises InputError for findings that are not known or cannot hold at once, and for impossible figures.
    """
    _check_numbers(seconds, rate_hz)
    person = patient(stated.get("patient_seed", seed), stated.get("age_years"), stated.get("sex"))

    def dice(*names: str) -> np.random.Generator:
        return rng("simulate", person.seed, *names)

    settled = settle(parse(findings), dice)
    codes = frozenset(one.code for one in settled)
    rhythm = _stated_rhythm(rhythm_plan(codes, person, dice, rng("simulate", seed, "today")), stated)
    heart = _stated_heart(heart_plan(settled, person, dice), stated)
    _check_stated(codes, rhythm, heart)
    cart = draw_recording(recording, rng("simulate", seed, "machine")) if isinstance(recording, str) else recording
    times = schedule(rhythm, seconds, rng("simulate", seed, "rhythm"))
    shapes = forms(heart, person, {one.kind for one in times.beats}, dice)
    margin = MARGIN_S if cart.noisy else 0.0
    sheet = Sheet(seconds, rate_hz, margin, cabling(cart, rng("simulate", seed, "placement")))
    drawn = draw(times, shapes, heart, rhythm, sheet, dice)
    eight = record(drawn.eight_mv, cart, rate_hz, rng("simulate", seed, "noise"))
    cut = round(margin * rate_hz)
    eight = quantise(eight[:, cut : cut + round(seconds * rate_hz)], cart.step_mv)
    who = Person(f"simulated-{person.seed}", person.age_years, person.sex)
    signal = (TWELVE_FROM_EIGHT @ eight).astype(np.float32)
    ecg = Ecg(signal, TWELVE, rate_hz, person=who, source=f"simulated ECG, seed {seed}")
    truth = _truth(seed, settled, times, shapes, drawn, seconds)
    return Simulated(ecg, replace(truth, parameters=_parameters(person, rhythm, heart, cart, drawn)))


def _check_numbers(seconds: float, rate_hz: float) -> None:
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        raise InputError(f"a simulated ECG of {seconds:g} s: the length is {MIN_SECONDS:g} to {MAX_SECONDS:g} s")
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise InputError(f"a simulated ECG at {rate_hz:g} Hz: the rate is {MIN_RATE_HZ:g} to {MAX_RATE_HZ:g} Hz")


def _stated_rhythm(plan: RhythmPlan, stated: Stated) -> RhythmPlan:
    rate_bpm = stated.get("rate_bpm", plan.rate_bpm)
    return replace(plan, rate_bpm=rate_bpm, pr_ms=stated.get("pr_ms", plan.pr_ms))


def _stated_heart(plan: HeartPlan, stated: Stated) -> HeartPlan:
    return replace(
        plan,
        p_ms=stated.get("p_ms", plan.p_ms),
        qrs_ms=stated.get("qrs_ms", plan.qrs_ms),
        qt_ms=stated.get("qt_ms"),
        axis_deg=stated.get("axis_deg", plan.axis_deg),
    )


# What a finding demands of a figure: name, least, most.
DEMANDS: dict[str, tuple[str, float, float]] = {
    "SBRAD": ("rate_bpm", 20, 60), "STACH": ("rate_bpm", 100, 220), "SVTAC": ("rate_bpm", 100, 260),
    "VTACH": ("rate_bpm", 100, 260), "1AVB": ("pr_ms", 200, 500), "LPR": ("pr_ms", 200, 500), "WPW": ("pr_ms", 60, 120),
    "CLBBB": ("qrs_ms", 120, 240), "CRBBB": ("qrs_ms", 120, 240), "IRBBB": ("qrs_ms", 100, 120),
    "ILBBB": ("qrs_ms", 100, 120), "LAO/LAE": ("p_ms", 120, 200), "LAFB": ("axis_deg", -120, -30),
    "LAD": ("axis_deg", -120, -30), "LPFB": ("axis_deg", 90, 180), "RAD": ("axis_deg", 90, 180),
}  # fmt: skip
POSSIBLE = {"rate_bpm": (20, 300), "pr_ms": (50, 500), "qrs_ms": (40, 260), "p_ms": (30, 200), "qt_ms": (180, 800),
            "axis_deg": (-180, 180)}  # fmt: skip


def _check_stated(codes: frozenset[str], rhythm: RhythmPlan, heart: HeartPlan) -> None:
    """Refuse figures that no heart has, or that contradict a finding."""
    figures = {"rate_bpm": rhythm.rate_bpm, "pr_ms": rhythm.pr_ms, "qrs_ms": heart.qrs_ms, "p_ms": heart.p_ms,
               "qt_ms": heart.qt_ms, "axis_deg": heart.axis_deg}  # fmt: skip
    limits: list[tuple[str, str, float, float]] = [("an ECG", name, *span) for name, span in POSSIBLE.items()]
    limits += [(f"finding {code}", *DEMANDS[code]) for code in sorted(codes & set(DEMANDS))]
    for what, name, least, most in limits:
        value = figures[name]
        if value is not None and not least <= value <= most:
            raise InputError(f"{name} {value:g} does not fit {what}: state {least:g} to {most:g}")


def _parameters(person: Patient, rhythm: RhythmPlan, heart: HeartPlan, cart: Recording, drawn: Drawn) -> dict[str, Any]:
    """Every drawn or stated figure, in a form that JSON can hold."""
    return {
        "patient": _plain(asdict(person)),
        "rhythm": asdict(rhythm),
        "heart": {**asdict(heart), "codes": sorted(heart.codes)},
        "recording": asdict(cart),
        "atria": drawn.atria,
    }


def _plain(value: Any) -> Any:
    """Arrays to rounded lists, all the way down."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return np.round(value, 5).tolist() if isinstance(value, np.ndarray) else value


def _truth(
    seed: int, settled: tuple[Finding, ...], times: Schedule, shapes: Forms, drawn: Drawn, seconds: float
) -> Truth:
    """Everything that is known but the parameters."""
    stated = tuple(
        {"code": one.code, "name": name_of(one.code), "age": one.age, "territory": territory_of(one.code)}
        for one in settled
    )
    beats, figures = truth_of_beats(times, drawn.p, drawn.qrs, drawn.t, seconds)
    kinds = [one.kind for one in times.beats]
    common = shapes.beats[max(sorted(set(kinds)), key=kinds.count)]
    axes = {"p": shapes.p_axis_deg if drawn.p else None, "qrs": common.axis_deg, "t": common.t_axis_deg}
    spikes = tuple(one.at_s for one in times.spikes if 0 <= one.at_s < seconds)
    waves = wave_list([one for one in (drawn.p, drawn.qrs, drawn.t) if one], seconds)
    return Truth(seed, stated, beats, figures, axes, spikes, waves, {})
