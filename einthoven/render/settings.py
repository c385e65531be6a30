"""What a caller may fix of a page: layout, paper, scale, text; all else follows from the preset and the seed."""

from dataclasses import dataclass
from typing import Literal, TypedDict, get_args

from einthoven.core.errors import InputError
from einthoven.render.carts import CARTS
from einthoven.render.layouts import Side, layout_of
from einthoven.render.presets import TextName, preset_of
from einthoven.render.sheet import PAPERS, PaperName, refuse_dpi
from einthoven.render.wear.parts import Wear

Columns = Literal["auto", "sequential", "simultaneous"]
SPEEDS_MM_S, GAINS_MM_MV = (25.0, 50.0), (5.0, 10.0, 20.0)


class How(TypedDict, total=False):
    """What `render` takes beside the ECG; see `Settings`."""

    layout: str | None
    preset: str
    seed: int
    wear: "float | Wear | None"
    speed_mm_s: float
    gain_mm_mv: float
    chest_gain_mm_mv: float | None
    dpi: float
    paper: PaperName
    cart: str | None
    pulse: Side | None
    columns: Columns
    text: TextName | None
    masks: bool


@dataclass(frozen=True)
class Settings:
    """The page that is wanted.

    layout: a name in LAYOUTS, None for the preset's (3x4+II for most); preset: a name in PRESETS; wear: None for the
    preset's, 0..1, or a `Wear`; speed_mm_s 25 or 50; gain_mm_mv 5, 10 or 20, that of the chest leads apart if wanted;
    dpi 50..600; cart: a name in CARTS, None draws one; pulse: "left", "right" or "none", None: where
    the cart has it; columns: whether a column begins where the one before ended
    ("auto": where the recording is long enough); text: what the header says, None for the preset's: "neutral", "none",
    "own" (age, sex, figures and statements of this ECG) or "other" (of another one); masks: a label image of the traces
    too. Raises InputError for what cannot be.
    """

    layout: str | None = None
    preset: str = "clean"
    seed: int = 0
    wear: float | Wear | None = None
    speed_mm_s: float = 25.0
    gain_mm_mv: float = 10.0
    chest_gain_mm_mv: float | None = None
    dpi: float = 200.0
    paper: PaperName = "letter"
    cart: str | None = None
    pulse: Side | None = None
    columns: Columns = "auto"
    text: TextName | None = None
    masks: bool = False

    def __post_init__(self) -> None:
        if self.layout is not None:
            layout_of(self.layout)
        preset_of(self.preset)
        if self.cart is not None:
            _one_of("cart", self.cart, tuple(CARTS))
        refuse_dpi(self.dpi)
        _one_of("speed", self.speed_mm_s, SPEEDS_MM_S, "mm/s")
        _one_of("gain", self.gain_mm_mv, GAINS_MM_MV, "mm/mV")
        if self.chest_gain_mm_mv is not None:
            _one_of("chest gain", self.chest_gain_mm_mv, GAINS_MM_MV, "mm/mV")
        _one_of("paper", self.paper, tuple(PAPERS))
        if self.pulse is not None:
            _one_of("pulse", self.pulse, get_args(Side))
        _one_of("columns", self.columns, get_args(Columns))
        if self.text is not None:
            _one_of("text", self.text, get_args(TextName))
        if isinstance(self.wear, int | float) and not 0 <= self.wear <= 1:
            raise InputError(f"wear is {self.wear:g}; it must be 0 (none) to 1 (barely readable)")
        if self.seed < 0:
            raise InputError(f"seed is {self.seed}; a seed is 0 or more")


def _one_of(what: str, value: object, known: tuple[object, ...], unit: str = "") -> None:
    if value not in known:
        names = ", ".join(f"{one:g}" if isinstance(one, float) else str(one) for one in known)
        raise InputError(f"{what} is {value!r}; it must be {names} {unit}".rstrip())
