"""PTB-XL+: the 12SL statements of PTB-XL's recordings and their text (Strodthoff et al., Scientific Data 2023)."""

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from einthoven.records.datasets import Machine
from einthoven.records.datasets.tables import table_lines

STATEMENTS, DICTIONARY = "12sl_statements.csv", "12slv23ToSNOMED.csv"
PLACES = (".", "labels", "labels/mapping", "../ptbxl-plus/labels", "../ptbxl-plus/labels/mapping")
MAX_CELL_CHARACTERS = 10_000
# Statement 544 is printed as `2ST` by the device and as `2` in the dictionary; 545, QRSW-2ST, shows that they are one.
_OTHER_NAME = {"2ST": "2"}
# What a statement that follows belongs to: connectives, qualifiers that stand before, an open bracket, a comma.
_OPEN = frozenset(("$SWITH", "$SAND", "$SOR", "LPAREN", "COMMA", "PO", "CRO", "OCC", "FREQ", "ACCEL", "BLKED", "ST&"))


def statements_12sl(root: Path, wanted: frozenset[str]) -> Mapping[str, Machine]:
    """Return ecg_id -> statements of the ids in `wanted`, none where the tables are not beside PTB-XL.

    A cell that is no list of names is passed over: the recording has then no statements. Raises InputError for a
    table without its columns.
    """
    table = _find(root, STATEMENTS)
    if table is None:
        return {}
    texts = _texts(_find(root, DICTIONARY))
    found: dict[str, Machine] = {}
    for line in table_lines(table, ("ecg_id", "statements"), "PTB-XL+"):
        if line["ecg_id"] in wanted:
            codes = _codes(line["statements"])
            if codes:
                found[line["ecg_id"]] = Machine("12sl", codes, text_of(codes, texts))
    return found


def text_of(codes: Iterable[str], texts: Mapping[str, str]) -> str:
    """Join statements to sentences as the device prints them, "; " between those that do not belong together.

    >>> text_of(["NSR", "IMI", "AU"], {"NSR": "Normal sinus rhythm", "IMI": "Inferior infarct", "AU": ", age unknown"})
    'Normal sinus rhythm; Inferior infarct, age unknown'
    """
    joined = ""
    before = ""
    for code in codes:
        text = texts.get(code) or texts.get(_OTHER_NAME.get(code, "")) or code
        if not joined or before == "LPAREN" or text[0] in ",)":
            gap = ""
        elif before in _OPEN or text[0].islower() or text[0] == "(":
            gap = " "
        else:
            gap = "; "
        joined += gap + text
        before = code
    return joined


def _find(root: Path, name: str) -> Path | None:
    return next((root / place / name for place in PLACES if (root / place / name).is_file()), None)


def _texts(path: Path | None) -> dict[str, str]:
    """Return acronym -> its text without the asterisks that mark it as urgent; the first line of an acronym counts."""
    texts: dict[str, str] = {}
    for line in table_lines(path, ("Acronym", "FullText"), "PTB-XL+") if path else ():
        acronym, text = (line["Acronym"] or "").strip(), re.sub(r"\*+", " ", line["FullText"] or "")
        if acronym and text.strip():
            texts.setdefault(acronym, " ".join(text.split()))
    return texts


def _codes(cell: str | None) -> tuple[str, ...]:
    try:
        said = ast.literal_eval(cell) if cell and len(cell) <= MAX_CELL_CHARACTERS else []
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return ()
    return tuple(code for code in said if isinstance(code, str) and code) if isinstance(said, list) else ()
