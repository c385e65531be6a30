"""What the free-text cells of PTB-XL say about noise, extra beats and infarction: leads and kinds, or left open.

The cells hold German and English words, ranges of leads ("I-AVF", "v1-6", "avl-iii"), misspellings and question
marks. What cannot be read with certainty is open: neither there nor absent.
"""

import re
from collections.abc import Mapping

from einthoven.core.leads import TWELVE

ALL_LEADS = frozenset(TWELVE)
_ORDER = tuple(lead.upper() for lead in TWELVE)
_BY_UPPER = dict(zip(_ORDER, TWELVE, strict=True))
_PRESENT = {"LEICHT", "MITTEL", "STARK", "NOISE", "NOISY", "RECORDING", "DRIFT", "JA"}  # says how much, not where
_ALL = {"ALLES", "ALLE", "ABL"}
_TOKEN = re.compile(r"[A-Z]+\d?|\d+|-+|[^\s,.;!]")


def leads_in(text: str) -> frozenset[str] | None:
    """Return the leads that a cell names, all for "alles"; None when any of it cannot be read.

    >>> sorted(leads_in(" , I,III-AVL,  ") or ()), sorted(leads_in("v4-6") or ()), leads_in("V1,V2,V&")
    (['I', 'III', 'aVL', 'aVR'], ['V4', 'V5', 'V6'], None)
    """
    found: list[str] = []
    dash = chest = False
    for token in _TOKEN.findall(text.upper()):
        if token in _PRESENT:
            continue
        if token in _ALL:
            return ALL_LEADS
        if token.strip("-") == "":
            dash = bool(found)
            continue
        name = f"V{token}" if chest and token.isdecimal() else token  # "V2,3"
        if name not in _BY_UPPER:
            return None
        chest = name.startswith("V")
        if dash:
            first, last = sorted((_ORDER.index(found[-1]), _ORDER.index(name)))
            found += _ORDER[first : last + 1]
        else:
            found.append(name)
        dash = False
    return None if dash else frozenset(_BY_UPPER[name] for name in found)


def noise_in(cells: Mapping[str, str]) -> tuple[dict[str, frozenset[str] | None], frozenset[str]]:
    """Return kind -> its leads (None: somewhere), and the kinds that are left open, from kind -> cell."""
    noise: dict[str, frozenset[str] | None] = {}
    unclear = set()
    for kind, text in cells.items():
        if not text.strip(" ,"):
            continue
        leads = None if "?" in text else leads_in(text)
        if leads is None:
            unclear.add(kind)
        else:
            noise[kind] = leads or None
    return noise, frozenset(unclear)


_EXTRA = re.compile(r"(?<![a-z])(?:SVES|VES|ES)(?![a-z])", re.IGNORECASE)
_EXTRA_NAMES = {
    "SVES": "supraventricular extrasystoles",
    "VES": "ventricular extrasystoles",
    "ES": "extrasystoles",
}


def extra_systoles_in(text: str) -> frozenset[str]:
    """Return the kinds of extra systole in a cell; a number and leads alone are beats of no stated kind.

    >>> sorted(extra_systoles_in("VES,SVES1,alles")), sorted(extra_systoles_in("2,I-AVR"))
    (['supraventricular extrasystoles', 'ventricular extrasystoles'], ['extrasystoles'])
    """
    kinds = {_EXTRA_NAMES[kind.upper()] for kind in _EXTRA.findall(text)}
    return frozenset(kinds or ({"extrasystoles"} if text.strip(" ,") else ()))


_STAGES = {
    "": (),
    "unknown": ("unknown",),
    "Stadium I": ("early",),
    "Stadium I-II": ("early", "middle"),
    "Stadium II": ("middle",),
    "Stadium II-III": ("middle", "old"),
    "Stadium III": ("old",),
}
_AXES = {
    "MID": "normal heart axis",
    "LAD": "left axis deviation",
    "ALAD": "left axis deviation",
    "RAD": "right axis deviation",
    "ARAD": "right axis deviation",
    "AXL": "extreme axis deviation",
    "AXR": "extreme axis deviation",
}


def stages_in(*cells: str) -> frozenset[str] | None:
    """Return the stages of infarction in these cells, none for no infarction; None when one cannot be read."""
    if any(cell.strip() not in _STAGES for cell in cells):
        return None
    return frozenset(f"{stage} stage of myocardial infarction" for cell in cells for stage in _STAGES[cell.strip()])


def axis_in(cell: str) -> str | None:
    """Return the heart axis in a cell, None where it states none (or one that ECG-QA has no word for)."""
    return _AXES.get(cell.strip())
