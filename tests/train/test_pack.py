"""A pack holds what the dataset holds, patients stay in one fold, and damage is told."""

import json
import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.records.datasets import load_dataset
from einthoven.records.read import read
from einthoven.records.write import write_wfdb
from einthoven.runtime.arrays import tower_input, twelve_from_eight
from einthoven.train.calibrate import packed_ecg
from einthoven.train.pack import CALIBRATION_FOLDS, FOLDS, TRAIN_FOLDS, UV_PER_MV, Pack, make_pack, open_pack


def test_a_packed_recording_is_what_the_model_reads_from_the_file(data: Path, pack: Pack) -> None:
    rows = {row.id: row for row in load_dataset("ptbxl").load(data / "ptbxl")}
    assert len(rows) == len(pack.rows) == len(pack.signal_N8S)
    for place in range(0, len(pack.rows), 7):
        expected = tower_input(read(rows[pack.rows[place]["id"]].path))
        packed = twelve_from_eight(pack.signal_N8S[place].astype(np.float32) / UV_PER_MV)
        eight = [0, 1, *range(6, 12)]
        assert np.abs(packed - expected.x_LS)[eight].max() < 1e-3, "whole microvolt"
        assert np.abs(packed - expected.x_LS).max() < 0.02, "the median of III is not that of II minus that of I"
        asked = tower_input(packed_ecg(pack, place))
        assert np.abs(asked.x_LS - expected.x_LS).max() < 3e-3
        assert asked.mask_L.tolist() == [1.0] * 12


def test_labels_and_splits_are_those_of_the_tables(data: Path, pack: Pack) -> None:
    for row, packed in zip(load_dataset("ptbxl").load(data / "ptbxl"), pack.rows, strict=True):
        assert (packed["id"], packed["patient"], packed["split"]) == (row.id, row.patient, row.split)
        assert packed["labels"] == row.labels


def test_no_patient_is_in_two_folds_or_splits(pack: Pack) -> None:
    folds: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for row in pack.rows:
        folds[row["patient"]].add((row["fold"], row["split"]))
    assert len(folds) < len(pack.rows), "some patients have two recordings"
    assert all(len(places) == 1 for places in folds.values())


def test_the_folds_of_training_and_calibration_share_nothing_and_lack_nothing(pack: Pack) -> None:
    assert sorted([*CALIBRATION_FOLDS, *TRAIN_FOLDS]) == list(range(FOLDS))
    learned, calibrated = pack.where("train", TRAIN_FOLDS), pack.where("train", CALIBRATION_FOLDS)
    assert len(learned)
    assert len(calibrated)
    assert sorted([*learned, *calibrated]) == pack.where("train").tolist()
    assert {pack.rows[place]["split"] for place in learned} == {"train"}
    assert not {pack.rows[i]["patient"] for i in learned} & {pack.rows[i]["patient"] for i in calibrated}
    assert {row["split"] for row in pack.rows} == {"train", "valid", "test"}


@pytest.fixture(scope="module")
def pack_folder(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs") / "pack"
    make_pack(data, folder)
    return folder


@pytest.fixture
def folder(pack_folder: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(pack_folder, tmp_path / "pack"))


def test_a_pack_can_be_carried_elsewhere(folder: Path, pack: Pack) -> None:
    again = open_pack(folder)
    assert np.array_equal(again.signal_N8S, pack.signal_N8S)
    assert again.rows == pack.rows


def test_a_missing_piece_is_named(folder: Path) -> None:
    (folder / "piece-00.safetensors").unlink()
    with pytest.raises(InputError, match=r"piece-00\.safetensors: this piece of the pack is missing"):
        open_pack(folder)


def test_a_piece_outside_of_the_pack_is_not_opened(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / "piece-00.safetensors", tmp_path / "outside.safetensors")
    about = json.loads((folder / "pack.json").read_text())
    (folder / "pack.json").write_text(json.dumps(about | {"pieces": ["../outside.safetensors"]}))
    with pytest.raises(InputError, match="missing"):
        open_pack(folder)


@pytest.mark.parametrize("damage", ["no json", "no rows", "fewer rows", "cut piece"])
def test_a_damaged_pack_is_told_in_one_line(folder: Path, damage: str) -> None:
    path, piece = folder / "pack.json", folder / "piece-00.safetensors"
    about = json.loads(path.read_text())
    if damage == "no json":
        path.write_text("{")
    elif damage == "no rows":
        path.write_text(json.dumps({"pieces": about["pieces"]}))
    elif damage == "fewer rows":
        path.write_text(json.dumps(about | {"rows": about["rows"][1:]}))
    else:
        piece.write_bytes(piece.read_bytes()[:-10])
    with pytest.raises(InputError, match="this pack is damaged") as caught:
        open_pack(folder)
    assert "\n" not in str(caught.value)


def test_what_is_no_pack_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no pack\.json"):
        open_pack(tmp_path)


def test_a_recording_that_lacks_a_lead_is_left_out_and_counted(data: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(data, tmp_path / "data"))
    path = root / "ptbxl" / "records500" / "00000" / "00007_hr.hea"
    ecg = read(path)
    rows = [row for row, lead in enumerate(ecg.leads) if lead != "V3"]
    cut = replace(ecg, signal_mv=ecg.signal_mv[rows].copy(), leads=tuple(ecg.leads[row] for row in rows))
    write_wfdb(cut, path.parent, "00007_hr")
    made = make_pack(root, tmp_path / "pack")
    assert "7" not in {row["id"] for row in made.rows}
    assert json.loads((tmp_path / "pack" / "pack.json").read_text())["left_out"] == 1
