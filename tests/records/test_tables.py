"""CSV, NumPy and MATLAB tables: what they do not say must be stated; bombs and pickles are refused unread."""

import io
import json
import pickle
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from einthoven.core.errors import FormatError, InputError, LeadError, UnitError
from einthoven.core.leads import TWELVE
from einthoven.records.formats import mat
from einthoven.records.read import read
from tests.records.make import grid


def _text(table: np.ndarray, separator: str = ",", head: str = "") -> str:
    return head + "\n".join(separator.join(f"{value:.4f}" for value in row) for row in table) + "\n"


def _read_text(folder: Path, text: str, name: str = "a.csv") -> np.ndarray:
    (folder / name).write_text(text)
    return read(folder / name, 500, "mV").signal_mv


def test_a_rate_or_unit_that_nobody_states_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_text(grid().T))
    with pytest.raises(UnitError, match=r"pass --rate HZ --unit mV, or write a.json"):
        read(tmp_path / "a.csv")
    with pytest.raises(UnitError, match="pass --unit mV"):
        read(tmp_path / "a.csv", rate_hz=500)
    with pytest.raises(UnitError, match="pass --rate HZ,"):
        read(tmp_path / "a.csv", unit="mV")
    with pytest.raises(UnitError, match="'kV' is not a voltage"):
        read(tmp_path / "a.csv", 500, "kV")
    with pytest.raises(UnitError, match="rate"):
        read(tmp_path / "a.csv", 5e9, "mV")


def test_a_sidecar_states_them(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.rint(grid()[[1, 6]] * 1000).astype(np.int16))
    sidecar = tmp_path / "a.json"
    sidecar.write_text(json.dumps({"rate_hz": 500, "unit": "uV", "leads": ["ii", "C1"], "note": "ours"}))
    ecg = read(tmp_path / "a.npy")
    assert (ecg.leads, ecg.rate_hz) == (("II", "V1"), 500.0)
    np.testing.assert_allclose(ecg.signal_mv, grid()[[1, 6]], atol=1e-6)
    sidecar.write_text('{"leads": ["II", "V1"]}')
    assert read(tmp_path / "a.npy", 500, "uV").leads == ("II", "V1")
    for bad in ("{", "[1]", '{"rate_hz": "fast", "unit": "mV"}', '{"leads": 3}', "[" * 60_000):
        sidecar.write_text(bad)
        with pytest.raises(InputError, match=r"a\.json: must read like"):
            read(tmp_path / "a.npy", 500, "uV")


@pytest.mark.parametrize("separator", [",", ";", "\t", " ", "  ", ", "])
def test_separators_headers_comments_and_both_ways_round(separator: str, tmp_path: Path) -> None:
    names = ["V6", *(lead.lower() for lead in TWELVE[:11])]
    shuffled = grid(seconds=2)[[11, *range(11)]].T
    text = "# exported\n" + _text(shuffled, separator, separator.join(names) + "\n")
    np.testing.assert_allclose(_read_text(tmp_path, text), grid(seconds=2), atol=1e-6)
    np.testing.assert_allclose(_read_text(tmp_path, _text(grid(seconds=2).T, separator)), grid(seconds=2), atol=1e-6)
    np.testing.assert_allclose(_read_text(tmp_path, _text(grid(seconds=2), separator)), grid(seconds=2), atol=1e-6)


def test_decimal_commas_byte_order_marks_and_windows_line_ends(tmp_path: Path) -> None:
    text = ";".join(TWELVE) + "\r\n" + _text(grid(seconds=2).T, ";").replace(".", ",").replace("\n", "\r\n")
    np.testing.assert_allclose(_read_text(tmp_path, "\ufeff" + text, "a.txt"), grid(seconds=2), atol=1e-6)


def test_columns_of_time_and_of_numbers_are_left_out(tmp_path: Path) -> None:
    timed = np.column_stack([np.arange(1000) / 500, grid(seconds=2).T])
    for first in ("time (s)", "Time", "", "index"):
        text = _text(timed, ",", f'{first},"' + '","'.join(f"{lead} [mV]" for lead in TWELVE) + '"\n')
        np.testing.assert_allclose(_read_text(tmp_path, text), grid(seconds=2), atol=1e-6)
    text = _text(timed, ",", "," + ",".join(map(str, range(12))) + "\n")  # as table software writes it
    np.testing.assert_allclose(_read_text(tmp_path, text), grid(seconds=2), atol=1e-6)
    text = _text(grid(seconds=2).T, ",", ",".join(map(str, range(1, 13))) + "\n")
    np.testing.assert_allclose(_read_text(tmp_path, text), grid(seconds=2), atol=1e-6)


def test_empty_cells_are_missing_values(tmp_path: Path) -> None:
    lines = _text(grid(seconds=2).T).splitlines()
    lines[10] = "NaN,," + lines[10].split(",", 2)[2]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    faults = read(tmp_path / "a.csv", 500, "mV").faults
    assert [(fault.lead, fault.kind, fault.detail[:2]) for fault in faults] == [
        ("I", "gaps bridged", "1 "),
        ("II", "gaps bridged", "1 "),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [*lines[:7], lines[7] + ",1", *lines[8:]], "line 8 has 13 fields, the first has 12"),
        (lambda lines: [*lines[:7], lines[7].replace("0", "O", 1), *lines[8:]], "line 8 holds"),
        (lambda lines: [line.rsplit(",", 1)[0] for line in lines], "table of 1000 x 11"),
        (lambda lines: ["a,b,c", *lines], "has 12 fields, the first has 3"),
        (lambda lines: ["# only this"], "no line of numbers"),
    ],
)
def test_bad_tables_are_told_by_line(change: Callable[[list[str]], list[str]], said: str, tmp_path: Path) -> None:
    lines = _text(grid(seconds=2).T).splitlines()
    with pytest.raises(InputError, match=said):
        _read_text(tmp_path, "\n".join(change(lines)))


def test_a_table_of_other_than_twelve_needs_names(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", grid()[:8])
    with pytest.raises(LeadError, match="8 x 5000; name the leads in a sidecar"):
        read(tmp_path / "a.npy", 500, "mV")
    (tmp_path / "a.json").write_text('{"leads": ["I", "II", "V1"]}')
    with pytest.raises(LeadError, match="8 x 5000; must have 3 columns"):
        read(tmp_path / "a.npy", 500, "mV")


def test_names_that_contradict_the_sidecar_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_text(grid()[:2].T, ",", "I,II\n"))
    (tmp_path / "a.json").write_text('{"leads": ["II", "I"]}')
    with pytest.raises(LeadError, match="its header names I, II, its sidecar II, I"):
        read(tmp_path / "a.csv", 500, "mV")


def test_pickled_arrays_are_never_unpickled(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]

    np.save(tmp_path / "a.npy", np.array([Trap()] * 12, dtype=object), allow_pickle=True)
    with pytest.raises(FormatError, match="Python objects"):
        read(tmp_path / "a.npy", 500, "mV")
    (tmp_path / "b.npy").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(FormatError, match="not a NumPy array file"):
        read(tmp_path / "b.npy", 500, "mV")
    assert not (tmp_path / "sprung").exists()


def _claims(shape: tuple[int, ...]) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return stream.getvalue() + b"\0" * 800


@pytest.mark.parametrize("shape", [(12, 10**9), (10**6, 10**6), (12, 5000), (0, 12), (10**30, 12)])
def test_arrays_that_claim_more_than_they_hold_cost_nothing(shape: tuple[int, ...], tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(_claims(shape))
    tracemalloc.start()
    with pytest.raises(FormatError, match="holds 800 bytes"):
        read(tmp_path / "a.npy", 500, "mV")
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "values", [np.zeros((12, 99), complex), np.zeros((12, 99), bool), np.full((12, 99), "a"), np.zeros((2, 12, 99))]
)
def test_arrays_of_another_kind_are_refused(values: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", values)
    with pytest.raises(FormatError):
        read(tmp_path / "a.npy", 500, "mV")


@pytest.mark.parametrize(
    ("name", "version", "compressed"), [("val", "5", True), ("ECG", "5", False), ("p", "4", False)]
)
def test_matlab_tables_of_either_version(name: str, version: str, compressed: bool, tmp_path: Path) -> None:
    about = {"fs": 500.0} if version == "4" else {"fs": 500.0, "note": "ours"}
    savemat(tmp_path / "a.mat", {name: grid().T, **about}, format=version, do_compression=compressed)
    np.testing.assert_allclose(read(tmp_path / "a.mat", 500, "mV").signal_mv, grid(), atol=1e-6)


def test_a_matlab_structure_as_the_2018_challenge_has_it(tmp_path: Path) -> None:
    savemat(tmp_path / "A0001.mat", {"ECG": {"sex": "Male", "age": 74, "data": grid()}})
    np.testing.assert_allclose(read(tmp_path / "A0001.mat", 500, "mV").signal_mv, grid(), atol=1e-6)


def test_matlab_files_that_hold_no_single_table(tmp_path: Path) -> None:
    savemat(tmp_path / "a.mat", {"a": grid(), "b": grid()})
    with pytest.raises(FormatError, match="holds a, b; must hold one table"):
        read(tmp_path / "a.mat", 500, "mV")
    savemat(tmp_path / "b.mat", {"cell": np.array([1, "two"], dtype=object)})
    with pytest.raises(FormatError, match="must hold one table"):
        read(tmp_path / "b.mat", 500, "mV")
    (tmp_path / "c.mat").write_bytes(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512, b" "))
    with pytest.raises(FormatError, match="save it with -v7"):
        read(tmp_path / "c.mat", 500, "mV")


def test_a_compressed_matlab_bomb_is_refused_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mat, "MAX_UNPACKED_BYTES", 32 << 20)  # the true limit takes seconds to fill
    pack = zlib.compressobj(9)
    body = b"".join(pack.compress(bytes(1 << 20)) for _ in range(40)) + pack.flush()  # 40 MB in 40 KB
    head = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x0100) + b"IM"
    (tmp_path / "a.mat").write_bytes(head + struct.pack("<II", 15, len(body)) + body)
    tracemalloc.start()
    with pytest.raises(FormatError, match="unpacks to more than"):
        read(tmp_path / "a.mat", 500, "mV")
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_rate_of_zero_is_no_rate(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_text(grid().T))
    with pytest.raises(UnitError, match="0"):
        read(tmp_path / "a.csv", 0.0, "mV")
