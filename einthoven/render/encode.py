"""Pages as bytes: PNG and JPEG, and a page written whole or not at all."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import InputError
from einthoven.core.page import Page

JPEG_QUALITY = 90
SUFFIXES = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg"}


def encode(pixels: NDArray[np.uint8], form: str) -> bytes:
    """Return (height, width, 3) RGB or (height, width) pixels as "png" or "jpg"."""
    import cv2

    flipped = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    ok, data = cv2.imencode(f".{form}", flipped, _options(form))
    if not ok:
        raise InputError(f"a picture of {pixels.shape[1]} x {pixels.shape[0]} pixels cannot be encoded as {form}")
    return data.tobytes()


def form_of(path: Path) -> str:
    """Return "png" or "jpg" by the suffix. Raises InputError."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path}: a page is written as {', '.join(SUFFIXES)}")
    return SUFFIXES[path.suffix.lower()]


def write_page(page: Page, path: Path) -> None:
    """Write a page in the form that the suffix says, whole or not at all."""
    atomic_write(path, encode(page.pixels, form_of(path)))


@lru_cache
def _options(form: str) -> list[int]:
    import cv2

    if form == "jpg":
        return [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    # lines and flat paper repeat themselves: without PNG's filters the file is as small, and made three times as fast
    filters = [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE] if hasattr(cv2, "IMWRITE_PNG_FILTER") else []
    return [cv2.IMWRITE_PNG_COMPRESSION, 1, *filters]
