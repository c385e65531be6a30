"""ECGs that hold nothing to read, as files."""

from pathlib import Path

import numpy as np
import pytest

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, JobError
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.evaluate.audit.controls import NOISES, Controls, flat_ecg, lead_order, noise_ecg, write_controls
from einthoven.records.read import read
from einthoven.records.write import write_wfdb


def _record(folder: Path, name: str, leads: tuple[str, ...] = TWELVE) -> str:
    signal_mv = rng("test", name).normal(0, 0.3, (len(leads), 1000)).round(3).astype(np.float32)
    write_wfdb(Ecg(signal_mv, leads, 500.0), folder, name)
    return str(folder / name)


def test_flat_is_nothing_for_ten_seconds_and_no_recording_to_read(tmp_path: Path) -> None:
    ecg = flat_ecg()
    assert (ecg.leads, ecg.seconds, ecg.rate_hz) == (TWELVE, 10.0, 500.0)
    assert not ecg.signal_mv.any()
    controls = Controls(tmp_path)
    write_controls([], controls)
    with pytest.raises(InputError, match="no lead holds a signal"):
        read(controls.flat)


@pytest.mark.parametrize("name", NOISES)
def test_noise_has_its_size_and_band_and_keeps_the_relations_of_limb_leads(tmp_path: Path, name: str) -> None:
    controls = Controls(tmp_path)
    write_controls([], controls)
    ecg = read(controls.noise(name))
    assert (ecg.leads, ecg.seconds, ecg.rate_hz, ecg.faults) == (TWELVE, 10.0, 500.0, ())
    for lead in ("I", "II", "V1", "V6"):
        assert ecg.lead(lead).std() == pytest.approx(0.1, abs=1e-3)
    np.testing.assert_allclose(ecg.lead("III"), ecg.lead("II") - ecg.lead("I"), atol=2e-3)
    np.testing.assert_allclose(ecg.lead("aVR"), -(ecg.lead("I") + ecg.lead("II")) / 2, atol=2e-3)
    power = np.abs(np.fft.rfft(ecg.lead("V2"))) ** 2
    frequency = np.fft.rfftfreq(5000, 1 / 500)
    low, high = NOISES[name]
    assert power[(frequency < low) | (frequency > high)].sum() < 1e-3 * power.sum()
    assert abs(np.corrcoef(ecg.lead("V1"), ecg.lead("V2"))[0, 1]) < 0.2


def test_seeds_make_other_noise_in_other_files(tmp_path: Path) -> None:
    here, there = Controls(tmp_path, 0), Controls(tmp_path, 1)
    assert here.noise("noise-band") != there.noise("noise-band")
    assert not np.allclose(noise_ecg("noise-band", 0).signal_mv, noise_ecg("noise-band", 1).signal_mv)
    np.testing.assert_array_equal(noise_ecg("noise-band", 0).signal_mv, noise_ecg("noise-band", 0).signal_mv)


@pytest.mark.parametrize("count", [2, 3, 8, 12])
def test_no_lead_keeps_its_name_and_none_is_lost(count: int) -> None:
    order = lead_order(count, 0)
    assert sorted(order) == list(range(count))
    assert all(here != there for here, there in enumerate(order))
    assert lead_order(count, 0) == order
    assert len({tuple(lead_order(12, seed)) for seed in range(5)}) == 5


def test_permuted_leads_are_the_same_signals_under_other_names(tmp_path: Path) -> None:
    path = _record(tmp_path, "one")
    controls = Controls(tmp_path / "ecgs")
    assert write_controls([path], controls) == {}
    before, after = read(path), read(controls.permuted(path))
    assert after.leads == before.leads
    for name, source in zip(TWELVE, lead_order(12, 0), strict=True):
        np.testing.assert_allclose(after.lead(name), before.signal_mv[source], atol=1e-3)


def test_files_are_written_once(tmp_path: Path) -> None:
    path, controls = _record(tmp_path, "one"), Controls(tmp_path / "ecgs")
    write_controls([path, path], controls)
    files = {file: file.stat().st_mtime_ns for file in (tmp_path / "ecgs").rglob("*.*")}
    assert len(files) == 2 * (1 + len(NOISES) + 1)
    other = _record(tmp_path, "two")
    write_controls([path, other], controls)
    assert all(file.stat().st_mtime_ns == when for file, when in files.items())
    assert read(controls.permuted(other)).leads == TWELVE


def test_equal_names_in_two_folders_have_two_files(tmp_path: Path) -> None:
    controls = Controls(tmp_path)
    assert controls.permuted("a/x") != controls.permuted("b/x")
    assert Path(controls.permuted("a/x y.csv")).name.startswith("x-y-")


def test_what_has_no_leads_to_permute_is_named_and_costs_nothing_else(tmp_path: Path) -> None:
    single, good, absent = _record(tmp_path, "single", ("II",)), _record(tmp_path, "good"), str(tmp_path / "absent")
    controls = Controls(tmp_path / "ecgs")
    refused = write_controls([single, absent, good], controls)
    assert set(refused) == {single, absent}
    assert "two or more" in refused[single]
    assert "no such record" in refused[absent]
    assert read(controls.permuted(good)).leads == TWELVE


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JobError, match="file"):
        write_controls([], Controls(tmp_path / "file" / "ecgs"))
