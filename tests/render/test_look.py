"""What preset and seed decide: each by its own name, in the stated shares, and never against what was asked."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from scipy.stats import binom

from einthoven.core.errors import InputError
from einthoven.render.carts import CARTS
from einthoven.render.layouts import LAYOUTS
from einthoven.render.look import Look, dice_of_page, draw_look, wear_of
from einthoven.render.presets import PRESETS, Preset, preset_of
from einthoven.render.settings import Settings
from einthoven.render.wear.parts import PARTS, Wear

RARE = 1e-5
BASE = Preset(
    layouts={"3x4+II": 0.5, "6x2": 0.5},
    wear={"fading": (0.5, 0.1, 0.9), "noise": (0.5, 0.1, 0.9), "rotation": (0.5, 0.1, 0.9)},
    **{name: 0.5 for name in ("gridless", "grey", "bw", "notes", "stamps", "barcodes")},  # type: ignore[arg-type]
)


def _look(preset: str, seed: int, **how: Any) -> Look:
    return draw_look(Settings(preset=preset, seed=seed, **how), dice_of_page("an ECG", seed))


def _decisions(look: Look) -> dict[str, Any]:
    """Every decision by a flat name."""
    said = asdict(look)
    wear, cart = said.pop("wear"), said.pop("cart")
    grid = cart.pop("grid")
    named = (("wear", wear), ("cart", cart), ("grid", grid))
    return said | {f"{group}.{name}": value for group, values in named for name, value in values.items()}


CHANGES: list[tuple[dict[str, Any], set[str]]] = [
    ({"gridless": 0.9}, {"grid.kind"}),
    ({"bw": 0.9}, {"cart.tone"}),
    ({"grey": 0.1}, {"grey"}),
    ({"notes": 0.9}, {"notes"}),
    ({"stamps": 0.1}, {"stamp"}),
    ({"barcodes": 0.9}, {"barcode"}),
    ({"text": "none"}, {"text"}),
    ({"layouts": {"3x4+II": 0.1, "6x2": 0.9}}, {"layout"}),
    ({"wear": BASE.wear | {"noise": (0.9, 0.5, 0.6)}}, {"wear.noise"}),
    ({"wear": BASE.wear | {"table": (0.8, 0.5, 0.6)}}, {"wear.table"}),
    ({"wear": {name: BASE.wear[name] for name in ("noise", "rotation")}}, {"wear.fading"}),
]


@pytest.mark.parametrize(("change", "moved"), CHANGES, ids=lambda one: str(next(iter(one)))[:20])
def test_changing_one_range_changes_no_other_decision(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], moved: set[str]
) -> None:
    found = set()
    for seed in range(40):
        monkeypatch.setitem(PRESETS, "scan", BASE)
        before = _decisions(_look("scan", seed))
        monkeypatch.setitem(PRESETS, "scan", replace(BASE, **change))
        after = _decisions(_look("scan", seed))
        found |= {name for name in before if before[name] != after[name]}
    assert found == moved


def test_the_carts_of_a_preset_change_the_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(10):
        monkeypatch.setitem(PRESETS, "scan", BASE)
        before = _decisions(_look("scan", seed))
        monkeypatch.setitem(PRESETS, "scan", replace(BASE, carts=("plain",)))
        after = _decisions(_look("scan", seed))
        assert after["cart_name"] == "plain"
        assert all(before[name] == after[name] for name in before if not name.startswith(("cart", "grid")))


def test_a_wear_of_the_whole_page_leaves_its_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(10):
        first, second = (_decisions(_look("photo", seed, wear=wear)) for wear in (None, 0.5))
        assert {name for name in first if first[name] != second[name]} <= {f"wear.{name}" for name in PARTS}


def _within(count: int, of: int, share: float) -> bool:
    """Whether a count is as a share allows."""
    return bool(binom.ppf(RARE, of, share) <= count <= binom.ppf(1 - RARE, of, share))


def test_the_shares_of_ecginstruct() -> None:
    looks = [_look("ecginstruct", seed) for seed in range(400)]
    plain = [look for look in looks if look.wear == Wear()]
    assert _within(len(plain), 400, 0.5)
    assert {look.layout for look in plain} == {"3x4+II"}
    assert {look.cart_name for look in looks} == {"plain"} and {look.text for look in looks} == {"own"}
    assert _within(sum(look.cart.grid.kind == "none" for look in looks), 400, 0.02)
    for layout, share in (("3x4+II", 0.85), ("12x1", 0.075), ("6x2", 0.075)):
        assert _within(sum(look.layout == layout for look in looks), 400, share), layout
    worn = [look for look in looks if look.wear != Wear()]
    for name, (often, least, most) in PRESETS["ecginstruct"].wear.items():
        there = [strength for look in worn if (strength := look.wear.strengths[name]) > 0]
        assert _within(len(there), len(worn), often), name
        assert least <= min(there) and max(there) <= most
        assert max(there) - min(there) > (most - least) / 2, "all over the range"
    others = set(PARTS) - set(PRESETS["ecginstruct"].wear)
    assert not [name for look in looks for name in others if look.wear.strengths[name]]


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "ecginstruct"])
def test_the_shares_of_the_others(preset: str) -> None:
    stated = PRESETS[preset]
    looks = [_look(preset, seed) for seed in range(400)]
    for field, share in (("grey", stated.grey), ("notes", stated.notes), ("stamp", stated.stamps)):
        assert _within(sum(getattr(look, field) for look in looks), 400, share), field
    assert _within(sum(look.barcode for look in looks), 400, stated.barcodes)
    assert _within(sum(look.cart.tone == "bw" for look in looks), 400, stated.bw)
    for cart in CARTS:
        assert _within(sum(look.cart_name == cart for look in looks), 400, 1 / len(CARTS)), cart
    for name, (often, least, most) in stated.wear.items():
        there = [strength for look in looks if (strength := look.wear.strengths[name]) > 0]
        assert _within(len(there), 400, often), name
        assert least <= min(there) and max(there) <= most
    assert {look.layout for look in looks} == {"3x4+II"} and {look.text for look in looks} == {"neutral"}
    assert len({look.cart.line_mm for look in looks}) > 300, "no two machines are quite alike"


@pytest.mark.parametrize("wanted", [0.0, 0.05, 0.3, 1.0])
def test_a_wear_of_one_number_is_no_stronger_than_that(wanted: float) -> None:
    found: list[float] = []
    for seed in range(30):
        for preset in ("clean", "fax"):
            strengths = _look(preset, seed, wear=wanted).wear.strengths.values()
            found += [one for one in strengths if one > 0]
    assert all(0.6 * wanted - 1e-9 <= one <= wanted for one in found)
    assert bool(found) == (wanted > 0)


def test_more_wear_is_more_of_the_same() -> None:
    for seed in range(20):
        weak, strong = (wear_of(wear, {}, dice_of_page("an ECG", seed)).strengths for wear in (0.2, 0.4))
        assert {name: 2 * strength for name, strength in weak.items()} == pytest.approx(strong)


def test_what_is_asked_for_is_what_there_is() -> None:
    wear = Wear(fold=0.25)
    for preset in PRESETS:
        for seed in range(10):
            look = _look(preset, seed, layout="4x3", cart="green", text="none", wear=wear)
            assert (look.layout, look.cart_name, look.text, look.wear) == ("4x3", "green", "none", wear)
            assert look.cart.pulse == CARTS["green"].pulse and look.cart.head == CARTS["green"].head


def test_the_same_page_looks_the_same_and_another_seed_or_ecg_otherwise() -> None:
    settings = Settings(preset="photo")
    first, again, seed, ecg = (
        draw_look(settings, dice_of_page(*names)) for names in (("a", 1), ("a", 1), ("a", 2), ("b", 1))
    )
    assert first == again
    assert first.wear != seed.wear and first.wear != ecg.wear


def test_presets_name_what_there_is() -> None:
    assert set(PRESETS) == {"clean", "scan", "photo", "photo-bad", "fax", "ecginstruct"}
    assert list(Wear().strengths) == list(PARTS)
    assert PRESETS["clean"] == Preset()
    for preset in PRESETS.values():
        assert set(preset.layouts) <= set(LAYOUTS) and set(preset.carts) <= set(CARTS)
        for name, (often, least, most) in preset.wear.items():
            assert name in PARTS
            assert 0 < often <= 1 and 0 <= least <= most <= 1
    for often_and_more in zip(PRESETS["photo"].wear.values(), PRESETS["photo-bad"].wear.values(), strict=True):
        photo, bad = often_and_more
        assert all(one <= other for one, other in zip(photo, bad, strict=True)), "a bad photo is worse in all"


@pytest.mark.parametrize("strength", [1.5, -0.1, float("nan"), float("inf")])
@pytest.mark.parametrize("name", PARTS)
def test_an_impossible_strength_is_refused(name: str, strength: float) -> None:
    with pytest.raises(InputError, match=f"wear {name} is .*; it must be 0 to 1"):
        Wear(**{name: strength})


def test_an_unknown_preset_is_refused_with_the_list() -> None:
    with pytest.raises(InputError, match="'xerox' is not known; there are clean, scan, photo, photo-bad, fax, ecgins"):
        preset_of("xerox")
