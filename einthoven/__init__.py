"""Einthoven reads an electrocardiogram and answers questions about it in words. Research use only."""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from einthoven.ask import ask as ask
    from einthoven.core.ecg import Ecg as Ecg
    from einthoven.core.errors import EcgError as EcgError
    from einthoven.core.measurements import Measurements as Measurements
    from einthoven.core.page import Page as Page
    from einthoven.core.sample import Answer as Answer
    from einthoven.measure.entry import measure as measure
    from einthoven.records.read import read as read
    from einthoven.records.read import read_page as read_page
    from einthoven.records.simulate import simulate as simulate
    from einthoven.render.page import render as render

__version__ = "0.1.0"

# Public name -> where it lives; loaded on first use, so that `import einthoven` costs nothing.
_HOMES = {
    "Answer": "einthoven.core.sample",
    "Ecg": "einthoven.core.ecg",
    "EcgError": "einthoven.core.errors",
    "Measurements": "einthoven.core.measurements",
    "Page": "einthoven.core.page",
    "ask": "einthoven.ask",
    "measure": "einthoven.measure.entry",
    "read": "einthoven.records.read",
    "read_page": "einthoven.records.read",
    "render": "einthoven.render.page",
    "simulate": "einthoven.records.simulate",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'einthoven' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """Keeps `einthoven.ask` and `einthoven.render` the functions when the modules of those names are imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
