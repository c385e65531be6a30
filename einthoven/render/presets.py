"""Presets: how pages come from the printer, the scanner, the phone and the fax, and how ECGInstruct drew its own."""

from dataclasses import dataclass, field
from typing import Literal

from einthoven.core.errors import InputError
from einthoven.render.carts import CARTS

TextName = Literal["none", "neutral", "own", "other"]
Ranges = dict[str, tuple[float, float, float]]  # part of the wear -> how often, least and most strength


@dataclass(frozen=True)
class Preset:
    """A way in which pages come. Shares are of pages, 0..1.

    layouts: weights; carts: families, equally often; wear: how often and how strong each part is; plain: share of pages
    without any wear; gridless, grey, bw: share without grid, scanned in grey, printed in black and white; notes,
    stamps, barcodes: share with these; text: what the header prints.
    """

    layouts: dict[str, float] = field(default_factory=lambda: {"3x4+II": 1.0})
    carts: tuple[str, ...] = tuple(CARTS)
    wear: Ranges = field(default_factory=dict)
    plain: float = 0.0
    gridless: float = 0.0
    grey: float = 0.0
    bw: float = 0.0
    notes: float = 0.0
    stamps: float = 0.0
    barcodes: float = 0.0
    text: TextName = "neutral"


_SCAN: Ranges = {
    "yellowing": (0.4, 0.1, 0.5), "fading": (0.4, 0.1, 0.4), "stain": (0.12, 0.1, 0.4), "crease": (0.3, 0.1, 0.4),
    "rotation": (0.9, 0.02, 0.25), "light": (0.3, 0.02, 0.12), "focus": (0.6, 0.05, 0.3), "noise": (0.7, 0.05, 0.25),
    "resample": (0.3, 0.1, 0.4), "jpeg": (0.6, 0.05, 0.4),
}  # fmt: skip
_PHOTO: Ranges = {
    "yellowing": (0.3, 0.1, 0.4), "fading": (0.3, 0.1, 0.4), "stain": (0.15, 0.1, 0.5), "wrinkle": (0.5, 0.1, 0.6),
    "crease": (0.5, 0.1, 0.6), "fold": (0.4, 0.1, 0.5), "curl": (0.7, 0.1, 0.6), "rotation": (0.9, 0.05, 0.4),
    "perspective": (1.0, 0.05, 0.6), "crop": (0.45, 0.05, 0.5), "table": (1.0, 0.2, 1.0), "finger": (0.25, 0.1, 0.5),
    "light": (1.0, 0.2, 0.8), "shadow": (0.6, 0.1, 0.6), "glare": (0.2, 0.1, 0.5), "moire": (0.05, 0.1, 0.4),
    "focus": (0.8, 0.05, 0.45), "motion": (0.25, 0.05, 0.3), "resample": (0.3, 0.1, 0.4), "noise": (1.0, 0.1, 0.5),
    "sharpen": (0.7, 0.1, 0.7), "jpeg": (0.9, 0.1, 0.5),
}  # fmt: skip
PHOTO_BAD: Ranges = {
    name: (min(1.0, often * 1.4), (least + most) / 2, min(1.0, most * 1.6))
    for name, (often, least, most) in _PHOTO.items()
}

PRESETS: dict[str, Preset] = {
    "clean": Preset(),
    "scan": Preset(wear=_SCAN, grey=0.3, bw=0.1, notes=0.15, stamps=0.1, barcodes=0.2),
    "photo": Preset(wear=_PHOTO, bw=0.05, notes=0.2, stamps=0.08, barcodes=0.2),
    "photo-bad": Preset(wear=PHOTO_BAD, bw=0.05, notes=0.3, stamps=0.15, barcodes=0.2),
    "fax": Preset(
        wear={"fax": (1.0, 0.2, 0.9), "rotation": (0.8, 0.02, 0.2), "resample": (0.3, 0.1, 0.3)},
        bw=0.5, notes=0.2, stamps=0.2, barcodes=0.1,
    ),
    # PULSE, arXiv 2410.19008, section 3: half as printed, half augmented; ranges are ours, theirs are not published
    "ecginstruct": Preset(
        layouts={"3x4+II": 0.7, "12x1": 0.15, "6x2": 0.15},
        carts=("plain",),
        wear={
            "yellowing": (0.5, 0.1, 0.7), "wrinkle": (0.5, 0.1, 0.6), "crease": (0.5, 0.1, 0.6),
            "rotation": (0.7, 0.05, 0.6), "perspective": (0.3, 0.05, 0.3), "crop": (0.2, 0.05, 0.2),
            "light": (0.5, 0.1, 0.5), "resample": (0.4, 0.1, 0.6), "noise": (0.6, 0.1, 0.5),
        },
        plain=0.5, gridless=0.02, text="own",
    ),
}  # fmt: skip


def preset_of(name: str) -> Preset:
    """Return a preset by its name. Raises InputError."""
    if name not in PRESETS:
        raise InputError(f"preset {name!r} is not known; there are {', '.join(PRESETS)}")
    return PRESETS[name]
