"""PDF: one page as upright RGB, at the resolution of the scan in it if it is one, without forms, scripts or metadata.

Sizes are checked before anything is drawn; the time that a page takes is not, and a page can be made to take long.
PDFium knows no threads: pages are drawn one at a time. Who calls it elsewhere in the process has to take turns too.
"""

import math
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import EcgError, FormatError, InputError
from einthoven.core.page import Page
from einthoven.records.formats.picture import MAX_PIXELS, head_of

POINTS = 72.0  # an inch
_ONE_AT_A_TIME = Lock()
_LOCKED = {4: "PDF with a password; save it without", 5: "PDF under a lock of unknown kind; save it without"}
_HIDDEN_TEXT = 3  # what a scanner's program read lies unseen over its picture


def read_pdf(path: Path, page: int = 1, dpi: float = 200.0) -> Page:
    """Draw one page, counted from 1, at dpi or less where it would have too many pixels.

    Raises InputError when file or page is absent, FormatError when the file is damaged, locked or too large.
    """
    import pypdfium2

    head_of(path)
    content = path.read_bytes()
    if b"%%EOF" not in content[-4096:]:  # PDFium would draw what there is, and half an ECG looks like a whole one
        raise FormatError(f"{path}: PDF breaks off, no %%EOF at its end; get the whole file")
    with _ONE_AT_A_TIME:
        try:
            with pypdfium2.PdfDocument(content) as document:
                if not 1 <= page <= len(document):
                    raise InputError(f"{path}: has {len(document)} pages; page {page} was asked for")
                with closing(document[page - 1]) as sheet:
                    return Page(_drawn(sheet, _size(sheet, dpi, path)), str(path))
        except (EcgError, MemoryError):
            raise
        except Exception as error:  # a RuntimeError for nearly everything, of which a code says what it was
            lock = _LOCKED.get(getattr(error, "err_code", 0) or 0)
            if lock and b"/Encrypt" in content:  # the code may be that of an earlier file
                raise FormatError(f"{path}: {lock}") from error
            raise FormatError(f"{path}: damaged PDF, or one without pages ({type(error).__name__})") from error


def _drawn(sheet: Any, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Draw a page over width x height pixels, but for a hundredth at each side.

    An edge that falls a rounding error outside would be given a pixel more, and a scan be blurred all over to fill it.
    """
    from pypdfium2 import PdfBitmap, raw

    across, down = (
        (pixels - 0.02) / points for pixels, points in zip(size, (sheet.get_width(), sheet.get_height()), strict=True)
    )
    look = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER  # marks on the page are seen on paper too; fields are not drawn
    with closing(PdfBitmap.new_native(*size, raw.FPDFBitmap_BGR, rev_byteorder=True)) as bitmap:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
        matrix, frame = raw.FS_MATRIX(across, 0, 0, down, 0.01, 0.01), raw.FS_RECTF(0, 0, *size)
        raw.FPDF_RenderPageBitmapWithMatrix(bitmap, sheet, matrix, frame, look)
        return np.array(bitmap.to_numpy(), np.uint8)  # a copy, for the bitmap's own memory is given back


def _size(sheet: Any, dpi: float, path: Path) -> tuple[int, int]:
    """Return width and height in pixels: as wished, or the most within MAX_PIXELS if that is 72 dpi or more."""
    width, height = map(float, sheet.get_size())
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise FormatError(f"{path}: page of {width:g} x {height:g} points; it must have a size")
    wish = _wish(sheet, dpi / POINTS, path)
    # the root of (width * most + 1) * (height * most + 1) = MAX_PIXELS, for each side may be rounded up
    around = width + height
    most = 2 * (MAX_PIXELS - 1) / (around + math.sqrt(around**2 + 4 * width * height * (MAX_PIXELS - 1)))
    if most < min(wish, 1.0):
        raise FormatError(f"{path}: page of {width:.0f} x {height:.0f} points; at most {MAX_PIXELS} pixels are read")
    scale = min(wish, most)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _wish(sheet: Any, usual: float, path: Path) -> float:
    """Return pixels a point at which no detail of a scan is lost; the usual where the page is no scan.

    Pictures make a scan when they cover half of the page; with nothing else on it, their pixels come back as they are.
    """
    from pypdfium2 import raw

    area = math.prod(sheet.get_size())
    densities, covered, alone = [usual], 0.0, True
    for thing in sheet.get_objects():
        if thing.type != raw.FPDF_PAGEOBJ_IMAGE:
            text = thing.type == raw.FPDF_PAGEOBJ_TEXT
            alone = alone and text and raw.FPDFTextObj_GetTextRenderMode(thing) == _HIDDEN_TEXT
            continue
        across, down = thing.get_px_size()
        if across * down > MAX_PIXELS:
            raise FormatError(f"{path}: picture of {across} x {down} pixels in it; at most {MAX_PIXELS} are read")
        a, b, c, d, *_ = thing.get_matrix().get()
        width, height = math.hypot(a, b), math.hypot(c, d)
        if thing.level == 0 and width * height > area / 20:  # deeper ones are in another measure; logos do not count
            covered += width * height
            densities.append(max(across / width, down / height))
    if covered < area / 2:
        return usual
    return max(densities[1:] if alone else densities)
