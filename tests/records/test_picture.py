"""Pictures: upright RGB whatever they are stored as, nothing of their metadata, and bombs refused before decoding."""

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
from PIL import Image, ImageOps, PngImagePlugin, TiffImagePlugin

from einthoven.core.errors import FormatError, InputError
from einthoven.records.read import read, read_page
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


STORED: list[Callable[[np.ndarray], np.ndarray]] = [  # what a camera stores under marks 1 to 8
    lambda upright: upright,
    lambda upright: upright[:, ::-1],
    lambda upright: upright[::-1, ::-1],
    lambda upright: upright[::-1],
    lambda upright: upright.transpose(1, 0, 2),
    lambda upright: np.rot90(upright, 1),
    lambda upright: np.rot90(upright, 2).transpose(1, 0, 2),
    lambda upright: np.rot90(upright, 3),
]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
@pytest.mark.parametrize("mark", range(1, 9))
def test_orientation_marks_are_obeyed(mark: int, kind: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = mark
    more: dict[str, Any] = {"quality": 98, "subsampling": 0} if kind == "JPEG" else {}
    more |= {"lossless": True} if kind == "WEBP" else {}
    stored = np.ascontiguousarray(STORED[mark - 1](_picture()))
    Image.fromarray(stored).save(tmp_path / "a.png", kind, exif=exif, **more)
    pixels = read_page(tmp_path / "a.png").pixels
    assert pixels.shape == _picture().shape
    gap = np.abs(pixels.astype(int) - _picture())
    assert gap.max() == 0 if kind != "JPEG" else gap.mean() < 2


def test_an_odd_mark_beside_the_orientation_does_no_harm(tmp_path: Path) -> None:
    """Words where numbers belong: they can be read, not written back."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 3, "Camera"
    odd = exif.tobytes().replace(b"\x0f\x01\x02\0", b"\x3f\x01\x02\0").replace(b"\x01\x0f\0\x02", b"\x01\x3f\0\x02")
    Image.fromarray(_picture()[::-1, ::-1].copy()).save(tmp_path / "a.png", exif=odd)
    with Image.open(tmp_path / "a.png") as image, pytest.raises(TypeError):
        ImageOps.exif_transpose(image)
    np.testing.assert_array_equal(read_page(tmp_path / "a.png").pixels, _picture())


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_there_is_not_turns_nothing(value: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    np.testing.assert_array_equal(read_page(_saved(tmp_path, "a.png", exif=exif)).pixels, _picture())


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


def _tiff(path: Path, tags: dict[int, tuple[int, int]], data: bytes) -> Path:
    """Write a TIFF of one strip by hand: tag -> type (3 short, 4 long) and value."""
    tags = {**tags, 273: (4, 8 + 2 + 12 * (len(tags) + 2) + 4), 279: (4, len(data))}
    table = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, (kind, value) in sorted(tags.items()))
    path.write_bytes(b"II*\0" + struct.pack("<IH", 8, len(tags)) + table + bytes(4) + data)
    return path


@pytest.mark.parametrize(("bits", "zero_is_white"), [(16, False), (16, True), (12, False)])
def test_deep_tiffs_keep_black_black(bits: int, zero_is_white: bool, tmp_path: Path) -> None:
    ramp = np.linspace(0, 2**bits - 1, 64).astype(np.uint16)[None].repeat(2, axis=0)
    if bits == 16:
        data = ((65535 - ramp) if zero_is_white else ramp).astype("<u2").tobytes()
    else:  # two pixels in three bytes, high bits first
        left, right = ramp.reshape(-1, 2).T
        data = np.stack([left >> 4, (left & 15) << 4 | right >> 8, right & 255], axis=1).astype(np.uint8).tobytes()
    size = {256: (3, 64), 257: (3, 2), 258: (3, bits), 259: (3, 1), 277: (3, 1), 278: (3, 2)}
    path = _tiff(tmp_path / "a.tif", {**size, 262: (3, 0 if zero_is_white else 1)}, data)
    np.testing.assert_array_equal(read_page(path).pixels[..., 1], ramp >> (bits - 8))


@pytest.mark.parametrize("packing", ["group3", "group4", "tiff_lzw", "packbits", None])
@pytest.mark.parametrize("zero_is_white", [False, True])
def test_faxes_are_black_on_white(packing: str | None, zero_is_white: bool, tmp_path: Path) -> None:
    lines = np.full((40, 100), True)
    lines[::5, :50] = False
    more = {262: 0 if zero_is_white else 1}
    Image.fromarray(lines).save(tmp_path / "a.tif", compression=packing, tiffinfo=more)
    with Image.open(tmp_path / "a.tif") as saved:
        assert isinstance(saved, TiffImagePlugin.TiffImageFile)
        assert (saved.mode, saved.tag_v2[262] == 0) == ("1", zero_is_white)
    pixels = read_page(tmp_path / "a.tif").pixels
    np.testing.assert_array_equal(pixels, np.where(lines, 255, 0)[..., None].repeat(3, axis=2))


def test_inks_of_a_print_shop_are_not_taken_for_light(tmp_path: Path) -> None:
    """Their JPEGs hold what is left of white, not what is printed, and say who wrote them."""
    Image.fromarray(_picture()).convert("CMYK").save(tmp_path / "a.jpg", quality=98, subsampling=0)
    assert b"Adobe" in (tmp_path / "a.jpg").read_bytes()[:400]
    gap = np.abs(read_page(tmp_path / "a.jpg").pixels.astype(int) - _picture())
    assert np.median(gap) < 3
    assert (gap[40:, 60:] < 5).all()


def test_colours_that_are_no_colours_of_light_are_refused(tmp_path: Path) -> None:
    Image.new("LAB", (20, 10)).save(tmp_path / "a.tif")
    with pytest.raises(FormatError, match="mode LAB; save it as grey or RGB"):
        read_page(tmp_path / "a.tif")


def test_a_transparent_palette_lies_over_white(tmp_path: Path) -> None:
    for mode in ("P", "L", "1", "RGB"):
        clear: Any = (200, 0, 0) if mode == "RGB" else 0
        Image.fromarray(_picture()).convert(mode).save(tmp_path / "a.png", transparency=clear)
        pixels = read_page(tmp_path / "a.png").pixels
        assert pixels.shape == (60, 90, 3)
        assert (pixels[40:, 60:] == 255).all()
        if mode == "RGB":
            assert (pixels[:30, :45] == 255).all()


def test_the_first_page_is_read_unless_another_is_asked_for(tmp_path: Path) -> None:
    pages = [Image.fromarray(_picture()), Image.new("1", (10, 20), 1), Image.new("L", (30, 10), 7)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    np.testing.assert_array_equal(read_page(tmp_path / "a.tif").pixels, _picture())
    assert [read_page(tmp_path / "a.tif", page).pixels.shape[:2] for page in (1, 2, 3)] == [
        (60, 90),
        (20, 10),
        (10, 30),
    ]
    assert (read_page(tmp_path / "a.tif", 3).pixels == 7).all()
    for absent in (0, -1, 4, 10**12):
        with pytest.raises(InputError, match=f"a.tif: has 3 pages; page {absent} was asked for"):
            read_page(tmp_path / "a.tif", absent)


def test_other_pictures_are_one_page(tmp_path: Path) -> None:
    moving = [Image.fromarray(_picture()), Image.new("RGB", (90, 60))]
    for name in ("a.png", "a.webp"):
        moving[0].save(tmp_path / name, save_all=True, append_images=moving[1:], lossless=True)
        np.testing.assert_array_equal(read_page(tmp_path / name).pixels, _picture())
    for path in (tmp_path / "a.png", tmp_path / "a.webp", _saved(tmp_path, "a.jpg"), _saved(tmp_path, "a.bmp")):
        with pytest.raises(InputError, match=f"{path.name}: has 1 page; page 2 was asked for"):
            read_page(path, 2)


def test_a_page_too_large_behind_a_small_one_is_refused_before_decoding(tmp_path: Path) -> None:
    Image.new("1", (8, 8)).save(tmp_path / "a.tif", save_all=True, append_images=[Image.new("1", (8, 9))])
    content = bytearray((tmp_path / "a.tif").read_bytes())
    field = struct.pack("<HHI", 257, 4, 1)
    place = content.index(field + struct.pack("<I", 9)) + len(field)
    content[place : place + 4] = struct.pack("<I", 80_000_000)
    (tmp_path / "a.tif").write_bytes(content)
    assert read_page(tmp_path / "a.tif").pixels.shape == (8, 8, 3)
    with pytest.raises(FormatError, match="pixels"):
        read_page(tmp_path / "a.tif", 2)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_nothing_of_the_metadata_is_carried_on(kind: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Jane Roe"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 22.0, 1.0)})  # where it was taken
    text = PngImagePlugin.PngInfo()
    text.add_text("Patient", "Jane Roe")
    more: dict[str, Any] = {"pnginfo": text} if kind == "PNG" else {}
    more |= {"comment": "Jane Roe"} if kind == "JPEG" else {}
    page = read_page(_saved(tmp_path, "a.png", format=kind, exif=exif, **more))
    assert b"Roe" in (tmp_path / "a.png").read_bytes()
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


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (12_000, 8_000), (2**31 - 1, 1), (80_000_001, 1)])
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


def test_a_file_too_large_is_refused_unopened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _saved(tmp_path, "a.png")
    monkeypatch.setattr("einthoven.records.formats.picture.MAX_BYTES", 100)
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(FormatError, match=r"a.png: \d+ bytes; at most 100 are read"):
        read_page(path)


def test_recordings_addresses_folders_and_absent_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a recording; use read"):
        read_page(write_16(tmp_path, grid()))
    with pytest.raises(InputError, match="local files"):
        read_page("https://example.org/page.png")
    (tmp_path / "folder.png").mkdir()
    for folder in (tmp_path, tmp_path / "folder.png", ".", "/", ".."):
        with pytest.raises(InputError, match="is a folder; give one picture in it"):
            read_page(folder)
    for name in ("a.png", "a.pdf", "a"):
        with pytest.raises(InputError, match="no such file"):
            read_page(tmp_path / name)


def test_a_file_that_may_not_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _saved(tmp_path, "a.png")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"a.png: cannot be opened \(Permission denied\)"):
        read_page(path)


def test_any_name_will_do(tmp_path: Path) -> None:
    for name in ("ЭКГ 心电图 é.png", "a b'c\"d.PNG", "no suffix", "two.dots.bin"):
        np.testing.assert_array_equal(read_page(_saved(tmp_path, name, format="PNG")).pixels, _picture())


def test_pictures_are_known_by_their_content(tmp_path: Path) -> None:
    for kind in ("PNG", "JPEG", "TIFF", "BMP", "WEBP"):
        path = _saved(tmp_path, f"{kind.lower()}.bin", format=kind)
        with pytest.raises(InputError, match="is a picture; use read_page"):
            read(path)
    for content in (b"RIFF\x24\0\0\0WAVEfmt ", b"BMI,I,II\n22,0,0\n" * 4):
        (tmp_path / "b.bin").write_bytes(content)
        with pytest.raises(FormatError, match="not a format that is read"):
            read(tmp_path / "b.bin")
