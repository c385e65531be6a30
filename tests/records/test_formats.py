"""What every format must do, whichever it is: one list of demands, one entry a format."""

import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from einthoven.core.ecg import Ecg
from einthoven.core.errors import EcgError, InputError, UnitError
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.records.formats import FORMATS, PICTURES, SUFFIXES
from einthoven.records.read import format_of, load_format, read
from einthoven.records.write import write_wfdb
from tests.records.make import toy
from tests.support import ROOT


def _sidecar(path: Path, ecg: Ecg) -> Path:
    path.with_suffix(".json").write_text(json.dumps({"rate_hz": ecg.rate_hz, "unit": "mV", "leads": ecg.leads}))
    return path


def _csv(ecg: Ecg, folder: Path) -> Path:
    path = folder / "toy.csv"
    np.savetxt(path, ecg.signal_mv.T, fmt="%.6f", delimiter=",", header=",".join(ecg.leads), comments="")
    return _sidecar(path, ecg)


def _npy(ecg: Ecg, folder: Path) -> Path:
    np.save(folder / "toy.npy", ecg.signal_mv)
    return _sidecar(folder / "toy.npy", ecg)


def _mat(ecg: Ecg, folder: Path) -> Path:
    savemat(folder / "toy.mat", {"val": ecg.signal_mv}, do_compression=True)
    return _sidecar(folder / "toy.mat", ecg)


WRITERS: dict[str, Callable[[Ecg, Path], Path]] = {
    "wfdb": lambda ecg, folder: write_wfdb(ecg, folder, "toy"),
    "csv": _csv,
    "npy": _npy,
    "mat": _mat,
}
each = pytest.mark.parametrize("name", FORMATS)


def test_every_format_is_tested() -> None:
    assert WRITERS.keys() == FORMATS.keys()
    assert set(SUFFIXES.values()) == FORMATS.keys()
    assert not set(SUFFIXES) & set(PICTURES)


@each
def test_signal_leads_rate_and_source_come_back(name: str, tmp_path: Path) -> None:
    ecg = toy(seconds=4.0)
    path = WRITERS[name](ecg, tmp_path)
    assert format_of(path) == name
    for found in (read(path), read(str(path)), load_format(name)(path)):
        np.testing.assert_allclose(found.signal_mv, ecg.signal_mv, atol=5.1e-4)
        assert (found.leads, found.rate_hz, found.source, found.faults) == (TWELVE, 500.0, str(path), ())


@each
def test_leads_in_any_order_give_the_same(name: str, tmp_path: Path) -> None:
    ecg = toy(seconds=4.0)
    shuffled = [TWELVE[place] for place in rng("order", name).permutation(12)]
    spelled = [
        "avr" if lead == "aVR" else lead.lower() if place % 2 else lead.upper() for place, lead in enumerate(shuffled)
    ]
    path = WRITERS[name](_unordered(ecg, shuffled, spelled), tmp_path)
    found = read(path)
    assert found.leads == TWELVE
    np.testing.assert_allclose(found.signal_mv, ecg.signal_mv, atol=5.1e-4)


def _unordered(ecg: Ecg, leads: list[str], spelled: list[str]) -> Ecg:
    """An Ecg-like object that an Ecg refuses to be: what a file in another order holds."""
    other = object.__new__(Ecg)
    vars(other).update(vars(ecg))
    vars(other).update(signal_mv=np.stack([ecg.lead(lead) for lead in leads]), leads=tuple(spelled))
    return other


@each
def test_a_rate_or_unit_that_contradicts_the_file_is_refused(name: str, tmp_path: Path) -> None:
    path = WRITERS[name](toy(seconds=4.0), tmp_path)
    assert read(path, rate_hz=500.0, unit="mV").rate_hz == 500.0
    with pytest.raises(UnitError, match=r"500 Hz.*250 Hz"):
        read(path, rate_hz=250.0)
    with pytest.raises(UnitError, match="uV"):
        read(path, unit="uV")


@each
def test_an_absent_file_is_named(name: str, tmp_path: Path) -> None:
    suffix = next(suffix for suffix, format_name in SUFFIXES.items() if format_name == name)
    with pytest.raises(InputError, match=re.escape(f"{tmp_path / 'absent'}{suffix}")):
        read(tmp_path / f"absent{suffix}", 500.0, "mV")


@each
def test_a_text_file_an_empty_file_and_a_pickle_are_refused_in_one_line(name: str, tmp_path: Path) -> None:
    suffix = next(suffix for suffix, format_name in SUFFIXES.items() if format_name == name)
    for content in (
        b"Dear colleague, please find enclosed\nthe ECG of yesterday.\n",
        b"",
        pickle.dumps({"a": [1] * 99}),
    ):
        path = tmp_path / f"bad{suffix}"
        path.write_bytes(content)
        with pytest.raises(InputError) as caught:
            read(path, 500.0, "mV")
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


@each
def test_damaged_files_raise_nothing_but_our_errors(name: str, tmp_path: Path) -> None:
    good = WRITERS[name](toy(seconds=1.0), tmp_path)
    content = good.read_bytes()
    random = rng("damage", name)
    for _ in range(150):
        damaged = bytearray(content)
        for place in random.integers(0, min(len(content), 400), random.integers(1, 6)):
            damaged[place] = random.integers(256)
        good.unlink()  # a file made anew is written far faster than one cut and refilled
        good.write_bytes(damaged[: random.integers(1, len(damaged))] if random.random() < 0.3 else damaged)
        try:
            assert np.isfinite(read(good, 500.0, "mV").signal_mv).all()
        except EcgError as error:
            assert "\n" not in str(error)


@each
def test_no_value_at_all_is_refused(name: str, tmp_path: Path) -> None:
    ecg = toy(seconds=2.0)
    dead = _unordered(ecg, list(TWELVE), list(TWELVE))
    vars(dead)["signal_mv"] = np.full_like(ecg.signal_mv, 0.0 if name == "wfdb" else np.nan)
    with pytest.raises(InputError, match="no lead holds a signal"):
        read(WRITERS[name](dead, tmp_path))


def test_reading_loads_no_heavy_library_before_it_is_needed() -> None:
    heavy = "{'scipy', 'wfdb', 'soundfile', 'PIL', 'pandas', 'torch', 'cv2'}"
    code = f"import sys, einthoven.records.read, einthoven.records.datasets; print({heavy} & sys.modules.keys())"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_a_picture_an_address_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    for name in ("page.png", "page.JPG", "page.pdf"):
        with pytest.raises(InputError, match="is a picture; use read_page"):
            read(tmp_path / name)
    for address in ("http://example.org/rec.hea", "s3://bucket/rec", "a\0b.csv"):
        with pytest.raises(InputError, match="local files"):
            read(address)
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="is a folder"):
        read(".")


def test_a_file_without_a_known_suffix_is_told_by_its_content(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", toy(seconds=2.0).signal_mv)
    (tmp_path / "a.npy").rename(tmp_path / "a.bin")
    assert read(tmp_path / "a.bin", 500.0, "mV").leads == TWELVE
    (tmp_path / "b.bin").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(InputError, match="is a picture"):
        read(tmp_path / "b.bin")


def test_the_example_of_the_page_on_formats_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "add-a-format.md").read_text()
    code = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(code) == 1
    monkeypatch.chdir(tmp_path)
    exec(compile(code[0], "add-a-format.md", "exec"), {"__name__": "toy"})  # noqa: S102
