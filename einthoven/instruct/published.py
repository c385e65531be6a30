"""What ECGInstruct is made of, as published: source, category, type (arXiv 2410.19008, table A1)."""

from collections.abc import Mapping

Cell = tuple[str, str]  # category and type


def _cells(**rows: tuple[int, int, int, int]) -> dict[Cell, int]:
    names = ("close", "open", "fill", "mcq")
    return {
        (row, name): count for row, counts in rows.items() for name, count in zip(names, counts, strict=True) if count
    }


PUBLISHED: Mapping[str, Mapping[Cell, int]] = {
    "ptbxl": _cells(
        feature=(22_759, 906, 449, 5_716), rhythm=(19_550, 201, 436, 16_179), morphology=(50_166, 2_649, 680, 13_432),
        report=(0, 16_302, 0, 0),
    ),
    "ecgqa": _cells(feature=(40_154, 0, 0, 0), rhythm=(8_993, 0, 0, 0), morphology=(90_211, 0, 0, 0)),
    "mimic_iv_ecg": _cells(
        feature=(759, 4_759, 6_470, 17_186), rhythm=(48_625, 5_262, 11_487, 49_352),
        morphology=(8_241, 81_080, 18_264, 61_456), report=(0, 486_746, 0, 0),
    ),
    "code15": _cells(feature=(22_177, 0, 0, 0), rhythm=(13_893, 0, 0, 0), morphology=(31_570, 0, 0, 0)),
}  # fmt: skip
TOTAL = sum(count for cells in PUBLISHED.values() for count in cells.values())


def planned(samples: int) -> dict[str, dict[Cell, float]]:
    """Return how many samples of each cell a set of this size has, source by source, in the published proportions."""
    return {
        source: {cell: count * samples / TOTAL for cell, count in cells.items()} for source, cells in PUBLISHED.items()
    }


def mix(sources: list[str]) -> dict[Cell, float]:
    """Return the share of each cell among the samples of these sources."""
    total = sum(sum(PUBLISHED[source].values()) for source in sources)
    shares: dict[Cell, float] = {}
    for source in sources:
        for cell, count in PUBLISHED[source].items():
            shares[cell] = shares.get(cell, 0.0) + count / total
    return shares
