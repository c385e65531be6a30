"""Pictures: upright RGB whatever they are stored as, nothing of their metadata, and bombs refused before decoding."""

import io
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from einthoven.core.errors import EcgError, FormatError, InputError
from einthoven.core.rng import rng
from einthoven.records.read import read_page
from tests.records.make import grid, write_16


def _picture() -> np.ndarray:
    """A picture (60, 90, 3) whose four corners have different colours."""
    pixels = np.full((60, 90, 3), 255, np.uint8)
    pixels[:30, :45], pixels[:30, 45:], pixels[30:, :45] = (200, 0, 0), (0, 200, 0), (0, 0, 200)
    return pixels


def _saved(folder: Path, name: str, **more: Any) -> Path:
    Image.fromarray(_picture()).save(folder / name, **more)
    return folder / name


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.bmp", "a.TIFF"])
def test_lossless_pictures_come_back_exactly(name: str, tmp_path: Path) -> None:
    page = read_page(_saved(tmp_path, name))
    np.testing.assert_array_equal(page.pixels, _picture())
    assert page.source == str(tmp_path / name)


@pytest.mark.parametrize(("name", "more"), [("a.jpg", {"quality": 95}), ("a.webp", {"lossless": True}), ("a.png", {})])
def test_lossy_pictures_come_back_nearly(name: str, more: dict[str, Any], tmp_path: Path) -> None:
    assert np.abs(read_page(_saved(tmp_path, name, **more)).pixels.astype(int) - _picture())[5:25, 5:40].max() < 12


def test_the_suffix_may_be_wrong(tmp_path: Path) -> None:
    _saved(tmp_path, "a.png").rename(tmp_path / "a.jpg")
    np.testing.assert_array_equal(read_page(tmp_path / "a.jpg").pixels, _picture())


@pytest.mark.parametrize(
    ("mark", "stored"),
    [
        (1, lambda upright: upright),
        (2, lambda upright: upright[:, ::-1]),
        (3, lambda upright: upright[::-1, ::-1]),
        (4, lambda upright: upright[::-1]),
        (5, lambda upright: upright.transpose(1, 0, 2)),
        (6, lambda upright: np.rot90(upright, 1)),
        (7, lambda upright: np.rot90(upright, 2).transpose(1, 0, 2)),
        (8, lambda upright: np.rot90(upright, 3)),
    ],
)
def test_orientation_marks_are_obeyed(mark: int, stored: Callable[[np.ndarray], np.ndarray], tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = mark
    Image.fromarray(np.ascontiguousarray(stored(_picture()))).save(tmp_path / "a.png", exif=exif)
    np.testing.assert_array_equal(read_page(tmp_path / "a.png").pixels, _picture())


def test_transparency_lies_over_white(tmp_path: Path) -> None:
    rgba = np.dstack([_picture(), np.full((60, 90), 255, np.uint8)])
    rgba[:10, :10] = (0, 0, 0, 0)
    rgba[10:20, :10] = (0, 0, 0, 128)
    for mode in ("RGBA", "LA"):
        Image.fromarray(rgba).convert(mode).save(tmp_path / "a.png")
        pixels = read_page(tmp_path / "a.png").pixels
        assert (pixels[:10, :10] == 255).all()
        assert np.abs(pixels[10:20, :10].astype(int) - 127).max() <= 1


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK"])
def test_other_colour_modes_become_rgb(mode: str, tmp_path: Path) -> None:
    Image.fromarray(_picture()).convert(mode).save(tmp_path / "a.tif")
    pixels = read_page(tmp_path / "a.tif").pixels
    assert pixels.shape == (60, 90, 3)
    assert (pixels[40:, 60:] > 250).all()


def test_sixteen_bit_scans_are_cut_to_eight(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 90).astype(np.uint16)[None].repeat(60, axis=0)
    Image.fromarray(ramp).save(tmp_path / "a.png")
    pixels = read_page(tmp_path / "a.png").pixels
    np.testing.assert_array_equal(pixels[..., 0], ramp >> 8)
    Image.fromarray(ramp.astype(np.float32)).save(tmp_path / "a.tif")
    with pytest.raises(FormatError, match="mode F"):
        read_page(tmp_path / "a.tif")


def test_only_the_first_page_is_read(tmp_path: Path) -> None:
    pages = [Image.fromarray(_picture()), Image.new("RGB", (10, 10))]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    np.testing.assert_array_equal(read_page(tmp_path / "a.tif").pixels, _picture())


def test_nothing_of_the_metadata_is_carried_on(tmp_path: Path) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Patient", "Jane Roe")
    exif = Image.Exif()
    exif[0x010F] = "Camera of Jane Roe"
    page = read_page(_saved(tmp_path, "a.png", pnginfo=text, exif=exif))
    assert type(page.pixels) is np.ndarray
    assert set(vars(page)) == {"pixels", "source", "truth"}
    assert page.truth is None
    assert "Roe" not in repr(vars(page))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bomb(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(100_000, 100_000), (12_000, 8_000), (2**31 - 1, 1), (80_000_001, 1)])
def test_pictures_of_too_many_pixels_are_refused_before_decoding(width: int, height: int, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_bomb(width, height))
    read_page(_saved(tmp_path, "warm.png"))
    tracemalloc.start()
    start_s = time.process_time()
    with pytest.raises(FormatError, match="pixels"):
        read_page(tmp_path / "a.png")
    assert time.process_time() - start_s < 0.5
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_picture_that_breaks_off_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_bomb(4000, 4000))
    with pytest.raises(FormatError, match="damaged"):
        read_page(tmp_path / "a.png")
    whole = _saved(tmp_path, "b.jpg").read_bytes()
    (tmp_path / "c.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FormatError, match="damaged"):
        read_page(tmp_path / "c.jpg")


def test_a_text_bomb_in_a_picture_is_refused_or_ignored(tmp_path: Path) -> None:
    bomb = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(40_000_000), 9))
    content = _saved(tmp_path, "a.png").read_bytes()
    (tmp_path / "b.png").write_bytes(content[:33] + bomb + content[33:])
    tracemalloc.start()
    with suppress(FormatError):
        read_page(tmp_path / "b.png")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Dear colleague",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\1\0" * 50,
    ],
)
def test_other_kinds_of_files_are_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(FormatError, match="not a picture that is read; there are PNG"):
        read_page(tmp_path / "a.png")


def test_recordings_addresses_documents_and_absent_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a recording; use read"):
        read_page(write_16(tmp_path, grid()))
    with pytest.raises(InputError, match="local files"):
        read_page("https://example.org/page.png")
    with pytest.raises(InputError, match="PDF is not read"):
        read_page(tmp_path / "a.pdf")
    with pytest.raises(InputError, match="no such file"):
        read_page(tmp_path / "a.png")


def test_damaged_pictures_raise_nothing_but_our_errors(tmp_path: Path) -> None:
    random = rng("damaged pictures")
    for kind in ("PNG", "JPEG", "TIFF", "BMP", "WEBP"):
        stream = io.BytesIO()
        Image.fromarray(_picture()).save(stream, kind)
        content = stream.getvalue()
        for run in range(40):
            damaged = bytearray(content)
            for place in random.integers(0, min(len(content), 200), random.integers(1, 6)):
                damaged[place] = random.integers(256)
            path = tmp_path / f"{kind}{run}.png"
            path.write_bytes(damaged)
            try:
                read_page(path)
            except EcgError as error:
                assert "\n" not in str(error)
