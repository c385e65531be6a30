"""WFDB headers that lie, point elsewhere or are damaged: one line, at once, nothing opened outside of the folder."""

import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from einthoven.core.errors import EcgError, FormatError, InputError, LeadError, UnitError
from einthoven.core.rng import rng
from einthoven.records.formats import wfdb_header
from einthoven.records.read import read
from tests.records.make import grid, write_16

Change = Callable[[str], str]


def _replaced(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new)


BAD: dict[str, tuple[Change, type[EcgError], str]] = {
    "2 GB claimed": (_replaced("500 5000", "500 90000000"), FormatError, "holds 5000 of the 90000000 samples"),
    "beyond any cap": (_replaced("500 5000", "500 " + "9" * 30), FormatError, "samples"),
    "a billion signals": (_replaced("rec 12", "rec 1000000000"), FormatError, "signals"),
    "no signals": (_replaced("rec 12", "rec 0"), FormatError, "signals"),
    "fewer lines than signals": (_replaced("rec 12", "rec 13"), LeadError, "states 13 signals and describes 12"),
    "more lines than signals": (_replaced("rec 12", "rec 8"), LeadError, "states 8 signals and describes 12"),
    "absurd rate": (_replaced(" 500 5", " 1e9 5"), UnitError, "rate '1e9' Hz"),
    "rate zero": (_replaced(" 500 5", " 0 5"), UnitError, "rate '0' Hz"),
    "rate NaN": (_replaced(" 500 5", " nan 5"), UnitError, "rate 'nan' Hz"),
    "gain zero": (_replaced("1000/mV", "0/mV"), UnitError, "gain '0/mV'"),
    "gain NaN": (_replaced("1000/mV", "nan/mV"), UnitError, "gain 'nan/mV'"),
    "gain infinite": (_replaced("1000/mV", "inf/mV"), UnitError, "gain 'inf/mV'"),
    "unknown format": (_replaced("rec.dat 16 ", "rec.dat 99 "), FormatError, "no format that is read"),
    "a frame of a billion": (_replaced("dat 16 ", "dat 16x999999999 "), FormatError, "samples a frame"),
    "a skew of a billion": (_replaced("dat 16 ", "dat 16:999999999 "), FormatError, "skew"),
    "an offset past the end": (_replaced("dat 16 ", "dat 16+999999999 "), FormatError, "holds 0 of the 5000"),
    "parent folder": (_replaced("rec.dat", "../rec.dat"), FormatError, "plain name"),
    "absolute path": (_replaced("rec.dat", "/etc/passwd"), FormatError, "plain name"),
    "address": (_replaced("rec.dat", "http://127.0.0.1/rec.dat"), FormatError, "plain name"),
    "cloud address": (_replaced("rec.dat", "s3://bucket/rec.dat"), FormatError, "plain name"),
    "file address": (_replaced("rec.dat", "file:///etc/passwd"), FormatError, "plain name"),
    "chained address": (_replaced("rec.dat", "zip::rec.dat"), FormatError, "plain name"),
    "Windows path": (_replaced("rec.dat", "C:\\rec.dat"), FormatError, "plain name"),
    "network share": (_replaced("rec.dat", "\\\\host\\rec.dat"), FormatError, "plain name"),
    "escaped path": (_replaced("rec.dat", "%2e%2e%2frec.dat"), FormatError, "plain name"),
    "hidden file": (_replaced("rec.dat", ".ssh"), FormatError, "plain name"),
    "no such file": (_replaced("rec.dat", "other.dat"), FormatError, "other.dat is not there"),
    "NUL": (_replaced("rec.dat", "rec\0.dat"), FormatError, "binary"),
    "segments of itself": (lambda text: "rec/1 12 500 5000\nrec 5000\n", FormatError, "segments of its own"),
    "a million segments": (_replaced("rec 12", "rec/1000000 12"), FormatError, "segments"),
    "a segment elsewhere": (lambda text: "rec/1 12 500 5000\n../rec 5000\n", FormatError, "plain name"),
    "segments that do not add up": (lambda text: "rec/1 12 500 5000\nrec 4000\n", FormatError, "4000"),
    "only pauses": (lambda text: "rec/1 12 500 5000\n~ 5000\n", FormatError, "empty"),
    "prose": (lambda text: "Dear colleague,\nplease find enclosed\n", FormatError, "not a WFDB header"),
    "nothing": (lambda text: "", FormatError, "not a WFDB header"),
    "a comment only": (lambda text: "# rec 12 500 5000", FormatError, "not a WFDB header"),
    "two megabytes": (lambda text: text + "# " + "x" * 2_000_000, FormatError, "characters"),
    "a file of two formats": (lambda text: text.replace("dat 16", "dat 212", 1), FormatError, "different formats"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_headers_fail_in_one_line_at_once(name: str, tmp_path: Path) -> None:
    change, kind, said = BAD[name]
    path = write_16(tmp_path, grid())
    path.write_text(change(path.read_text()))
    start_s = time.process_time()
    with pytest.raises(kind) as caught:
        read(path)
    assert said in str(caught.value)
    assert "rec" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.process_time() - start_s < 1.0


def test_truncated_and_absent_data_say_how_much_is_there(tmp_path: Path) -> None:
    path = write_16(tmp_path, grid())
    data = tmp_path / "rec.dat"
    data.write_bytes(data.read_bytes()[: 3000 * 24 + 5])
    with pytest.raises(FormatError, match="holds 3000 of the 5000 samples"):
        read(path)
    data.unlink()
    with pytest.raises(FormatError, match=r"rec.dat is not there"):
        read(path)
    with pytest.raises(InputError, match="no such record"):
        read(tmp_path / "absent")


def test_links_must_stay_in_the_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    path = write_16(inside, grid())
    (inside / "rec.dat").rename(outside / "rec.dat")
    (inside / "rec.dat").symlink_to(outside / "rec.dat")
    with pytest.raises(FormatError, match="link that leaves the folder"):
        read(path)
    (inside / "rec.dat").unlink()
    (outside / "rec.dat").rename(inside / "real.dat")
    (inside / "rec.dat").symlink_to("real.dat")
    assert read(path).seconds == 10.0
    (tmp_path / "linked").symlink_to(inside)  # the folder itself may be a link
    assert read(tmp_path / "linked" / "rec").seconds == 10.0


def test_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    path = write_16(tmp_path, grid())
    (tmp_path / "rec.dat").unlink()
    os.mkfifo(tmp_path / "rec.dat")
    with pytest.raises(FormatError, match="is not there"):
        read(path)
    os.mkfifo(tmp_path / "pipe.hea")
    with pytest.raises(InputError, match="no such record"):
        read(tmp_path / "pipe.hea")


def test_a_claim_of_two_gigabytes_costs_no_memory(tmp_path: Path) -> None:
    path = write_16(tmp_path, grid())
    path.write_text(path.read_text().replace("500 5000", "500 90000000"))
    tracemalloc.start()
    with pytest.raises(FormatError):
        read(path)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 4_000_000


def test_a_real_file_too_long_for_one_array_is_sent_to_windows(tmp_path: Path) -> None:
    path = write_16(tmp_path, grid())
    with (tmp_path / "rec.dat").open("r+b") as stream:
        stream.truncate(2 * 12 * 90_000_000)  # a sparse file: as long as claimed, nothing on disk
    path.write_text(path.read_text().replace("500 5000", "500 90000000"))
    with pytest.raises(FormatError, match="read_windows"):
        read(path)
    assert wfdb_header.MAX_VALUES < 12 * 90_000_000


_BITS = [
    *("0", "-1", "9" * 12, "1e308", "nan", "inf", "/", "..", "~", "(", ")", "x", ":", "+", "\n", " ", "#", "\t", "µ"),
    *("16x2", "212", "516", "8", "310", "rec", "rec/1", "%s", "\x1c", "0x10", "1_0", "٣", "2147483648", "-32768"),
]


def _mutated(text: str, random: np.random.Generator) -> str:
    for _ in range(random.integers(1, 5)):
        start = int(random.integers(0, len(text) + 1))
        length = int(random.integers(0, 8)) if random.random() < 0.8 else int(random.integers(0, 200))
        piece = _BITS[random.integers(len(_BITS))] if random.random() < 0.7 else chr(int(random.integers(1, 400)))
        text = text[:start] + piece + text[start + length :]
    return text


def test_mutated_header_texts_raise_nothing_but_our_errors(tmp_path: Path) -> None:
    plain = write_16(tmp_path, grid(seconds=0.5)[:4], ("I", "II", "V1", "V2"), comments="# Age: 61\n").read_text()
    random, well = rng("mutated texts"), 0
    for _ in range(5000):
        try:
            header = wfdb_header.parse_header(_mutated(plain, random), "rec.hea")
        except EcgError as error:
            assert "rec.hea" in str(error)
            assert "\n" not in str(error)
        else:
            well += 1
            assert 20 <= header.rate_hz <= 50_000
            assert all(signal.gain != 0 and np.isfinite(signal.gain) for signal in header.signals)
    assert 500 < well < 4500  # both ways were walked


def test_records_of_mutated_headers_raise_nothing_but_our_errors(tmp_path: Path) -> None:
    path = write_16(tmp_path, grid(seconds=0.5)[:4], ("I", "II", "V1", "V2"), comments="# Age: 61\n# Sex: F\n")
    plain = path.read_text()
    seeds = [
        plain,
        plain.replace("dat 16", "dat 212"),
        plain.replace("dat 16", "dat 16x2").replace(" 500 250", " 250 125"),
    ]
    seeds.append("top/2 4 500 250\nrec 250\n~ 0\n")
    random, well = rng("mutated records"), 0
    for run in range(800):
        target = tmp_path / f"run{run}.hea"
        target.write_text(_mutated(seeds[run % 4], random), encoding="utf-8", errors="replace")
        try:
            ecg = read(target)
        except EcgError as error:
            assert str(error)
            assert "\n" not in str(error)
        else:
            well += 1
            assert np.isfinite(ecg.signal_mv).all()
    assert 50 < well < 750
