"""Findings show what cardiology says they show, in the signal itself; what cannot be combined is refused."""

import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS
from einthoven.records.simulate import Simulated, simulate
from einthoven.records.simulate_findings import CODES, FURTHER, name_of, parse


def beat(made: Simulated, lead: str) -> np.ndarray:
    """(500,) millivolt of one conducted beat, from the onset of its QRS complex, less the level before it."""
    one = next(b for b in made.truth.beats if 0.6 < b.on_s < 8.5)
    start = round(one.on_s * 500)
    signal = made.ecg.lead(lead)[start : start + 500].astype(np.float64)
    return np.asarray(signal - signal[0], np.float64)


def mean(findings: tuple[str, ...], lead: str, first: int, last: int) -> float:
    """Mean over ten seeds of a stretch (samples from QRS onset) of one lead, millivolt."""
    return float(np.mean([beat(simulate(findings, seed=seed), lead)[first:last].mean() for seed in range(10)]))


def test_codes_are_the_vocabulary_and_a_few_more() -> None:
    assert len(set(CODES)) == len(CODES)
    assert {code for code in CODES if code not in FINDINGS} == set(FURTHER)
    scp = {code for code, found in FINDINGS.items() if found.vocabulary == "SCP-ECG"}
    assert scp <= set(CODES)
    assert all(name_of(code) for code in CODES)


def test_fibrillation_has_no_p_waves_and_no_regularity() -> None:
    fibrillating, sinus = simulate(("AFIB",), seed=1), simulate(("SR",), seed=1)
    assert not any(wave.wave == "P" for wave in fibrillating.truth.waves["II"])
    spread = [np.std([b.rr_ms for b in made.truth.beats if b.rr_ms]) for made in (fibrillating, sinus)]
    assert spread[0] > 80 > spread[1]


def test_bundle_branch_blocks_end_towards_the_late_ventricle() -> None:
    seen: list[tuple[bool, ...]] = []
    for seed in range(10):
        right, left = simulate(("CRBBB",), seed=seed), simulate(("CLBBB",), seed=seed)
        width = round((right.truth.intervals["qrs_ms"] or 0) / 2)
        late = (beat(right, "V1")[width // 2 : width].max() > 0.2, beat(right, "I")[width // 2 : width].min() < 0)
        width = round((left.truth.intervals["qrs_ms"] or 0) / 2)
        v1, v6 = beat(left, "V1")[:width], beat(left, "V6")[:width]
        seen.append((*late, v1.max() < -v1.min(), v6.max() > -v6.min()))
    assert (np.mean(seen, axis=0) >= 0.8).all(), np.mean(seen, axis=0)


def test_a_fascicle_shows_before_the_late_right_ventricle() -> None:
    """Left anterior block with right bundle branch block: S outweighs R in II, where the block alone keeps its R."""
    deep = {}
    for findings in (("CRBBB",), ("CRBBB", "LAFB")):
        first = [beat(simulate(findings, seed=seed), "II")[:42] for seed in range(12)]
        deep[findings] = np.mean([-one.min() > one.max() for one in first])
    assert deep["CRBBB", "LAFB"] >= 0.8 and deep[("CRBBB",)] <= 0.4, deep


def test_first_degree_block_is_just_that() -> None:
    """PR passes 200 ms in all; most by little, as in recordings."""
    pr_ms = [simulate(("1AVB",), seed=seed).truth.intervals["pr_ms"] or 0 for seed in range(30)]
    assert min(pr_ms) > 200 and 210 < np.median(pr_ms) < 245 and max(pr_ms) < 350


def test_acute_infarction_elevates_its_leads_and_depresses_the_opposite_ones() -> None:
    assert mean(("IMI:acute",), "III", 65, 85) > 0.08
    assert mean(("IMI:acute",), "aVL", 65, 85) < -0.04
    assert mean(("ASMI:acute",), "V2", 65, 85) > 0.15
    assert mean(("PMI:acute",), "V2", 65, 85) < -0.08


def test_old_infarction_takes_r_waves_away() -> None:
    healthy = np.mean([beat(simulate(("SR",), seed=seed), "V2")[:30].max() for seed in range(10)])
    scarred = np.mean([beat(simulate(("ASMI:old",), seed=seed), "V2")[:30].max() for seed in range(10)])
    assert scarred < 0.6 * healthy
    q = [beat(simulate(("IMI:old",), seed=seed), "III")[:35].min() for seed in range(10)]
    assert np.mean(q) < -0.1


def test_voltage_criteria_hold() -> None:
    for seed in range(8):
        made = simulate(("LVH",), seed=seed)
        sokolow = -beat(made, "V1")[:60].min() + max(beat(made, "V5")[:60].max(), beat(made, "V6")[:60].max())
        cornell = -beat(made, "V3")[:60].min() + beat(made, "aVL")[:60].max()
        assert sokolow > 3.3 or cornell > 2.6
        low = simulate(("LVOLT",), seed=seed)
        assert all(np.ptp(beat(low, lead)[:60]) < 0.55 for lead in ("I", "II", "III", "aVR", "aVL", "aVF"))


def test_potassium_calcium_and_qt() -> None:
    peaked, flat = mean(("HYPERK",), "V3", 110, 190), mean(("HYPOK",), "V3", 110, 190)
    assert peaked > mean(("NORM",), "V3", 110, 190) > flat
    corrected = {}
    for code in ("SHRTQT", "NORM", "LNGQT"):
        got = simulate((code,), seed=3).truth.intervals
        assert got["qt_ms"] and got["rr_ms"]
        corrected[code] = got["qt_ms"] / np.cbrt(got["rr_ms"] / 1000)
    assert corrected["SHRTQT"] < 350 < corrected["NORM"] < 450 < corrected["LNGQT"]


def test_brugada_is_local_to_the_right_chest_leads() -> None:
    assert mean(("BRUGADA",), "V1", 50, 65) > 0.1
    assert abs(mean(("BRUGADA",), "V5", 50, 65) - mean(("SR",), "V5", 50, 65)) < 0.03


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        (("CLBBB", "CRBBB"), "3AVB"),
        (("AFIB", "1AVB"), "no PR interval in AFIB"),
        (("AFIB", "SR"), "no sinus P wave in AFIB"),
        (("AFIB", "AFLT"), "one focus leads at a time"),
        (("SBRAD", "STACH"), "one sinus node"),
        (("VTACH", "LVH"), "hides it"),
        (("NORM", "LVH"), "nothing else is found"),
        (("LVOLT", "LVH"), "high voltage"),
        (("STRAIN",), "needs LVH or RVH"),
        (("3AVB", "PAC"), "no atrial beat is conducted"),
        (("DPACE", "AFIB"), "no sinus P wave in AFIB"),
        (("LVH:old",), "only infarctions have an age"),
        (("IMI:young",), "the age is one of hyperacute"),
        (("HEARTACHE",), "is not known"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(findings: tuple[str, ...], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        simulate(findings)


def test_complete_block_in_fibrillation_is_regular() -> None:
    made = simulate(("AFIB", "3AVB"), seed=2)
    cycles = [b.rr_ms for b in made.truth.beats if b.rr_ms]
    assert np.std(cycles) < 40 and np.mean(cycles) > 1000
    assert {b.kind for b in made.truth.beats} <= {"junctional", "ventricular escape"}
    assert made.truth.parameters["atria"]["size_mv"] > 0


def test_without_findings_it_is_normal() -> None:
    assert [one.code for one in parse(())] == ["NORM", "SR"]
    assert [one.code for one in parse(("LVH", "LVH"))] == ["LVH"]
