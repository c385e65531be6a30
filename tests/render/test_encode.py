"""Pages as bytes, with Pillow as the witness from outside: PNG to the bit, JPEG nearly, and no other kind of file."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from einthoven.core.errors import InputError, JobError
from einthoven.core.rng import rng
from einthoven.records.read import read_page
from einthoven.records.simulate import simulate
from einthoven.render.encode import encode, form_of, write_page
from einthoven.render.page import render

PAGE = render(simulate([], seed=3).ecg, dpi=100, preset="photo", seed=1)
CLEAN = render(simulate([], seed=3).ecg, dpi=200)


def _seen(data: bytes) -> tuple[str | None, str, NDArray[np.uint8]]:
    """Format, mode and pixels as Pillow finds them."""
    with Image.open(io.BytesIO(data)) as image:
        return image.format, image.mode, np.array(image)


@pytest.mark.parametrize("pixels", [PAGE.pixels, CLEAN.pixels, rng("noise").integers(0, 256, (37, 53, 3), np.uint8)])
def test_a_png_is_the_page_to_the_bit(pixels: NDArray[np.uint8]) -> None:
    form, mode, seen = _seen(encode(pixels, "png"))
    assert (form, mode) == ("PNG", "RGB")
    assert np.array_equal(seen, pixels)


def test_grey_pictures_stay_grey_and_exact() -> None:
    mask = rng("mask").integers(0, 16, (61, 83), np.uint8)
    form, mode, seen = _seen(encode(mask, "png"))
    assert (form, mode) == ("PNG", "L")
    assert np.array_equal(seen, mask)


@pytest.mark.parametrize("pixels", [PAGE.pixels, CLEAN.pixels], ids=["photo", "clean"])
def test_a_jpeg_is_nearly_the_page(pixels: NDArray[np.uint8]) -> None:
    data = encode(pixels, "jpg")
    form, mode, seen = _seen(data)
    assert (form, mode, seen.shape) == ("JPEG", "RGB", pixels.shape)
    error = np.mean((seen.astype(float) - pixels) ** 2)
    assert 10 * np.log10(255**2 / error) > 30
    assert len(data) < 0.25 * pixels.size


def test_red_stays_red() -> None:
    red = np.zeros((32, 32, 3), np.uint8)
    red[..., 0] = 200
    for form in ("png", "jpg"):
        seen = _seen(encode(red, form))[2].reshape(-1, 3).mean(axis=0)
        assert seen == pytest.approx([200, 0, 0], abs=3)


def test_a_clean_page_is_a_small_png() -> None:
    assert len(encode(CLEAN.pixels, "png")) < 0.25 * CLEAN.pixels.size


@pytest.mark.parametrize("form", ["png", "jpg"])
def test_the_same_page_gives_the_same_bytes(form: str) -> None:
    assert encode(PAGE.pixels, form) == encode(PAGE.pixels.copy(), form)


@pytest.mark.parametrize(("name", "form"), [("a.png", "png"), ("a.PNG", "png"), ("a.jpg", "jpg"), ("b.c.JPEG", "jpg")])
def test_the_suffix_says_the_form(tmp_path: Path, name: str, form: str) -> None:
    assert form_of(Path(name)) == form
    write_page(CLEAN, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name], "nothing else is left there"
    assert (tmp_path / name).read_bytes() == encode(CLEAN.pixels, form)
    seen = read_page(tmp_path / name).pixels
    assert seen.shape == CLEAN.pixels.shape
    assert np.abs(seen.astype(int) - CLEAN.pixels).mean() < (1e-9 if form == "png" else 8)


@pytest.mark.parametrize("name", ["page.gif", "page.tiff", "page", "page.png.txt", "png"])
def test_another_suffix_is_refused_with_the_list(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"a page is written as \.png, \.jpg, \.jpeg"):
        write_page(CLEAN, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_page_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "page.png").mkdir()
    for path in (tmp_path / "page.png", tmp_path / "absent" / "page.png"):
        with pytest.raises(JobError, match="cannot be written"):
            write_page(CLEAN, path)
    assert [path.name for path in tmp_path.iterdir()] == ["page.png"]


def test_what_cannot_be_encoded_is_told() -> None:
    with pytest.raises(InputError, match="cannot be encoded as"):
        encode(np.zeros((2, 70_000, 3), np.uint8), "jpg")  # JPEG ends at 65,535 pixels
