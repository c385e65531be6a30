"""A list of ECGs becomes pages: the same bytes on any workers, whole or absent, resumed, and one line an error."""

import json
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from einthoven.core.errors import EcgError, JobError
from einthoven.core.jobs import ERRORS_FILE, Job, Tally
from einthoven.records.read import read_page
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from einthoven.render.files import RenderWork, Source, name_of, render_batch, shard_errors
from einthoven.render.page import render
from einthoven.render.settings import Settings

SMALL: dict[str, Any] = {"dpi": 50.0, "preset": "scan", "layout": "3x4+II"}
NAMES = ("a", "b", "c", "d", "e")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five records in a folder of their own, and a list of them beside it."""
    (tmp_path / "in").mkdir()
    for seed, name in enumerate(NAMES):
        write_wfdb(simulate([], seed=seed, seconds=4.0, rate_hz=250.0).ecg, tmp_path / "in", name)
    _list(tmp_path, *(f"in/{name}" for name in NAMES))
    return tmp_path


def _list(folder: Path, *lines: object) -> Path:
    (folder / "list.txt").write_text("".join(f"{line}\n" for line in lines))
    return folder / "list.txt"


def _run(folder: Path, out: str = "out", workers: int = 0, shard: int = 0, form: str = "png", **how: Any) -> Tally:
    return render_batch(
        folder / "list.txt", folder / out, RenderWork(Settings(**{**SMALL, **how}), form), workers, shard
    )


def _bytes(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but its lock."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name[0] != "."}


def _truth(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.read_bytes())
    return truth


def test_the_bytes_do_not_depend_on_the_workers(folder: Path) -> None:
    made = []
    for workers in (0, 1, 2):
        assert _run(folder, f"out{workers}", workers) == Tally(5, 5, 0, 0)
        made.append(_bytes(folder / f"out{workers}"))
    assert set(made[0]) == {f"{name}{suffix}" for name in NAMES for suffix in (".png", ".json")}
    assert made[0] == made[1] == made[2]
    assert len(set(made[0].values())) == 10, "no two pages are alike"


@pytest.mark.parametrize("form", ["png", "jpg"])
def test_a_page_of_a_batch_is_the_page_of_its_own(folder: Path, form: str) -> None:
    _list(folder, "in/a", "in/b.hea")
    _run(folder, form=form, masks=True)
    assert set(_bytes(folder / "out")) == {
        *(f"{name}{suffix}" for name in "ab" for suffix in (f".{form}", ".json", ".mask.png"))
    }
    work = RenderWork(Settings(**SMALL, masks=True), form)
    page = work.draw(Source(str(folder / "in" / "b.hea")))
    assert work.files("b", page)[f"b.{form}"] == (folder / "out" / f"b.{form}").read_bytes()
    truth = _truth(folder / "out" / "b.json")
    seen = read_page(folder / "out" / f"b.{form}").pixels
    assert truth["picture_px"] == [seen.shape[1], seen.shape[0]]
    assert (truth["source"], truth["words_of"], len(truth["leads"])) == ("b", None, 13)
    mask = read_page(folder / "out" / "b.mask.png").pixels
    assert set(np.unique(mask)) <= set(range(14)) and mask.any()


def test_a_batch_goes_on_where_it_was_cut_off(folder: Path) -> None:
    _run(folder)
    whole = _bytes(folder / "out")
    times = {path.name: path.stat().st_mtime_ns for path in (folder / "out").iterdir()}
    (folder / "out" / "b.png").unlink()
    assert _run(folder) == Tally(5, 1, 4, 0)
    assert _bytes(folder / "out") == whole
    after = {path.name: path.stat().st_mtime_ns for path in (folder / "out").iterdir()}
    assert {name for name in whole if after[name] != times[name]} == {"b.png", "b.json"}
    assert _run(folder) == Tally(5, 0, 5, 0)


def test_a_bad_ecg_costs_a_line_and_is_tried_again(folder: Path) -> None:
    (folder / "in" / "bad.csv").write_text("Dear Sir or Madam,\n")
    (folder / "in" / "photo.png").write_bytes((b"\x89PNG\r\n\x1a\n") + bytes(64))
    _list(folder, "in/a", "in/bad.csv", "in/absent", "in/photo.png", "in/b")
    assert _run(folder) == Tally(5, 2, 0, 3)
    assert set(_bytes(folder / "out")) == {"a.png", "a.json", "b.png", "b.json", ERRORS_FILE}
    lines = [json.loads(line) for line in (folder / "out" / ERRORS_FILE).read_text().splitlines()]
    assert [line["id"] for line in lines][:2] == ["bad", "absent"]
    assert all(set(line) == {"id", "error"} and line["error"] for line in lines)
    assert "is a picture" in lines[2]["error"] and "photo.png" in lines[2]["error"]
    write_wfdb(simulate([], seed=9, seconds=4.0).ecg, folder / "in", "absent")
    assert _run(folder) == Tally(5, 1, 2, 2)
    assert (folder / "out" / "absent.png").is_file()


@pytest.mark.parametrize("shard", [0, 2])
def test_equal_names_are_refused_before_any_work(folder: Path, shard: int) -> None:
    (folder / "more").mkdir()
    write_wfdb(simulate([], seed=8, seconds=4.0).ecg, folder / "more", "a")
    for lines in (("in/a", "in/b", "more/a"), ("in/a", "in/a.hea")):
        _list(folder, *lines)
        with pytest.raises(JobError):
            _run(folder, shard=shard)
        assert not (folder / "out").exists() or not _bytes(folder / "out")


def test_paths_are_relative_to_the_list_or_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _run(folder)
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    _list(folder, "", "  in/a  ", folder / "in" / "b", "in/c.hea", "./in/../in/d.dat", "in/e", "")
    assert _run(folder, "again") == Tally(5, 5, 0, 0)
    assert _bytes(folder / "again") == _bytes(folder / "out")


@pytest.mark.parametrize(
    ("path", "name"),
    [("in/a", "a"), ("a.hea", "a"), ("/x/a.b.dat", "a.b"), ("1_hr", "1_hr"), ("x/rec.1", "rec.1"), ("t.CSV", "t")],
)
def test_a_page_has_the_name_of_its_ecg(path: str, name: str) -> None:
    assert name_of(path) == name


@pytest.mark.parametrize(
    ("how", "said"),
    [({"dpi": 60.0}, "dpi"), ({"seed": 1}, "seed"), ({"layout": "6x2"}, "layout"), ({"wear": 0.2}, "wear"),
     ({"text": "own"}, "text"), ({"preset": "fax"}, "preset"), ({"masks": True}, "masks")],
)  # fmt: skip
def test_a_folder_of_other_settings_is_refused(folder: Path, how: dict[str, Any], said: str) -> None:
    _list(folder, "in/a")
    _run(folder)
    before = _bytes(folder / "out")
    with pytest.raises(JobError, match=f"out: holds pages drawn with another {said}"):
        _run(folder, **how)
    assert _bytes(folder / "out") == before
    assert _run(folder) == Tally(1, 0, 1, 0)


def test_a_folder_of_other_things_is_refused(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "notes.json").write_text('{"precious": true}')
    with pytest.raises(JobError, match="is not of a page"):
        _run(folder)
    assert set(_bytes(folder / "out")) == {"notes.json"}


@pytest.mark.parametrize("count", [2, 5])
def test_text_other_prints_the_words_of_another_record_of_the_list(folder: Path, count: int) -> None:
    _list(folder, *(f"in/{name}" for name in NAMES[:count]))
    _run(folder, text="other", seed=3)
    pairs = {name: _truth(folder / "out" / f"{name}.json")["words_of"] for name in NAMES[:count]}
    assert all(name != other for name, other in pairs.items())
    assert sorted(pairs.values()) == sorted(NAMES[:count]), "each one's words are printed once"
    truth = _truth(folder / "out" / "a.json")
    own = render(simulate([], seed=0, seconds=4.0, rate_hz=250.0).ecg, **{**SMALL, "text": "own"}).truth
    assert own is not None
    measured = [[text["text"] for text in one["texts"] if text["kind"] == "measured"] for one in (truth, own)]
    assert measured[0] and measured[0] != measured[1]


def test_text_other_needs_another(folder: Path) -> None:
    _list(folder, "in/a")
    with pytest.raises(JobError, match="at least two ECGs"):
        _run(folder, text="other")
    assert not (folder / "out").exists()


def _members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path, "r:") as tar:
        members = tar.getmembers()
        assert all(
            one.isreg() and (one.mtime, one.uid, one.gid, one.uname, one.gname) == (0, 0, 0, "", "") for one in members
        )
        return {one.name: file.read() for one in members if (file := tar.extractfile(one))}


def test_shards_hold_the_pages_of_the_list_in_order(folder: Path) -> None:
    _list(folder, *(f"in/{name}" for name in NAMES[:2]), "in/absent", *(f"in/{name}" for name in NAMES[2:]))
    made = []
    for workers in (0, 1, 2):
        assert _run(folder, f"out{workers}", workers, 2, "jpg") == Tally(3, 3, 0, 0)
        made.append(_bytes(folder / f"out{workers}"))
    assert made[0] == made[1] == made[2]
    shards = [f"pages-{number:06d}" for number in range(3)]
    assert set(made[0]) == {f"{name}{suffix}" for name in shards for suffix in (".tar", ".json")}
    members = [_members(folder / "out0" / f"{name}.tar") for name in shards]
    assert [list(one) for one in members] == [
        ["a.jpg", "a.json", "b.jpg", "b.json"], ["c.jpg", "c.json"], ["d.jpg", "d.json", "e.jpg", "e.json"],
    ]  # fmt: skip
    indices = [json.loads(made[0][f"{name}.json"]) for name in shards]
    assert [index["pages"] for index in indices] == [["a", "b"], ["c"], ["d", "e"]]
    assert [[error["id"] for error in index["errors"]] for index in indices] == [[], ["absent"], []]
    assert [error["id"] for error in shard_errors(folder / "out0")] == ["absent"]
    _list(folder, "in/c")
    _run(folder, "plain", form="jpg")
    assert _bytes(folder / "plain") == members[1], "a page of a shard is the page of a folder"


def test_what_is_handed_on_has_no_paths_of_the_machine(folder: Path) -> None:
    _run(folder, "shards", shard=5, text="other")
    _run(folder, "plain", text="other", masks=True)
    for data in (*_bytes(folder / "shards").values(), *_bytes(folder / "plain").values()):
        assert str(folder).encode() not in data


def test_shards_with_errors_are_tried_again_and_others_kept(folder: Path) -> None:
    _list(folder, "in/a", "in/b", "in/absent", "in/c")
    assert _run(folder, shard=2) == Tally(2, 2, 0, 0)
    first = _bytes(folder / "out")
    times = {path.name: path.stat().st_mtime_ns for path in (folder / "out").iterdir()}
    assert _run(folder, shard=2) == Tally(2, 1, 1, 0)
    assert _bytes(folder / "out") == first
    write_wfdb(simulate([], seed=9, seconds=4.0).ecg, folder / "in", "absent")
    assert _run(folder, shard=2) == Tally(2, 1, 1, 0)
    assert shard_errors(folder / "out") == []
    assert list(_members(folder / "out" / "pages-000001.tar")) == ["absent.png", "absent.json", "c.png", "c.json"]
    assert (folder / "out" / "pages-000000.tar").stat().st_mtime_ns == times["pages-000000.tar"]
    assert _run(folder, shard=2) == Tally(2, 0, 2, 0)


def test_shards_follow_a_list_that_has_grown(folder: Path) -> None:
    _list(folder, *(f"in/{name}" for name in NAMES[:3]))
    _run(folder, shard=2)
    _list(folder, *(f"in/{name}" for name in NAMES))
    _run(folder, shard=2)
    indices = [json.loads(path.read_bytes()) for path in sorted((folder / "out").glob("pages-*.json"))]
    assert [index["pages"] for index in indices] == [["a", "b"], ["c", "d"], ["e"]], "no ECG is lost"


def test_a_shard_of_other_settings_is_refused(folder: Path) -> None:
    _run(folder, shard=3)
    with pytest.raises(JobError, match="drawn with another seed"):
        _run(folder, shard=3, seed=1)


def test_a_picture_is_no_ecg(folder: Path) -> None:
    _run(folder)
    work = RenderWork(Settings(**SMALL))
    for source in (
        Source(str(folder / "out" / "a.png")),
        Source(str(folder / "in" / "a"), str(folder / "out" / "b.png")),
    ):
        with pytest.raises(EcgError, match="is a picture; a page is drawn from a recording"):
            work(Job("x", source))


def test_rate_and_unit_are_for_files_that_do_not_say_theirs(folder: Path) -> None:
    ecg = simulate([], seed=0, seconds=4.0, rate_hz=250.0).ecg
    np.savetxt(folder / "in" / "t.csv", ecg.signal_mv.T, "%.4f", ",", header=",".join(ecg.leads), comments="")
    with pytest.raises(EcgError):
        RenderWork(Settings(**SMALL))(Job("t", Source(str(folder / "in" / "t.csv"))))
    made = RenderWork(Settings(**SMALL), "png", 250.0, "mV")(Job("t", Source(str(folder / "in" / "t.csv"))))
    assert set(made) == {"t.png", "t.json"}
    strip = json.loads(made["t.json"])["leads"][-1]
    assert (strip["end_s"], len(strip["trace"])) == (4.0, 1000)
