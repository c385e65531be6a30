"""`read(path) -> Ecg` and `read_page(path) -> Page`: the two doors through which recordings come in."""

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from einthoven.core.ecg import Ecg
from einthoven.core.errors import FormatError, InputError
from einthoven.core.page import Page
from einthoven.records.formats import FORMATS, PICTURES, SUFFIXES

_MAGIC = {b"\x93NUMPY": "npy", b"MATLAB ": "mat"}
_PICTURE_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)  # bytes


class Format(Protocol):
    """What a file format offers: one function. It opens `path` and files beside it, and raises only EcgErrors.

    rate_hz and unit are what the caller states; a format that knows them itself raises UnitError when they differ,
    one that does not raises UnitError when they are absent (also from NAME.json).
    """

    def __call__(self, path: Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg: ...


def load_format(name: str) -> Format:
    """Return the function of a format by its name in FORMATS."""
    module, _, attribute = FORMATS[name].partition(":")
    return cast(Format, getattr(import_module(module), attribute))


def read(path: str | Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read a recording: a WFDB header or its stem, or a CSV, NumPy or MATLAB table.

    rate_hz and unit (V, mV, uV, nV) are for formats that do not say them. Raises InputError, FormatError, UnitError
    or LeadError, each with one line that names the file.
    """
    return load_format(format_of(path))(Path(path), rate_hz, unit)


def read_page(path: str | Path, page: int = 1) -> Page:
    """Read a picture of an ECG, PNG, JPEG, TIFF, BMP, WebP or PDF, as upright RGB pixels.

    page counts from 1, in a PDF or TIFF. Raises InputError or FormatError, each with one line that names the file.
    """
    from einthoven.records.formats.picture import head_of, read_picture

    path = _local(path)
    if path.suffix.lower() in SUFFIXES or (path.name and path.with_name(f"{path.name}.hea").is_file()):
        raise InputError(f"{path}: is a recording; use read")
    head = head_of(path)
    if _is_pdf(head):
        from einthoven.records.formats.pdf import read_pdf

        return read_pdf(path, page)
    return read_picture(path, page)


def is_picture(path: str | Path) -> bool:
    """Tell whether `read_page` rather than `read` is meant for a path, by its suffix alone."""
    return Path(path).suffix.lower() in PICTURES


def format_of(path: str | Path) -> str:
    """Return the name of the format in which `read` reads a path: by files beside it, suffix, or first bytes.

    Raises InputError or FormatError.
    """
    path = _local(path)
    suffix = path.suffix.lower()
    if not path.name:  # "." and "/"
        raise InputError(f"{path}: is a folder; give one record in it")
    if path.with_name(f"{path.name}.hea").is_file() or (suffix == ".mat" and path.with_suffix(".hea").is_file()):
        return "wfdb"
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if is_picture(path):
        raise InputError(f"{path}: is a picture; use read_page")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give one record in it")
    if not path.is_file():
        raise InputError(f"{path}: no such record; give a WFDB header or stem, or a {', '.join(SUFFIXES)} file")
    return _by_content(path)


def _local(path: str | Path) -> Path:
    if "://" in str(path) or "\0" in str(path) or not str(path):
        raise InputError(f"{str(path)!r}: is not the path of a file; recordings are read from local files only")
    return Path(path)


def _by_content(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(1024)
    if _is_drawn(head) or _is_pdf(head):
        raise InputError(f"{path}: is a picture; use read_page")
    name = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)
    if name is None:
        raise FormatError(f"{path}: not a format that is read; a WFDB header or a {', '.join(SUFFIXES)} file is")
    return name


def _is_drawn(head: bytes) -> bool:
    if head.startswith(b"BM"):  # as may a text
        return int.from_bytes(head[14:18], "little") in _BMP_HEADERS
    if head.startswith(b"RIFF"):  # as does sound
        return head[8:12] == b"WEBP"
    return head.startswith(_PICTURE_MAGIC)


def _is_pdf(head: bytes) -> bool:
    """Tell a PDF, before whose first line other bytes may stand, unless it is a picture that speaks of one."""
    return b"%PDF-" in head and not _is_drawn(head)
