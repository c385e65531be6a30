"""Every fault of a JSON-lines file is told with file and line."""

from pathlib import Path

import pytest

from einthoven.core import linefile
from einthoven.core.errors import JobError
from einthoven.core.jobs import read_batch_lines


def test_reads_objects_and_skips_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes('\ufeff{"id": "ä"}\r\n\n  \n{"id": "b", "x": "\u2028"}'.encode())
    assert read_batch_lines(path) == [{"id": "ä"}, {"id": "b", "x": "\u2028"}]


BAD = {
    "not JSON": b'{"id": "b"',
    "a JSON list": b"[1]",
    "a JSON str": b'"b"',
    "NaN is not JSON": b'{"x": NaN}',
    "not UTF-8": b'{"x": "\xff"}',
    "not JSON ": b'{"x": ' + b"1" * 5000 + b"}",
    "recursion": b'{"x": ' + b"[" * 100_000,
    "longer than": b'{"x": "' + b"y" * 2000 + b'"}',
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_named(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "longer than":
        monkeypatch.setattr(linefile, "MAX_LINE_BYTES", 1000)
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"id": "a"}\n\n' + BAD[name] + b"\n")
    with pytest.raises(JobError, match=f"line 3: .*{name.strip()}") as caught:
        read_batch_lines(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(JobError, match=f"{path}: cannot be read"):
            read_batch_lines(path)
