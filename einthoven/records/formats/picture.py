"""Pictures of ECGs: PNG, JPEG, TIFF (first page), BMP and WebP, as upright RGB without anything that came with them.

Size in bytes and pixels is checked before decoding; what metadata says of camera, place or person is not carried on.
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


def read_picture(path: Path) -> Page:
    """Read a picture. Raises InputError when it is absent, FormatError when damaged, too large or of another kind."""
    from PIL import Image, UnidentifiedImageError

    if not path.is_file():
        raise InputError(f"{path}: no such file")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FormatError(f"{path}: {size} bytes; at most {MAX_BYTES} are read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package's own, softer, limits of size
            with path.open("rb") as stream, Image.open(stream, formats=_READ) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise FormatError(f"{path}: {width} x {height} pixels; at most {MAX_PIXELS} in all are read")
                return Page(_upright_rgb(image, path), str(path))
    except Image.DecompressionBombError as error:
        raise FormatError(f"{path}: more than {MAX_PIXELS} pixels; save a smaller picture") from error
    except UnidentifiedImageError as error:
        raise FormatError(f"{path}: not a picture that is read; there are {', '.join(_READ)}") from error
    except (EcgError, MemoryError):
        raise
    except Exception as error:  # decoders of damaged files raise whatever they meet
        raise FormatError(f"{path}: damaged picture ({type(error).__name__})") from error


def _upright_rgb(image: "Image", path: Path) -> NDArray[np.uint8]:
    """Return (h, w, 3): turned as its orientation mark says, transparency over white, 16 bits cut to 8."""
    from PIL import Image as images
    from PIL import ImageOps

    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        image = images.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    elif image.mode in ("I", "F"):
        raise FormatError(f"{path}: pixels of mode {image.mode}; save it with 8 bits a colour")
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = images.alpha_composite(images.new("RGBA", image.size, "white"), image)
    return np.array(image.convert("RGB"), np.uint8)
