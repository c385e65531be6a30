"""WFDB records in all signal formats, against the `wfdb` package's own reading and against bits packed by hand."""

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wfdb
from scipy.io import savemat

from einthoven.core.errors import FormatError, LeadError, UnitError
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.records.formats.wfdb import open_record, read_part
from einthoven.records.formats.wfdb_samples import _by_package, unpack
from einthoven.records.read import read
from tests.records.make import grid, toy, write_16

BITS = {"16": 16, "24": 24, "32": 32, "80": 8, "212": 12, "508": 8, "516": 16, "524": 24}


def _wrsamp(folder: Path, digital: np.ndarray, fmt: str, **more: Any) -> Path:
    count = digital.shape[1]
    settings: dict[str, Any] = {
        "fs": 500, "units": ["mV"] * count, "sig_name": list(TWELVE[:count]), "fmt": [fmt] * count,
        "adc_gain": [25.0] * count, "baseline": [3] * count, "d_signal": digital, "write_dir": str(folder),
    }  # fmt: skip
    if fmt in ("508", "516", "524"):  # a FLAC stream holds eight channels at most
        settings["d_signal"], settings["units"] = digital[:, :8], ["mV"] * 8
        settings |= {key: settings[key][:8] for key in ("sig_name", "fmt", "adc_gain", "baseline")}
    wfdb.wrsamp("rec", **(settings | more))
    return folder / "rec.hea"


@pytest.mark.parametrize("fmt", BITS)
def test_every_format_reads_as_the_wfdb_package_reads_it(fmt: str, tmp_path: Path) -> None:
    reach = 2 ** (min(BITS[fmt], 20) - 1) - 2
    digital = rng("digital", fmt).integers(-reach, reach, (700, 12)).astype(np.int64)
    path = _wrsamp(tmp_path, digital, fmt)
    ecg = read(path)
    witness = wfdb.rdrecord(str(path.with_suffix("")))
    np.testing.assert_array_equal(ecg.signal_mv.T, witness.p_signal.astype(np.float32))
    np.testing.assert_allclose(ecg.signal_mv.T, (digital[:, : len(ecg.leads)] - 3) / 25.0, rtol=1e-6, atol=1e-6)
    part = read_part(open_record(path), 101, 333)
    np.testing.assert_array_equal(part.signal_mv, ecg.signal_mv[:, 101:333])


def _pack(fmt: str, flat: np.ndarray) -> bytes:
    """Pack samples as the WFDB page signal(5) describes, written down once more here."""
    flat = flat.astype(np.int64)
    if fmt == "61":
        return flat.astype(">i2").tobytes()
    if fmt == "160":
        return (flat + 32768).astype("<u2").tobytes()
    if fmt == "8":
        return np.diff(flat, prepend=0).astype("<i1").tobytes()  # for a single signal
    one, two, three = (flat[place::3] & 0x3FF for place in range(3))
    if fmt == "311":
        return (one | two << 10 | three << 20).astype("<u4").tobytes()
    words = np.stack([one << 1 | (three & 0x1F) << 11, two << 1 | (three >> 5) << 11], axis=1)
    return words.astype("<u2").tobytes()


@pytest.mark.parametrize("fmt", ["8", "61", "160", "310", "311"])
def test_rarer_formats_read_what_was_packed(fmt: str, tmp_path: Path) -> None:
    digital = np.rint(400 * np.sin(np.arange(900) / 9)).astype(np.int64)
    (tmp_path / "rec.dat").write_bytes(_pack(fmt, digital))
    (tmp_path / "rec.hea").write_text(f"rec 1 250 900\nrec.dat {fmt} 200/mV 12 0 0 0 0 MLII\n")
    ecg = read(tmp_path / "rec")
    assert ecg.leads == ("II",)
    np.testing.assert_allclose(ecg.signal_mv[0], digital / 200, atol=1e-6)


def test_own_and_packaged_unpacking_agree_on_flac_over_two_files(tmp_path: Path) -> None:
    digital = np.rint(grid(seconds=3) * 1000).astype(np.int64).T
    for number, columns in ((1, slice(0, 8)), (2, slice(8, 12))):
        wfdb.wrsamp(
            f"part{number}", fs=500, units=["mV"] * len(TWELVE[columns]), sig_name=list(TWELVE[columns]),
            fmt=["516"] * len(TWELVE[columns]), adc_gain=[1000.0] * len(TWELVE[columns]),
            baseline=[0] * len(TWELVE[columns]), d_signal=digital[:, columns], write_dir=str(tmp_path),
        )  # fmt: skip
    lines = [f"part{1 if row < 8 else 2}.dat 516 1000/mV 16 0 0 0 0 {lead}" for row, lead in enumerate(TWELVE)]
    (tmp_path / "rec.hea").write_text("rec 12 500 1500\n" + "\n".join(lines))
    record = open_record(tmp_path / "rec.hea")
    own = unpack(record.header, record.path, 7, 1400)
    packaged = _by_package(record.header, record.path, 7, 1400)
    np.testing.assert_array_equal(np.stack(own[0]), np.stack(packaged[0]))
    assert own[1:] == packaged[1:]
    np.testing.assert_allclose(read(record.path).signal_mv, grid(seconds=3), atol=1e-6)


def test_matlab_signal_files_of_the_challenges(tmp_path: Path) -> None:
    digital = np.rint(grid(seconds=2) * 1000).astype(np.int16)
    savemat(tmp_path / "A0001.mat", {"val": digital}, format="4")
    lines = [f"A0001.mat 16+24 1000/mV 16 0 0 0 0 {lead}" for lead in TWELVE]
    text = "A0001 12 500 1000 12-May-2020 12:33:59\n" + "\n".join(lines) + "\n#Age: 74\n#Sex: Male\n#Dx: 59118001\n"
    (tmp_path / "A0001.hea").write_text(text)
    for path in ("A0001", "A0001.hea", "A0001.mat"):
        ecg = read(tmp_path / path)
        np.testing.assert_allclose(ecg.signal_mv, grid(seconds=2), atol=1e-6)
        assert (ecg.person.age_years, ecg.person.sex, ecg.recorded_at) == (74.0, "male", None)


def test_missing_samples_are_bridged_or_set_to_zero_and_said(tmp_path: Path) -> None:
    signal = grid()
    signal[0, 100:120] = -32.768  # the sample that stands for "no value", 40 ms of it
    signal[7, 1000:3000] = -32.768
    ecg = read(write_16(tmp_path, signal))
    assert [(fault.lead, fault.kind) for fault in ecg.faults] == [("I", "gaps bridged"), ("V2", "missing values")]
    line = np.interp(np.arange(100, 120), [99, 120], ecg.signal_mv[0, [99, 120]])
    np.testing.assert_allclose(ecg.signal_mv[0, 100:120], line, atol=1e-5)
    assert not ecg.lead("V2").any()
    assert ecg.twelve()[1].sum() == 11


def test_several_samples_a_frame_come_at_their_own_rate(tmp_path: Path) -> None:
    fast, slow = grid(seconds=4)[1], grid(rate_hz=250, seconds=4)[7]
    frames = np.column_stack([fast.reshape(-1, 2), slow])
    (tmp_path / "rec.dat").write_bytes(np.rint(frames * 1000).astype("<i2").tobytes())
    (tmp_path / "rec.hea").write_text(
        "rec 2 250 1000\nrec.dat 16x2 1000/mV 16 0 0 0 0 II\nrec.dat 16 1000/mV 16 0 0 0 0 V2\n"
    )
    ecg = read(tmp_path / "rec")
    assert (ecg.rate_hz, ecg.leads) == (500.0, ("II", "V2"))
    np.testing.assert_allclose(ecg.lead("II"), fast, atol=1e-6)
    assert np.abs(ecg.lead("V2")[::2] - slow)[50:-50].max() < 0.02


def test_skewed_signals_are_put_beside_each_other(tmp_path: Path) -> None:
    one, two = np.rint(grid(seconds=2)[:2] * 1000).astype("<i2")
    late = np.concatenate([np.zeros(5, "<i2"), two[:-5]])
    (tmp_path / "rec.dat").write_bytes(np.stack([one, late], axis=1).tobytes())
    (tmp_path / "rec.hea").write_text(
        "rec 2 500 1000\nrec.dat 16 1000/mV 16 0 0 0 0 I\nrec.dat 16:5 1000/mV 16 0 0 0 0 II\n"
    )
    np.testing.assert_allclose(read(tmp_path / "rec").lead("II")[:990] * 1000, two[:990], atol=1e-3)


def _segments(folder: Path) -> np.ndarray:
    digital = np.rint(grid(seconds=4) * 1000).astype(np.int64).T
    for name, part in (("seg1", digital[:1200]), ("seg2", digital[1200:])):
        for_part: dict[str, Any] = {"adc_gain": [1000.0] * 12, "baseline": [0] * 12, "d_signal": part}
        wfdb.wrsamp(
            name, fs=500, units=["mV"] * 12, sig_name=list(TWELVE), fmt=["16"] * 12, write_dir=str(folder), **for_part
        )
    return grid(seconds=4)


def test_records_of_several_segments(tmp_path: Path) -> None:
    whole = _segments(tmp_path)
    (tmp_path / "rec.hea").write_text("rec/2 12 500 2000\nseg1 1200\nseg2 800\n")
    np.testing.assert_allclose(read(tmp_path / "rec").signal_mv, whole, atol=1e-6)
    part = read_part(open_record(tmp_path / "rec.hea"), 1100, 1400)
    np.testing.assert_allclose(part.signal_mv, whole[:, 1100:1400], atol=1e-6)


def test_segments_of_variable_layout_with_a_pause(tmp_path: Path) -> None:
    whole = _segments(tmp_path)
    layout = "\n".join(f"~ 0 1000/mV 16 0 0 0 0 {lead}" for lead in TWELVE)
    (tmp_path / "layout.hea").write_text(f"layout 12 500 0\n{layout}\n")
    (tmp_path / "rec.hea").write_text("rec/4 12 500 2050\nlayout 0\nseg1 1200\n~ 50\nseg2 800\n")
    ecg = read(tmp_path / "rec")
    np.testing.assert_allclose(ecg.signal_mv[:, :1200], whole[:, :1200], atol=1e-6)
    np.testing.assert_allclose(ecg.signal_mv[:, 1250:], whole[:, 1200:], atol=1e-6)
    assert [fault.kind for fault in ecg.faults] == ["gaps bridged"] * 12


@pytest.mark.parametrize(("unit", "scale"), [("uV", 1.0), ("V", 1e6), ("mV", 1000.0), ("microvolts", 1.0)])
def test_units_of_the_header_become_millivolt(unit: str, scale: float, tmp_path: Path) -> None:
    path = write_16(tmp_path, grid(), gain=f"{scale:g}/{unit}")
    np.testing.assert_allclose(read(path).signal_mv, grid(), atol=1e-6)


def test_what_is_no_voltage_is_left_out(tmp_path: Path) -> None:
    path = write_16(tmp_path, grid()[:3], ("II", "resp", "V1"))
    text = path.read_text().replace("1000/mV 16 0 0 0 0 resp", "1000/NU 16 0 0 0 0 resp")
    path.write_text(text)
    assert read(path).leads == ("II", "V1")
    path.write_text(text.replace("/mV", "/mmHg"))
    with pytest.raises(UnitError, match="mmHg, NU"):
        read(path)


def test_person_and_date_are_read_and_names_are_not(tmp_path: Path) -> None:
    comments = "# <age>: >89 <sex>: F\n# Name: Jane Roe\n# Date: 13/01/1995\n"
    ecg = read(write_16(tmp_path, grid(), comments=comments))
    assert (ecg.person.age_years, ecg.person.sex, ecg.person.key) == (90.0, "female", None)
    assert ecg.recorded_at == datetime(1995, 1, 13)
    assert "Roe" not in repr(ecg)
    for said, age in (("300", 90.0), ("121", None), ("NaN", None), ("-1", None), ("61", 61.0), ("0", 0.0)):
        assert read(write_16(tmp_path, grid(), comments=f"# Age: {said}\n")).person.age_years == age
    header = write_16(tmp_path, grid())
    header.write_text(header.read_text().replace("500 5000\n", "500 5000 05:39:49 28/04/1988\n"))
    assert read(header).recorded_at == datetime(1988, 4, 28, 5, 39, 49)


def test_lead_names_of_devices_and_doubled_ones(tmp_path: Path) -> None:
    names = ("Lead I", "ECG II", "III", "avr", "AVL", "MDC_ECG_LEAD_AVF", "C1", "v2", "V3", "V4", "V5", "V6")
    assert read(write_16(tmp_path, grid(), names)).leads == TWELVE
    with pytest.raises(LeadError, match="V1 stands twice"):
        read(write_16(tmp_path, grid()[:2], ("V1", "C1")))


CABRERA = ("aVL", "I", "-aVR", "II", "aVF", "III", *TWELVE[6:])


@pytest.mark.parametrize("spelled", ["-aVR", "- AVR", "\u2212avr", "aVR-"])
def test_cabrera_order_with_its_inverted_avr_gives_the_same(spelled: str, tmp_path: Path) -> None:
    signal = grid()[[TWELVE.index(name.lstrip("-")) for name in CABRERA]]
    signal[2] *= -1
    ecg = read(write_16(tmp_path, signal, (*CABRERA[:2], spelled, *CABRERA[3:])))
    assert (ecg.leads, ecg.faults) == (TWELVE, ())
    np.testing.assert_allclose(ecg.signal_mv, grid(), atol=1e-6)


@pytest.mark.parametrize("absent", [("III", "aVR", "aVL", "aVF"), ("I", "II", "aVR", "aVF"), ("aVR",)])
def test_absent_limb_leads_are_found_from_the_others(absent: tuple[str, ...], tmp_path: Path) -> None:
    names = tuple(name for name in reversed(TWELVE) if name not in absent)
    ecg = read(write_16(tmp_path, grid()[[TWELVE.index(name) for name in names]], names))
    assert set(ecg.leads) == set(names)
    signal, mask = ecg.twelve()
    assert mask.all()
    np.testing.assert_allclose(signal, grid(), atol=2e-3)


def test_absent_chest_leads_stay_absent(tmp_path: Path) -> None:
    ecg = read(write_16(tmp_path, grid()[:8], TWELVE[:8]))
    signal, mask = ecg.twelve()
    assert list(mask) == [True] * 8 + [False] * 4
    assert not signal[8:].any()


def test_the_length_is_found_where_the_header_is_silent(tmp_path: Path) -> None:
    header = write_16(tmp_path, grid())
    header.write_text(header.read_text().replace("rec 12 500 5000", "rec 12 500"))
    np.testing.assert_allclose(read(header).signal_mv, grid(), atol=1e-6)


def test_a_broken_flac_stream_is_told(tmp_path: Path) -> None:
    path = _wrsamp(tmp_path, np.rint(grid() * 1000).astype(np.int64).T, "516")
    data = tmp_path / "rec.dat"
    data.write_bytes(data.read_bytes()[:5000])
    with pytest.raises(FormatError, match=r"rec\.dat"):
        read(path)


def test_stems_with_dots_and_other_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_16(tmp_path, grid()).rename(tmp_path / "rec.v2.hea")
    monkeypatch.chdir(tmp_path)
    for path in ("rec.v2", "rec.v2.hea", "./rec.v2"):
        assert read(path).seconds == toy().seconds
