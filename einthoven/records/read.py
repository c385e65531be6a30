"""`read(path) -> Ecg` and `read_page(path) -> Page`: the two doors through which recordings come in."""

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from einthoven.core.ecg import Ecg
from einthoven.core.errors import FormatError, InputError
from einthoven.records.formats import FORMATS, SUFFIXES


class Format(Protocol):
    """What a file format offers: one function. It raises only EcgError subclasses."""

    def __call__(self, path: Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg: ...


def load_format(name: str) -> Format:
    """Return the function of a format by its name in FORMATS."""
    module, _, attribute = FORMATS[name].partition(":")
    return cast(Format, getattr(import_module(module), attribute))


def read(path: str | Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read a recording; its format is told by its suffix.

    rate_hz and unit (V, mV, uV, nV) are for formats that do not say them. Raises InputError, FormatError, UnitError,
    LeadError, each with one line.
    """
    path = Path(path)
    return load_format(_format_of(path))(path, rate_hz, unit)


def _format_of(path: Path) -> str:
    suffix = path.suffix.lower()
    if path.with_name(path.name + ".hea").is_file():
        return "wfdb"  # a stem with a dot in it
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if not path.exists():
        raise InputError(f"{path}: no such file; give a record (WFDB header or stem) or one of {', '.join(SUFFIXES)}")
    raise FormatError(f"{path}: {suffix} is not a format that is read; there are {', '.join(filter(None, SUFFIXES))}")
