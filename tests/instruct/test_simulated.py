"""A case of a made ECG says what was drawn: figures, voltages, findings that are there, and none that may be."""

from dataclasses import replace

import numpy as np
import pytest

from einthoven import measure
from einthoven.instruct.case import Case
from einthoven.instruct.simulated import case_of
from einthoven.instruct.simulated_findings import STATABLE
from einthoven.measure.correction import corrected_qt_ms
from einthoven.records.simulate import Simulated, simulate
from einthoven.records.simulate_findings import CODES, FURTHER
from einthoven.records.simulate_recording import Recording


def of(made: Simulated) -> Case:
    return case_of(made, id="1", ecg="made/1", split="test")


@pytest.mark.parametrize("findings", [(), ("AFIB",), ("CLBBB",), ("1AVB", "LVH"), ("STACH",), ("VTACH",), ("JUNC",)])
def test_figures_are_those_of_the_truth(findings: tuple[str, ...]) -> None:
    made = simulate(findings, seed=7, recording="typical")
    measured = of(made).measured
    assert measured is not None
    for name, true in made.truth.intervals.items():
        if measured.figures[name] is None:
            assert name in measured.reasons
        else:
            assert measured.figures[name] == pytest.approx(true, abs=0.6)
    assert measured.figures["axis_deg.qrs"] == pytest.approx(made.truth.axis_deg["qrs"], abs=0.01)
    if findings != ("AFIB",):
        qt_ms, rr_ms = made.truth.intervals["qt_ms"], made.truth.intervals["rr_ms"]
        assert qt_ms is not None
        assert rr_ms is not None
        assert measured.figures["qtc_ms.bazett"] == pytest.approx(corrected_qt_ms(qt_ms, rr_ms)["bazett"], abs=4)


def test_premature_beats_do_not_count_for_the_intervals() -> None:
    made = simulate(["BIGU", "PVC"], seed=5)
    measured = of(made).measured
    assert measured is not None
    normal = [beat.qrs_ms for beat in made.truth.beats if beat.kind == "normal"]
    assert measured.figures["qrs_ms"] == pytest.approx(np.median([one for one in normal if one is not None]), abs=0.01)
    early = [beat.on_s for beat in made.truth.beats if beat.kind == "ventricular premature"]
    assert measured.rhythm.premature_beats_s == pytest.approx(early, abs=1e-3)


def test_voltages_agree_with_measuring() -> None:
    apart: dict[str, list[float]] = {"r": [], "s": [], "t": []}
    for seed, findings in enumerate(((), ("IMI",), ("LVH",), ("CRBBB",), ("ISCAL",), ("SBRAD",))):
        made = simulate(findings, seed=seed)
        true, seen = of(made).measured, measure(made.ecg)
        assert true is not None
        assert true.amplitudes_mv.keys() == seen.amplitudes_mv.keys()
        for lead, one in seen.amplitudes_mv.items():
            for name, some in apart.items():
                some.append(abs((getattr(one, name) or 0.0) - (getattr(true.amplitudes_mv[lead], name) or 0.0)))
    for name, some in apart.items():
        assert np.mean(np.array(some) < 0.05) > 0.85, name


def test_what_is_stated_is_there_and_what_may_be_seen_is_open() -> None:
    block = of(simulate(["CLBBB"], seed=2))
    assert {"CLBBB", "LBBB"} <= block.codes
    assert not {"QWAVE", "ABQRS", "STE_", "INVT", "ILBBB", "AMI", "LVH", "IVCD"} & block.stated
    assert {"CRBBB", "AFIB", "PACE", "NORM"} <= block.absent()
    flutter = of(simulate(["AFLT"], seed=2))
    assert "SVTAC" not in flutter.stated
    assert {"SR", "VTACH"} <= flutter.absent()
    old = of(simulate(["IMI:old"], seed=2))
    assert {"IMI", "MI", "OLDMI"} <= old.codes
    assert "AMI" in old.absent()
    assert not {"ILMI", "IPMI"} & old.stated
    paced = of(simulate(["VPACE"], seed=2))
    assert paced.codes == {"PACE"}


def test_a_normal_ecg_is_normal_and_nothing_else() -> None:
    normal = of(simulate(seed=3))
    assert normal.codes >= {"NORM"}
    assert normal.codes <= {"NORM", "SR", "BRADY"}
    assert {"AFIB", "IMI", "CLBBB", "PVC", "LVH"} <= normal.absent()


@pytest.mark.parametrize("code", [code for code in CODES if code not in ("STRAIN",)])
def test_no_stated_code_is_called_absent(code: str) -> None:
    made = of(simulate([code], seed=11))
    if code in FURTHER:
        assert code not in made.stated
    else:
        assert code in made.codes or code in ("PAC", "PVC", "PRC(S)")
    assert made.codes <= made.stated <= STATABLE | {"LAD", "RAD"}
    assert ("NORM" in made.codes) == (code == "NORM")


@pytest.mark.parametrize("seed", range(6))
def test_a_rate_near_a_border_leaves_the_finding_open(seed: int) -> None:
    near = of(simulate(["SR"], seed=seed, rate_bpm=61.0))
    assert not {"SBRAD", "BRADY"} & near.stated
    assert "SBRAD" in of(simulate(["SR"], seed=seed, rate_bpm=75.0)).absent()


def test_exchanged_cables_leave_rhythm_only() -> None:
    made = simulate(["AFIB", "IMI"], seed=4, recording=Recording(reversal="LA-RA"))
    swapped = of(made)
    assert swapped.measured is not None
    assert swapped.measured.quality.suspected_reversal == "LA-RA"
    assert swapped.codes == {"AFIB"}
    assert not {"AMI", "LVH", "LAD"} & swapped.stated
    assert swapped.measured.figures["axis_deg.qrs"] is None
    assert swapped.noise is None
    assert of(replace(made, truth=simulate(["AFIB", "IMI"], seed=4).truth)).codes >= {"AFIB", "IMI"}


def test_noise_is_known_where_none_was_added() -> None:
    assert of(simulate(seed=1)).noise == {}
    assert of(simulate(seed=1, recording="typical")).noise is None
    off = of(simulate(seed=1, recording=Recording(off=("V3",))))
    assert off.noise == {"electrodes problems": ("V3",)}
    assert off.measured is not None
    assert off.measured.quality.leads["V3"].fault == "flat"
    assert "V3" not in off.measured.amplitudes_mv
    assert of(simulate(seed=1, recording=Recording(off=("LA",)))).noise is None


def test_the_person_and_the_place_are_kept() -> None:
    made = simulate(seed=9)
    kept = of(made)
    assert (kept.source, kept.origin, kept.ecg, kept.split) == ("simulator", "simulator", "made/1", "test")
    assert kept.patient == made.ecg.person.key
    assert kept.person == made.ecg.person
