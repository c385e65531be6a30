"""Schedules: who beats when."""

import numpy as np
import pytest

from einthoven.core.rng import rng
from einthoven.records.simulate import simulate
from einthoven.records.simulate_rhythm import RhythmPlan, Schedule, schedule


def made(plan: RhythmPlan, seed: int = 0) -> Schedule:
    return schedule(plan, 10.0, rng("test", seed))


def test_complete_block_dissociates() -> None:
    times = made(RhythmPlan(block="complete", rate_bpm=80, escape_bpm=40))
    assert all(beat.p_on_s is None for beat in times.beats)
    assert not any(p.conducted for p in times.p_waves)
    assert len(times.p_waves) == pytest.approx(2 * len(times.beats), abs=3)


def test_wenckebach_lengthens_until_a_beat_drops() -> None:
    times = made(RhythmPlan(block="wenckebach", pr_ms=170, swing=0.0))
    pr = {beat.p_on_s: beat.on_s - beat.p_on_s for beat in times.beats if beat.p_on_s is not None}
    after_pause = True
    previous = 0.0
    for p in times.p_waves[4:]:
        if not p.conducted:
            after_pause = True
            continue
        assert after_pause or pr[p.on_s] > previous
        previous, after_pause = pr[p.on_s], False
    assert any(not p.conducted for p in times.p_waves) and any(p.conducted for p in times.p_waves)


def test_mobitz_drops_without_warning() -> None:
    times = made(RhythmPlan(block="mobitz 2", pr_ms=170))
    pr = [beat.on_s - beat.p_on_s for beat in times.beats if beat.p_on_s is not None]
    assert np.ptp(pr) < 1e-9 and any(not p.conducted for p in times.p_waves)


@pytest.mark.parametrize("pattern", ["single", "couplet", "bigeminy", "trigeminy"])
@pytest.mark.parametrize("seed", range(3))
def test_ventricular_premature_beats_are_early_and_pause_is_compensatory(pattern: str, seed: int) -> None:
    plan = RhythmPlan(rate_bpm=70, swing=0.0, premature=(("ventricular", pattern),))  # type: ignore[arg-type]
    times = made(plan, seed)
    cycle = 60 / 70
    kinds = [beat.kind for beat in times.beats]
    assert "ventricular premature" in kinds
    for before, beat, after in zip(times.beats, times.beats[1:], times.beats[2:], strict=False):
        if beat.kind == "ventricular premature":
            assert beat.on_s - before.on_s < 0.75 * cycle
            if before.kind == after.kind == "normal":
                assert after.on_s - before.on_s == pytest.approx(2 * cycle, abs=1e-6)


def test_atrial_premature_beats_reset_the_sinus_node() -> None:
    times = made(RhythmPlan(rate_bpm=70, swing=0.0, premature=(("atrial", "single"),)), 1)
    cycle = 60 / 70
    early = [i for i, beat in enumerate(times.beats) if beat.kind == "atrial premature"]
    assert early
    for i in early:
        assert times.beats[i + 1].on_s - times.beats[i - 1].on_s < 2 * cycle - 0.05


def test_flutter_conducts_at_its_ratio() -> None:
    times = made(RhythmPlan(mechanism="flutter", flutter_bpm=300, flutter_ratio=4))
    assert np.diff([beat.on_s for beat in times.beats]) == pytest.approx(0.8)


@pytest.mark.parametrize(("code", "chambers"), [("APACE", 1), ("VPACE", 1), ("DPACE", 2)])
def test_pacing_spikes_lead_every_paced_beat(code: str, chambers: int) -> None:
    truth = simulate((code, "SR"), seed=1).truth
    inside = [beat for beat in truth.beats if 0.5 < beat.on_s < 9.5]
    for beat in inside:
        near = [s for s in truth.pacing_spikes_s if beat.on_s - 0.3 < s < beat.on_s + 0.01]
        assert len(near) == chambers
    assert len(truth.pacing_spikes_s) >= chambers * len(inside)
