"""Damaged pictures: a page or one of our errors in one line, and never another error, a warning or a wait."""

import io
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from einthoven.core.errors import EcgError, FormatError
from einthoven.core.rng import rng
from einthoven.records.read import read_page

KINDS = ("PNG", "JPEG", "TIFF", "TIFF packed", "TIFF fax", "BMP", "WEBP", "WEBP exact", "PDF")


@cache
def whole(kind: str) -> bytes:
    """A small file of each kind, with marks of a camera in it where it may have some."""
    grey = np.kron(rng("damaged pictures").integers(0, 256, (6, 9)).astype(np.uint8), np.ones((4, 4), np.uint8))
    picture = Image.fromarray(grey > 127 if kind == "TIFF fax" else np.dstack([grey, grey[::-1], grey]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 22.0, 1.0)})
    more: dict[str, Any] = {} if kind in ("BMP", "PDF") else {"exif": exif}
    more |= {"TIFF packed": {"compression": "tiff_lzw"}, "TIFF fax": {"compression": "group4"}}.get(kind, {})
    more |= {"lossless": True} if kind == "WEBP exact" else {}
    stream = io.BytesIO()
    picture.save(stream, kind.split()[0], **more)
    return stream.getvalue()


def _read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    start_s = time.monotonic()
    try:
        page = read_page(path)
    except EcgError as error:
        assert "\n" not in str(error)
        assert str(path) in str(error)
    else:
        assert page.pixels.dtype == np.uint8
        assert page.pixels.shape[2] == 3
        assert page.pixels.size > 0
    assert time.monotonic() - start_s < 5


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged") / "a.png"


@pytest.mark.parametrize("kind", KINDS)
def test_whole_they_are_read(kind: str, path: Path) -> None:
    path.write_bytes(whole(kind))
    assert sorted(read_page(path).pixels.shape) == [3, 24, 36]


@pytest.mark.parametrize("kind", KINDS)
def test_changed_bytes_raise_nothing_but_our_errors(kind: str, path: Path) -> None:
    last = len(whole(kind)) - 1
    places = st.one_of(st.integers(0, min(last, 64)), st.integers(0, last))  # heads decide most

    @settings(derandomize=True, deadline=None, max_examples=80, database=None)
    @given(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, last))
    def damage(changes: list[tuple[int, int]], cut: int) -> None:
        content = bytearray(whole(kind))
        for place, value in changes:
            content[place] = value
        _read(path, bytes(content))
        _read(path, bytes(content[: last + 1 - cut]))

    damage()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_breaks_off_is_refused(kind: str, path: Path) -> None:
    content = whole(kind)
    for share in (0.1, 0.3, 0.5, 0.7, 0.85):
        path.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(FormatError, match=r"a\.png: ") as caught:
            read_page(path)
        assert "\n" not in str(caught.value)
