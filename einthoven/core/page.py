"""A picture of an ECG: pixels, where they came from, and the truth about them where it is known."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import InputError


@dataclass(frozen=True, eq=False)
class Page:
    """One page. pixels: (height, width, 3) uint8 RGB, upright; truth: what a renderer knows of it, else None."""

    pixels: NDArray[np.uint8]
    source: str = ""
    truth: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            shape = f"{self.pixels.dtype} {self.pixels.shape}"
            raise InputError(f"{self.source}: pixels are {shape}, must be uint8 (h, w, 3)")
        self.pixels.setflags(write=False)
