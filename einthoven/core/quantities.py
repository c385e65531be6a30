"""The one number that a text says, in the unit that is asked for; ranges, bounds and counts of leads are none."""

import re

from einthoven.core.errors import QuestionError

# Spelling -> what it measures and its size in the unit of the first row of its kind.
_UNITS = {
    "ms": ("time", 1.0), "msec": ("time", 1.0), "millisecond": ("time", 1.0), "milliseconds": ("time", 1.0),
    "s": ("time", 1000.0), "sec": ("time", 1000.0), "second": ("time", 1000.0), "seconds": ("time", 1000.0),
    "mv": ("voltage", 1.0), "millivolt": ("voltage", 1.0), "millivolts": ("voltage", 1.0),
    "uv": ("voltage", 0.001), "µv": ("voltage", 0.001), "μv": ("voltage", 0.001), "microvolts": ("voltage", 0.001),
    "bpm": ("rate", 1.0), "/min": ("rate", 1.0), "beats per minute": ("rate", 1.0), "beats/min": ("rate", 1.0),
    "°": ("angle", 1.0), "deg": ("angle", 1.0), "degree": ("angle", 1.0), "degrees": ("angle", 1.0),
    "mm": ("length", 1.0), "years": ("age", 1.0), "%": ("share", 1.0), "percent": ("share", 1.0),
}  # fmt: skip
_SPELLED = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\w.,^])(?<!\d[:/])(?P<sign>[+-]?)(?P<digits>\d+(?:[.,]\d+)*)(?:\s*(?P<unit>{_SPELLED})(?![a-z]))?",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"(?:[<>≤≥±]=?|\b(?:less|more|greater|lower|higher|fewer|shorter|longer) than|\b(?:above|below|under|over|at least"
    r"|at most|up to|not|between|from|exceeds?)|\d\s*[a-z%°]*\s*(?:-|\bto\b)|\bbetween\s[\d.,\s]+[a-z]*\s+and)\s*$",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(r"[a-z_^]|[:/]\d|[\s\-]?leads?\b|\s*(?:-|to)\s*[+-]?\d", re.IGNORECASE)


def number_in(text: str, unit: str | None) -> float | None:
    """Return the one number of a text, converted to `unit`; see `reading.read_number`. Raises QuestionError."""
    wanted = None if unit is None else _UNITS.get(unit.strip().casefold())
    if unit is not None and wanted is None:
        raise QuestionError(f"unit {unit!r} is not known; use one of ms, s, mV, uV, bpm, deg, mm, years, %")
    plain: set[float] = set()
    converted: set[float] = set()
    for match in _NUMBER.finditer(text):
        value = _value(match, text)
        found = _UNITS.get((match["unit"] or "").casefold())
        if value is None:
            continue
        if wanted is None or found is None:
            plain.add(value)
        elif found[0] == wanted[0]:
            converted.add(value if found == wanted else value * found[1] / wanted[1])
    values = converted or plain
    return values.pop() if len(values) == 1 else None


def _value(match: re.Match[str], text: str) -> float | None:
    """Return the number, or None where it is half of a range, a bound or part of a word."""
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 20]
    if _NOT_AFTER.search(before) or _NOT_BEFORE.match(after):
        return None
    digits = match["digits"]
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")  # thousands
    elif digits.count(",") == 1 and "." not in digits:
        digits = digits.replace(",", ".")  # a decimal comma
    if not re.fullmatch(r"\d+(?:\.\d+)?", digits):
        return None
    negative = match["sign"] == "-" or re.search(r"\bminus\s*$", before, re.IGNORECASE)
    return -float(digits) if negative else float(digits)
