"""One page's look: what the preset leaves open, decided by the seed, each decision by its own name."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from einthoven.core.rng import rng
from einthoven.render.carts import Cart, draw_cart
from einthoven.render.layouts import LAYOUTS
from einthoven.render.presets import PHOTO_BAD, PRESETS, Ranges, TextName
from einthoven.render.settings import Settings
from einthoven.render.wear.parts import Dice, Wear

DiceOf = Callable[[str], Dice]


@dataclass(frozen=True)
class Look:
    """Everything that a preset and the seed decided about one page."""

    layout: str
    cart: Cart
    cart_name: str
    wear: Wear
    grey: bool
    notes: bool
    stamp: bool
    barcode: bool
    text: TextName


def draw_look(settings: Settings, dice_of: DiceOf) -> Look:
    """Decide what is open; dice_of gives the chance of each decision by its name, so that none moves another."""
    preset = PRESETS[settings.preset]

    def often(name: str, share: float) -> bool:
        return share > 0 and bool(dice_of(name).random() < share)

    plain = often("plain", preset.plain)
    layout = settings.layout
    if layout is None:
        names = [name for name in LAYOUTS if name in preset.layouts]
        weights = [preset.layouts[name] for name in names]
        layout = names[0] if plain else str(dice_of("layout").choice(names, p=[one / sum(weights) for one in weights]))
    name = settings.cart or str(dice_of("cart").choice(list(preset.carts)))
    cart = draw_cart(name, dice_of("shades"))
    if often("gridless", preset.gridless):
        cart = replace(cart, grid=replace(cart.grid, kind="none"))
    if often("bw", preset.bw):
        cart = replace(cart, tone="bw")
    return Look(
        layout, cart, name,
        wear_of(settings.wear, {} if plain else preset.wear, dice_of),
        often("grey", preset.grey), often("notes", preset.notes), often("stamp", preset.stamps),
        often("barcode", preset.barcodes), settings.text or preset.text,
    )  # fmt: skip


def wear_of(wanted: float | Wear | None, ranges: Ranges, dice_of: DiceOf) -> Wear:
    """Return the wear: as stated, or at one strength, or drawn from a preset's ranges."""
    if isinstance(wanted, Wear):
        return wanted
    if wanted is not None:
        ranges = {name: (often, wanted * 0.6, wanted) for name, (often, _, _) in PHOTO_BAD.items()} if wanted else {}
    strengths = {}
    for part in (one.name for one in fields(Wear)):
        if part in ranges:
            often, least, most = ranges[part]
            dice = dice_of(f"wear {part}")
            there, strength = dice.random() < often, float(dice.uniform(least, most))
            strengths[part] = strength if there else 0.0
    return Wear(**strengths)


def dice_of_page(*names: str | int) -> DiceOf:
    """Return what gives the chance of each decision about one page by the decision's name."""
    return lambda name: rng("page", name, *names)
