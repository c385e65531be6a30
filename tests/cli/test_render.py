"""`einthoven render` as people and programs call it; every wrong use is one line and leaves nothing behind."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from einthoven.core.leads import TWELVE
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from tests.cli.conftest import Einthoven

LAYOUTS = ("3x4", "3x4+II", "3x4+3", "6x2", "6x2+II", "12x1", "4x3", "cabrera")
PRESETS = ("clean", "scan", "photo", "photo-bad", "fax", "ecginstruct")
SMALL = ("--dpi", "50")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A good record `rec`."""
    return write_wfdb(simulate([], seed=3, seconds=10.0, rate_hz=250.0).ecg, tmp_path, "rec")


def _run(einthoven: Einthoven, *words: object) -> None:
    run = einthoven("render", *words)
    assert (run.code, run.out, run.err) == (0, "", ""), "a page says nothing"


def _seen(path: Path) -> tuple[str | None, NDArray[np.uint8]]:
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return image.format, np.array(image)


def _truth(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.read_bytes())
    return truth


@pytest.mark.parametrize(("suffix", "form"), [("png", "PNG"), ("jpg", "JPEG"), ("jpeg", "JPEG")])
def test_a_page_with_its_truth_and_mask(einthoven: Einthoven, record: Path, suffix: str, form: str) -> None:
    folder = record.parent / "made"
    page, truth, mask = folder / f"page.{suffix}", folder / "t" / "truth.json", folder / "mask.png"
    _run(einthoven, record, page, "--truth", truth, "--mask", mask, "--layout", "6x2", "--dpi", "100")
    found, pixels = _seen(page)
    assert (found, pixels.shape) == (form, (850, 1100, 3))
    said = _truth(truth)
    assert (said["layout"], said["picture_px"], said["settings"]["asked"]["dpi"]) == ("6x2", [1100, 850], 100.0)
    assert [lead["name"] for lead in said["leads"]][:4] == ["I", "V1", "II", "V2"]
    label = _seen(mask)[1]
    assert label.shape == (850, 1100) and set(np.unique(label)) == set(range(13))
    assert {path.name for path in folder.rglob("*")} == {page.name, "t", "truth.json", "mask.png"}


def test_the_same_command_gives_the_same_bytes_and_another_seed_others(einthoven: Einthoven, record: Path) -> None:
    pages = []
    for number, seed in enumerate((4, 4, 5)):
        _run(einthoven, record, record.with_name(f"{number}.png"), *SMALL, "--preset", "photo", "--seed", seed)
        pages.append(record.with_name(f"{number}.png").read_bytes())
    assert pages[0] == pages[1] != pages[2]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_of_the_contract_is_known(einthoven: Einthoven, record: Path, layout: str) -> None:
    truth = record.with_name("truth.json")
    _run(einthoven, record, record.with_name("page.png"), *SMALL, "--layout", layout, "--truth", truth)
    said = _truth(truth)
    assert said["layout"] == layout
    leads = [lead["name"].lstrip("-") for lead in said["leads"] if lead["role"] == "column"]
    assert sorted(leads) == sorted(TWELVE)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_of_the_contract_is_known(einthoven: Einthoven, record: Path, preset: str) -> None:
    truth = record.with_name("truth.json")
    _run(einthoven, record, record.with_name("page.jpg"), *SMALL, "--preset", preset, "--truth", truth)
    assert _truth(truth)["settings"]["asked"]["preset"] == preset
    assert _seen(record.with_name("page.jpg"))[1].shape == (425, 550, 3)


FLAGS: list[tuple[tuple[object, ...], str, object]] = [
    (("--speed", 50), "speed_mm_s", 50.0),
    (("--gain", 20), "gain_mm_mv", 20.0),
    (("--chest-gain", 5), "chest_gain_mm_mv", 5.0),
    (("--paper", "a4"), "paper", "a4"),
    (("--paper", "roll"), "paper", "roll"),
    (("--cart", "green"), "cart", "green"),
    (("--pulse", "none"), "pulse", "none"),
    (("--columns", "simultaneous"), "columns", "simultaneous"),
    (("--text", "none"), "text", "none"),
    (("--text", "own"), "text", "own"),
    (("--wear", "0.3"), "wear", 0.3),
    (("--wear", "0"), "wear", 0.0),
    (("--seed", "12"), "seed", 12),
]


@pytest.mark.parametrize(("words", "name", "value"), FLAGS, ids=lambda one: str(one)[:30])
def test_every_flag_reaches_the_page(
    einthoven: Einthoven, record: Path, words: tuple[object, ...], name: str, value: object
) -> None:
    truth, page = record.with_name("truth.json"), record.with_name("page.png")
    _run(einthoven, record, page, *SMALL, "--truth", truth, *words)
    flagged = page.read_bytes()
    assert _truth(truth)["settings"]["asked"][name] == value
    _run(einthoven, record, page, *SMALL)
    if words not in (("--wear", "0"), ("--cart", "green")):  # as it is anyway, or as the seed may have it
        assert page.read_bytes() != flagged


def test_the_words_of_another_ecg(einthoven: Einthoven, record: Path) -> None:
    other = simulate([], seed=8, seconds=10.0, rate_hz=250.0, age_years=41.0, sex="female").ecg
    write_wfdb(other, record.parent, "other")
    truth = record.with_name("truth.json")
    page = record.with_name("page.png")
    _run(einthoven, record, page, *SMALL, "--cart", "right", "--truth", truth, "--text-of", record.with_name("other"))
    said = _truth(truth)
    assert (said["source"], said["words_of"], said["settings"]["asked"]["text"]) == ("rec", "other", "other")
    assert {"measured", "personal"} <= {text["kind"] for text in said["texts"]}


@pytest.fixture
def listed(record: Path) -> Path:
    """A list of three records and one that is absent."""
    for seed in range(2):
        write_wfdb(simulate([], seed=seed, seconds=4.0, rate_hz=250.0).ecg, record.parent, f"n{seed}")
    file = record.with_name("list.txt")
    file.write_text("rec.hea\nn0\nabsent\nn1\n")
    return file


def test_a_batch(einthoven: Einthoven, listed: Path) -> None:
    outs = [listed.with_name(f"out{workers}") for workers in (0, 2)]
    for workers, out in zip((0, 2), outs, strict=True):
        words = ("--batch", listed, "--out", out, "--workers", workers, "--format", "jpg", *SMALL, "--masks")
        run = einthoven("render", *words)
        assert run.code == 0
        why = f", see {out / 'errors.json'}"
        assert run.out == f"3 pages made, 0 already there, 1 ECGs with an error{why}: {out}\n"
        again = einthoven("render", *words)
        assert again.out == f"0 pages made, 3 already there, 1 ECGs with an error{why}: {out}\n"
    names = {f"{name}{suffix}" for name in ("rec", "n0", "n1") for suffix in (".jpg", ".json", ".mask.png")}
    files = [{path.name: path.read_bytes() for path in out.iterdir() if path.name[0] != "."} for out in outs]
    assert set(files[0]) == names | {"errors.json"}
    assert files[0] == files[1]


def test_shards(einthoven: Einthoven, listed: Path) -> None:
    out = listed.with_name("out")
    run = einthoven("render", "--batch", listed, "--out", out, "--workers", 0, "--shard", 2, *SMALL)
    assert run.code == 0
    assert run.out == f"2 shards made, 0 already there, 1 ECGs with an error, see {out / 'pages-*.json'}: {out}\n"
    names = {f"pages-00000{number}{suffix}" for number in range(2) for suffix in (".tar", ".json")}
    assert {path.name for path in out.iterdir() if path.name[0] != "."} == names


def _fails(einthoven: Einthoven, folder: Path, *words: object) -> str:
    """Run what must fail; return its line."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    run = einthoven("render", *words)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("einthoven: ")
    assert len(run.err.splitlines()) == 1, run.err
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert after == before, "nothing is written"
    return run.err


MISTAKES: list[tuple[tuple[object, ...], str]] = [
    (("--layout", "2x6"), "layout '2x6' is not known; there are 3x4"),
    (("--preset", "xerox"), "preset 'xerox' is not known"),
    (("--wear", "1.5"), "wear is 1.5"),
    (("--wear", "nan"), "wear is nan"),
    (("--wear", "much"), "--wear"),
    (("--speed", "30"), "speed is 30.0; it must be 25, 50 mm/s"),
    (("--gain", "7"), "gain is 7.0"),
    (("--chest-gain", "7"), "chest gain is 7.0"),
    (("--dpi", "49"), "dpi is 49; it must be 50 to 600"),
    (("--dpi", "1e9"), "it must be 50 to 600"),
    (("--paper", "a5"), "paper is 'a5'"),
    (("--cart", "nobody"), "cart is 'nobody'"),
    (("--pulse", "top"), "pulse is 'top'"),
    (("--columns", "both"), "columns is 'both'"),
    (("--text", "all"), "text is 'all'"),
    (("--text", "other"), "needs the words of another ECG"),
    (("--text-of", "absent"), "absent"),
    (("--seed", "-1"), "seed is -1"),
    (("--masks",), "give an ECG and a picture"),
    (("--shard", "2"), "give an ECG and a picture"),
    (("--unit", "furlong"), "unit"),
    (("--no-such-flag",), "--no-such-flag"),
]


@pytest.mark.parametrize(("words", "said"), MISTAKES, ids=lambda one: str(one)[:30])
def test_a_mistake_is_one_line(einthoven: Einthoven, record: Path, words: tuple[object, ...], said: str) -> None:
    folder = record.parent
    given = (record, folder / "page.png", "--truth", folder / "truth.json", "--mask", folder / "mask.png")
    assert said in _fails(einthoven, folder, *given, *words)


def test_what_is_to_be_drawn_must_be_said(einthoven: Einthoven, record: Path) -> None:
    folder, listed, page = record.parent, record.with_name("list.txt"), record.with_name("page.png")
    listed.write_text("rec\n")
    batch = ("--batch", listed, "--out", folder / "out")
    too_little: list[tuple[object, ...]] = [(), (record,), ("--truth", folder / "t.json")]
    for words in too_little:
        assert "give an ECG and a picture" in _fails(einthoven, folder, *words)
    mixed: list[tuple[object, ...]] = [
        (record, page, *batch), (*batch, "--truth", folder / "t.json"), (*batch, "--mask", folder / "m.png"),
        batch[:2], batch[2:], (record, page, *batch[:2]), (*batch, "--text-of", record),
    ]  # fmt: skip
    for words in mixed:
        assert "a batch is" in _fails(einthoven, folder, *words)
    assert not (folder / "out").exists()


def test_a_batch_that_cannot_be(einthoven: Einthoven, record: Path) -> None:
    folder, listed = record.parent, record.with_name("list.txt")
    batch = ("--batch", listed, "--out", folder / "out", "--workers", 0)
    assert "list.txt" in _fails(einthoven, folder, *batch)
    for text, words, said in (
        ("rec\n", ("--format", "gif"), "pages are png or jpg"),
        ("rec\n", ("--workers", "-1"), "--workers"),
        ("rec\n", ("--shard", "-1"), "--shard"),
        ("rec\n", ("--text", "other"), "at least two"),
        ("rec\n", ("--layout", "2x6"), "layout '2x6'"),
        ("rec\nrec.hea\n", (), "'rec'"),
        ("rec\nrec.hea\n", ("--shard", "2"), "name"),
        ("\n  \n", (), "names no ECG"),
    ):
        listed.write_text(text)
        assert said in _fails(einthoven, folder, *batch, *words)
    listed.write_text("rec\n")
    (folder / "out").write_text("a file where a folder would have to be\n")
    assert "out" in _fails(einthoven, folder, *batch)


@pytest.mark.parametrize("name", ["page.gif", "page", "page.tif", "page.pdf"])
def test_a_picture_of_another_kind_is_refused(einthoven: Einthoven, record: Path, name: str) -> None:
    truth = record.with_name("t.json")
    assert "a page is written as" in _fails(einthoven, record.parent, record, record.with_name(name), "--truth", truth)


def test_files_that_are_no_ecg(einthoven: Einthoven, record: Path) -> None:
    folder, page = record.parent, record.with_name("page.png")
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "letter.csv").write_text("Dear Sir or Madam,\n")
    assert "is a picture" in _fails(einthoven, folder, folder / "photo.png", page)
    assert "letter.csv" in _fails(einthoven, folder, folder / "letter.csv", page)
    assert "absent" in _fails(einthoven, folder, folder / "absent", page)
    record.with_suffix(".dat").unlink()
    assert "rec.dat" in _fails(einthoven, folder, record, page)


@pytest.mark.parametrize("which", ["--truth", "--mask"])
@pytest.mark.parametrize("where", ["folder", "file/page.json"])
def test_without_truth_or_mask_there_is_no_picture(einthoven: Einthoven, record: Path, which: str, where: str) -> None:
    (record.parent / "folder").mkdir()
    (record.parent / "file").write_text("a file where a folder would have to be\n")
    line = _fails(einthoven, record.parent, record, record.with_name("page.png"), *SMALL, which, record.parent / where)
    assert "cannot be written" in line


@pytest.mark.parametrize("where", ["folder.png", "file/page.png"])
def test_without_a_picture_there_is_no_truth(einthoven: Einthoven, record: Path, where: str) -> None:
    (record.parent / "folder.png").mkdir()
    (record.parent / "file").write_text("a file where a folder would have to be\n")
    words = (*SMALL, "--truth", record.with_name("truth.json"), "--mask", record.with_name("mask.png"))
    assert "cannot be written" in _fails(einthoven, record.parent, record, record.parent / where, *words)
