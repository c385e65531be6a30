"""What is written is read back exactly, also by the `wfdb` package."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import wfdb

from einthoven.core.ecg import Ecg, Person
from einthoven.core.errors import EcgError, InputError, UnitError
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.records.read import read
from einthoven.records.write import write_wfdb
from tests.records.make import toy


@pytest.mark.parametrize("rate_hz", [500.0, 100.0, 257.5, 1000 / 3])
def test_a_record_comes_back_exactly(rate_hz: float, tmp_path: Path) -> None:
    ecg = replace(
        toy(rate_hz),
        recorded_at=datetime(1988, 4, 28, 5, 39, 49),
        person=Person("17", 61.5, "female"),
    )
    path = write_wfdb(ecg, tmp_path, "toy_1")
    found = read(path)
    np.testing.assert_array_equal(found.signal_mv, ecg.signal_mv)
    assert (found.leads, found.rate_hz, found.recorded_at) == (ecg.leads, rate_hz, ecg.recorded_at)
    assert found.person == Person(None, 61.5, "female")
    witness = wfdb.rdrecord(str(tmp_path / "toy_1"))
    np.testing.assert_allclose(witness.p_signal.T, ecg.signal_mv, atol=1e-6)
    assert (witness.sig_name, witness.sig_len) == (list(TWELVE), ecg.signal_mv.shape[1])
    assert witness.checksum == wfdb.rdrecord(str(tmp_path / "toy_1"), physical=False).calc_checksum()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["toy_1.dat", "toy_1.hea"]


def test_the_grid_is_as_fine_as_the_values_allow(tmp_path: Path) -> None:
    signal = rng("fine").uniform(-1, 1, (3, 4000)).astype(np.float32) * np.array([[1.9], [8.0], [32.7]], np.float32)
    found = read(write_wfdb(Ecg(signal, ("V1", "V2", "V3"), 500.0), tmp_path, "rec"))
    step_mv = np.array([1 / 16000, 1 / 4000, 1 / 1000])
    assert (np.abs(found.signal_mv - signal).max(axis=1) <= step_mv / 2 * 1.01).all()


def test_what_does_not_fit_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnitError, match=r"reaches 40 mV; format 16 holds up to 32\.767 mV"):
        write_wfdb(Ecg(np.full((1, 9), 40, np.float32), ("I",), 500.0), tmp_path, "rec")
    for name in ("", "../rec", "a/b", "a b", "a.b", "é", "http://x"):
        with pytest.raises(InputError, match="cannot name a record"):
            write_wfdb(toy(), tmp_path, name)
    with pytest.raises(EcgError, match="cannot be written"):
        write_wfdb(toy(), tmp_path / "absent", "rec")
    assert list(tmp_path.iterdir()) == []
