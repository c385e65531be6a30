"""Real recordings beside the checkout, where there are some: what is known of each set holds for what is read."""

from collections import Counter

import numpy as np
import pytest
import wfdb

from einthoven.core.leads import LIMB_FROM_I_II, TWELVE
from einthoven.core.waves import Wave
from einthoven.records.datasets import Row, Rows, load_dataset
from einthoven.records.datasets.ludb import LUDB
from einthoven.records.pairs import pairs
from einthoven.records.read import read, read_page
from einthoven.records.resample import resample
from tests.support import data_root

# rate, and the shortest and longest recording in seconds
KNOWN = {
    "ptbxl": (500, 10.0, 10.0), "ludb": (500, 10.0, 10.0), "ptbdb": (1000, 10.0, 10.0), "code15": (400, 1.0, 10.3),
    "cpsc2018": (500, 6.0, 60.0), "cpsc_extra": (500, 6.0, 60.0), "georgia": (500, 5.0, 10.0),
    "chapman_ningbo": (500, 10.0, 10.0), "qtdb": (250, 900.0, 900.0),
}  # fmt: skip


def _rows(name: str, most: int | None = None) -> Rows:
    folder = data_root() / name
    if not folder.is_dir():
        pytest.skip(f"no {name} beside the checkout")
    rows = load_dataset(name).load(folder)
    return rows if most is None else Rows(rows[:: max(len(rows) // most, 1)], rows.missing)


@pytest.mark.parametrize("name", KNOWN)
def test_every_set_reads_as_it_is_known(name: str) -> None:
    rate_hz, shortest_s, longest_s = KNOWN[name]
    for row in _rows(name, 12):
        ecg = load_dataset(name).ecg(row)
        assert ecg.rate_hz == rate_hz
        assert shortest_s <= ecg.seconds <= longest_s
        if name == "qtdb":  # two leads of a Holter
            assert len(ecg.leads) == 2
            continue
        assert ecg.leads == TWELVE
        assert not [fault for fault in ecg.faults if fault.kind in ("missing values", "flat")]
        if name != "ludb":
            _assert_limb_leads_agree(read(row.path).signal_mv[:6])


def _assert_limb_leads_agree(limb_mv: np.ndarray) -> None:
    for lead_mv, (of_i, of_ii) in zip(limb_mv, LIMB_FROM_I_II.values(), strict=True):
        gap_mv = lead_mv - of_i * limb_mv[0] - of_ii * limb_mv[1]
        assert np.percentile(np.abs(gap_mv - np.median(gap_mv)), 99) < 0.02  # of rounding; code15 has odd first samples


@pytest.mark.parametrize("name", ["ptbxl", "code15", "ludb"])
def test_values_are_those_of_the_wfdb_package(name: str) -> None:
    for row in _rows(name, 3):
        witness = wfdb.rdrecord(str(row.path.with_suffix("")))
        names = [lead.upper() for lead in witness.sig_name]
        order = [names.index(lead.upper()) for lead in TWELVE]
        np.testing.assert_array_equal(read(row.path).signal_mv, witness.p_signal.T[order].astype(np.float32))


def test_ptbxl_counts_of_the_local_split_and_its_pairs() -> None:
    rows = _rows("ptbxl")
    if not (data_root() / "ptbxl" / "local_split.csv").is_file() or len(rows) != 2168:
        pytest.skip("another part of PTB-XL than the one these counts are of")
    assert Counter(row.split for row in rows) == {"train": 1966, "valid": 202}
    patients = {split: {row.patient for row in rows if row.split == split} for split in ("train", "valid")}
    assert (len(patients["train"]), len(patients["valid"])) == (1742, 182)
    assert not patients["train"] & patients["valid"]
    found = pairs(rows)
    assert Counter(pair.recent.split for pair in found) == {"train": 307, "valid": 23}
    repeated = {pair.recent.patient for pair in found}
    assert len(repeated) == 190
    assert sum(row.patient in repeated for row in rows) == 434
    gaps_days = [pair.gap_days for pair in found]
    assert [round(gap) for gap in np.percentile(gaps_days, [10, 25, 50, 75, 100])] == [1, 5, 20, 233, 1626]
    assert sum(row.person.age_years == 90 for row in rows) == 37
    assert len(pairs(rows, consecutive=True)) == 434 - 190


def test_ludb_waves_are_in_order_and_their_borders_beside_them() -> None:
    rows = {row.id: row for row in _rows("ludb")}
    chosen = [rows[name] for name in ("104", "116", "17", "42", "8") if name in rows]
    if len(chosen) < 2:
        pytest.skip("another part of LUDB than the one these counts are of")
    waves = {row.id: [wave for lead in TWELVE for wave in _checked(row, lead)] for row in chosen}
    assert sum(wave.on_s is None for wave in waves["104"]) == 36
    assert sum(wave.wave == "T" for wave in waves["116"]) > sum(wave.wave == "QRS" for wave in waves["116"])
    assert all({wave.wave for wave in found} <= {"P", "QRS", "T"} for found in waves.values())


def _checked(row: Row, lead: str) -> list[Wave]:
    waves = LUDB.annotations(row, lead)
    peaks = [wave.peak_s for wave in waves if wave.peak_s is not None]
    assert peaks == sorted(peaks)
    for wave in waves:
        assert wave.peak_s is not None
        assert 0 < wave.peak_s < 10
        assert wave.on_s is None or 0 <= wave.peak_s - wave.on_s < 0.3
        assert wave.off_s is None or 0 <= wave.off_s - wave.peak_s < 0.4
    return waves


def test_ludb_says_once_what_its_scaling_means() -> None:
    for row in _rows("ludb", 5):
        assert [fault.detail for fault in LUDB.ecg(row).faults] == ["each lead is scaled on its own; for timing only"]
        assert "limb leads disagree" in [fault.kind for fault in read(row.path).faults]


def test_a_rate_of_100_hz_is_what_the_makers_of_ptbxl_filtered() -> None:
    folder = data_root() / "images" / "scans_with_signal"
    stems = sorted({path.name[:5] for path in folder.glob("*_hr.hea")})
    if not stems:
        pytest.skip("no records at two rates beside the checkout")
    for stem in stems:
        ours = resample(read(folder / f"{stem}_hr"), 100.0).signal_mv[:, 20:-20]
        theirs = read(folder / f"{stem}_lr").signal_mv[:, 20:-20]
        assert ours.shape == theirs.shape
        for mine, other in zip(ours, theirs, strict=True):
            assert np.corrcoef(mine, other)[0, 1] > 0.98


def test_every_picture_opens_upright_and_bare() -> None:
    folder = data_root() / "images"
    files = (
        [path for path in sorted(folder.rglob("*")) if path.suffix in (".jpg", ".png", ".bmp")]
        if folder.is_dir()
        else []
    )
    if not files:
        pytest.skip("no pictures beside the checkout")
    for path in files:
        page = read_page(path)
        height, width = page.pixels.shape[:2]
        assert page.pixels.dtype == np.uint8
        assert min(height, width) > 300
        assert width > height or path.stem == "ecg00005"  # a photo, nearly square, taken with the sheet upright in it
        assert page.pixels.mean() > 100  # paper is light
        assert set(vars(page)) == {"pixels", "source", "truth"}
        assert page.truth is None
