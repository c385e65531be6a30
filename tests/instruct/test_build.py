"""`build` on a small made archive: what comes out, that it resumes with equal bytes, what it says of broken parts."""

import csv
import hashlib
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import InputError, JobError
from einthoven.core.reading import read_options
from einthoven.core.sample import Sample
from einthoven.core.seen import patient_key
from einthoven.instruct.build import build
from einthoven.instruct.order import GIVES, OF_A_PAIR, OF_ONE, Order, made_shards
from einthoven.instruct.pages import draw_pages
from einthoven.instruct.published import mix
from einthoven.instruct.records import write_records
from einthoven.records.read import read
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from einthoven.render.settings import Settings

COLUMNS = ("ecg_id", "patient_id", "age", "sex", "recording_date", "report", "scp_codes", "strat_fold", "filename_hr",
           "baseline_drift", "static_noise", "burst_noise", "electrodes_problems", "infarction_stadium1",
           "infarction_stadium2", "extra_beats", "heart_axis", "pacemaker")  # fmt: skip
MADE = ("NORM", "AFIB", "CLBBB", "IMI", "LVH", "NORM", "1AVB", "STACH")
SMALL = Order(samples=1)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight recordings of six patients in PTB-XL's layout: two of one patient, one in each of valid and test."""
    root = tmp_path_factory.mktemp("data")
    folder = root / "ptbxl"
    (folder / "records500" / "00000").mkdir(parents=True)
    with (folder / "ptbxl_database.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number, code in enumerate(MADE, start=1):
            name = f"{number:05d}_hr"
            write_wfdb(simulate([code], seed=number).ecg, folder / "records500" / "00000", name)
            codes = f"{{'{code}': 100.0{', ' + repr('SR') + ': 0.0' if code in ('NORM', 'IMI') else ''}}}"
            fold = {7: "9", 8: "10"}.get(number, "3")
            patient = max(1, number - 2)
            writer.writerow((number, f"{patient}.0", "56.0", "1", f"1990-11-{number:02d} 09:17:34", "x", codes, fold,
                             f"records500/00000/{name}", *[""] * 9))  # fmt: skip
    return root


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A set of a thousand samples: the archive, and simulated recordings."""
    out = tmp_path_factory.mktemp("set")
    return out, build("ecginstruct", root, out, Order(samples=1000), workers=0)


def _lines(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(out.glob("*.jsonl")) for line in path.read_text().splitlines()]


def test_the_lines_are_samples_of_the_contract(built: tuple[Path, dict[str, Any]]) -> None:
    out, manifest = built
    lines = _lines(out)
    assert len(lines) == manifest["samples"] >= 900
    assert len({line["id"] for line in lines}) == len(lines)
    keys = {"id", "source", "split", "patient", "ecgs", "turns", "category", "type", "template", "options", "answer",
            "severity"}  # fmt: skip
    for line in lines:
        assert keys <= set(line)
        sample = Sample.from_json(line)
        assert [turn.role for turn in sample.turns] == ["user", "assistant"] * (len(sample.turns) // 2)


def test_every_gold_answer_is_read_back(built: tuple[Path, dict[str, Any]]) -> None:
    for line in _lines(built[0]):
        sample = Sample.from_json(line)
        if sample.options is not None:
            gold = sample.answer if isinstance(sample.answer, tuple) else (sample.answer,)
            assert read_options(sample.turns[-1].text, sample.options, sample.pick) == gold, line["id"]


def test_nothing_is_asked_twice_and_no_real_recording_too_often(built: tuple[Path, dict[str, Any]]) -> None:
    often: Counter[str] = Counter()
    seen = set()
    for line in _lines(built[0]):
        place = (*line["ecgs"], line["template"].partition(":")[0] if len(line["ecgs"]) > 1 else "", line["key"])
        assert place not in seen
        seen.add(place)
        often.update(set(line["ecgs"]))
    real = {ecg: count for ecg, count in often.items() if ecg.startswith("ptbxl/")}
    assert len(real) == len(MADE)
    assert max(real.values()) <= OF_ONE + 4 * OF_A_PAIR


def test_patients_keep_to_their_split_and_the_manifest_names_them_by_hash_only(
    built: tuple[Path, dict[str, Any]],
) -> None:
    out, manifest = built
    splits: dict[str, set[str]] = {}
    for line in _lines(out):
        for patient in line["patient"] if isinstance(line["patient"], list) else [line["patient"]]:
            splits.setdefault(patient_key(line["source"], patient), set()).add(line["split"])
    assert all(len(found) == 1 for found in splits.values())
    for split, keys in manifest["patients"].items():
        assert keys == sorted(key for key, found in splits.items() if found == {split})
    assert patient_key("ptbxl", "5") in manifest["patients"]["valid"]


def test_the_manifest_counts_what_is_there(built: tuple[Path, dict[str, Any]]) -> None:
    out, manifest = built
    lines = _lines(out)
    for name, counts in manifest["counts"].items():
        assert counts == dict(sorted(Counter(str(line[name]) for line in lines).items()))
    for name, file in manifest["files"].items():
        data = (out / name).read_bytes()
        assert file == {"samples": data.count(b"\n"), "sha256": hashlib.sha256(data).hexdigest()}
    assert manifest["asked"] == {"recipe": "ecginstruct", **asdict(Order(samples=1000))}
    assert {path.name for path in out.glob("*.jsonl")} == set(manifest["files"])
    assert any(note.startswith("mimic_iv_ecg: not here") for note in manifest["notes"])
    planned = sum(cell["planned"] for cell in manifest["cells"])
    assert planned == pytest.approx(1000, abs=12)
    assert all(cell.get("short", 1) > 0 for cell in manifest["cells"])


def _bytes(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


def test_a_set_that_was_cut_short_is_finished_with_equal_bytes(
    built: tuple[Path, dict[str, Any]], root: Path, tmp_path: Path
) -> None:
    out, _ = built
    for path in out.iterdir():
        if path.name not in ("train-00001.jsonl", "valid-00000.jsonl", "manifest.json"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    build("ecginstruct", root, tmp_path, Order(samples=1000), workers=2)
    assert _bytes(tmp_path) == _bytes(out)


def test_another_order_in_the_same_folder_is_refused(built: tuple[Path, dict[str, Any]], root: Path) -> None:
    with pytest.raises(JobError, match="built with another seed"):
        build("ecginstruct", root, built[0], Order(samples=1000, seed=1))


@pytest.mark.parametrize("sampling", ["naive", "independent", "matched"])
def test_the_debiased_recipe_asks_single_findings_only(sampling: Any, root: Path, tmp_path: Path) -> None:
    manifest = build("debiased", root, tmp_path, Order(sampling=sampling), workers=0)
    for line in _lines(tmp_path):
        assert line["about"] is not None and line["options"] == ["yes", "no"]
        assert set(line["severity"]) == {"s", "s_without"}
    assert {"I(Q;S)", "I(Q;S')"} <= set(manifest["confounding"])


def test_a_recording_that_cannot_be_read_is_told_and_the_rest_is_built(root: Path, tmp_path: Path) -> None:
    import shutil

    broken = tmp_path / "data"
    shutil.copytree(root, broken)
    (broken / "ptbxl" / "records500" / "00000" / "00003_hr.dat").write_bytes(b"x")
    manifest = build("ecginstruct", broken, tmp_path / "set", SMALL, workers=0)
    assert manifest["left_out_count"] == 1
    assert manifest["left_out"][0]["id"] == "ptbxl-3"
    assert "00003_hr" in manifest["left_out"][0]["error"]
    assert not any("00003_hr" in ecg for line in _lines(tmp_path / "set") for ecg in line["ecgs"])


def test_what_cannot_be_built_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for recipe, folder, words in (
        ("nope", tmp_path, "recipe 'nope' is not known"),
        ("ecginstruct", tmp_path / "absent", "no such folder"),
        ("ecginstruct", tmp_path / "empty", "holds no dataset"),
    ):
        with pytest.raises(InputError, match=words):
            build(recipe, folder, tmp_path / "out", SMALL)
    mistakes: tuple[dict[str, Any], ...] = ({"samples": 0}, {"sampling": "random"}, {"seed": -1})
    for wrong in mistakes:
        with pytest.raises(InputError):
            Order(**wrong)
    assert not (tmp_path / "out").exists()


def test_simulated_recordings_are_divided_and_never_alike() -> None:
    shards = list(made_shards(60_000, mix(["ptbxl"]), 0))
    made = [want.of for shard in shards for want in shard.wants]
    assert len({one.id for one in made}) == len(made) == -(-60_000 // GIVES)
    counts = Counter(shard.split for shard in shards for _ in shard.wants)
    assert counts["train"] / len(made) == pytest.approx(0.8, abs=0.01)


def test_harder_questions_are_added_to_valid_and_test_only(root: Path, tmp_path: Path) -> None:
    build("ecginstruct", root, tmp_path, Order(samples=600, adversarial=True), workers=0)
    harder = Counter(line["split"] for line in _lines(tmp_path) if "~" in line["key"])
    assert harder["train"] == 0 < harder["valid"] < 200
    assert harder["test"] > 0


def test_simulated_recordings_are_written_as_they_were_asked_about(root: Path, tmp_path: Path) -> None:
    order = Order(samples=560)
    build("ecginstruct", root, tmp_path, order, workers=0)
    count = write_records("ecginstruct", root, tmp_path, order, workers=0)
    named = {ecg for line in _lines(tmp_path) for ecg in line["ecgs"] if ecg.startswith("simulated/")}
    assert count == len(named) > 0
    for ecg in named:
        assert read(tmp_path / ecg).seconds == 10.0


def test_a_set_of_ecg_qa_has_lines_of_the_same_form(root: Path, tmp_path: Path) -> None:
    manifest = build("ecgqa", root, tmp_path, Order(), workers=0)
    lines = _lines(tmp_path)
    assert len(lines) == manifest["samples"] > 0
    assert {"id", "source", "split", "patient", "ecgs", "turns", "category", "type", "template", "options", "answer",
            "severity"} <= set(lines[0])  # fmt: skip
    for line in lines[::7]:
        sample = Sample.from_json(line)
        assert all((root / f"{ecg}.hea").is_file() for ecg in sample.ecgs)
        gold = sample.answer if isinstance(sample.answer, tuple) else (sample.answer,)
        assert sample.options is not None
        assert read_options(sample.turns[-1].text, sample.options, sample.pick) == gold
    assert manifest["short"], "eight recordings do not fill seventy templates, and the manifest says which are short"


def test_pages_are_drawn_and_the_set_is_told_over_them(root: Path, tmp_path: Path) -> None:
    order = Order(samples=520, page=True)
    manifest = build("ecginstruct", root, tmp_path, order, workers=0)
    write_records("ecginstruct", root, tmp_path, order, workers=0)
    shards = [name.removesuffix(".jsonl") for name in manifest["files"]]
    count = draw_pages(root, tmp_path, shards, Settings(preset="clean", dpi=50), workers=0)
    assert count == len({ecg for line in _lines(tmp_path) for ecg in line["ecgs"]})
    told = [line for shard in shards for line in json.loads((tmp_path / "llava" / f"{shard}.json").read_bytes())]
    assert len(told) == manifest["samples"]
    for line in told:
        images = [line["image"]] if isinstance(line["image"], str) else line["image"]
        assert all((tmp_path / image).is_file() for image in images)
        assert sum(turn["value"].count("<image>") for turn in line["conversations"]) == len(images)
