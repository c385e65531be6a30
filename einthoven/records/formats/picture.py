"""Pictures of ECGs: PNG, JPEG, TIFF (one page), BMP and WebP, as upright RGB without anything that came with them.

Size in bytes and pixels is checked before decoding; what metadata says of camera, place or person is not carried on.
Colour profiles are not applied: paper, grid and ink are told apart by far more than profiles change.
"""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import EcgError, FormatError, InputError
from einthoven.core.page import Page

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES, MAX_PIXELS = 1 << 27, 80_000_000  # twice a page of A4 at 600 dpi
_READ = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file. Raises InputError when it does not open, FormatError when too large."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give one picture in it")
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FormatError(f"{path}: {size} bytes; at most {MAX_BYTES} are read")
        with path.open("rb") as stream:
            return stream.read(1024)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror})") from error


def read_picture(path: Path, page: int = 1) -> Page:
    """Read a picture, or one page of a TIFF, counted from 1.

    Raises InputError when file or page is absent, FormatError when it is damaged, too large or of another kind.
    """
    from PIL import Image, UnidentifiedImageError

    head_of(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package's own, softer, limits of size
            with path.open("rb") as stream, Image.open(stream, formats=_READ) as image:
                _go_to(image, page, path)
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise FormatError(f"{path}: {width} x {height} pixels; at most {MAX_PIXELS} in all are read")
                return Page(_rgb(_upright(image), path), str(path))
    except Image.DecompressionBombError as error:
        raise FormatError(f"{path}: more than {MAX_PIXELS} pixels; save a smaller picture") from error
    except UnidentifiedImageError as error:
        raise FormatError(f"{path}: not a picture that is read; there are {', '.join(_READ)}, PDF") from error
    except (EcgError, MemoryError):
        raise
    except Exception as error:  # decoders of damaged files raise whatever they meet
        raise FormatError(f"{path}: damaged picture ({type(error).__name__})") from error


def _go_to(image: "Image", page: int, path: Path) -> None:
    """Open a page. Only those of a TIFF are pages; further frames of other kinds move, or are previews."""
    if page == 1:
        return
    pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if not 1 <= page <= pages:
        raise InputError(f"{path}: has {pages} page{'s' * (pages != 1)}; page {page} was asked for")
    image.seek(page - 1)


def _upright(image: "Image") -> "Image":
    """Turn a picture as its orientation mark says.

    The library's own function writes the mark's new value back among the others, and fails when one of those is odd.
    """
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    image.load()  # TIFFs are turned here already, and their mark is taken away
    turn = turns.get(image.getexif().get(0x0112, 1))
    return image if turn is None else image.transpose(turn)


def _rgb(image: "Image", path: Path) -> NDArray[np.uint8]:
    """Return (h, w, 3): transparency over white, 12 and 16 bits cut to 8."""
    from PIL import Image as images

    if image.mode.startswith("I;16"):
        image = images.fromarray(_eight_bits(image))
    elif image.mode in ("I", "F", "LAB"):
        raise FormatError(f"{path}: pixels of mode {image.mode}; save it as grey or RGB with 8 bits a colour")
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = images.alpha_composite(images.new("RGBA", image.size, "white"), image)
    return np.array(image.convert("RGB"), np.uint8)


def _eight_bits(image: "Image") -> NDArray[np.uint8]:
    tags = getattr(image, "tag_v2", {})  # of a TIFF, which may have 12 bits in 16, or 0 for white: neither is seen to
    grey = np.asarray(image).astype(np.uint16) >> (tags.get(258, (16,))[0] - 8)
    return np.asarray(255 - grey if tags.get(262) == 0 else grey, np.uint8)
