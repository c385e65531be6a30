"""What the comment lines of a WFDB header say of person and time, where it can be told without doubt. Never names."""

import re
from datetime import datetime

from einthoven.core.ecg import Person

OVER_89_YEARS = 90.0  # how "over 89" is written here; sets withhold the exact age of the oldest

_AGE = re.compile(r"<?age>?\s*[:=]\s*(>?)\s*(\d{1,3}(?:\.\d+)?)\s*(?:years|y)?\s*(?=$|<|,)", re.IGNORECASE)
_SEX = re.compile(r"<?sex>?\s*[:=]\s*(male|female|m|f)\b", re.IGNORECASE)
_DATE = re.compile(r"(?:ECG )?date\s*[:=]\s*(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2})\s*$", re.IGNORECASE)


def person_of(comments: tuple[str, ...]) -> Person:
    """Return age and sex of the comment lines; what is absent, unknown or impossible is None."""
    age = next((match for line in comments if (match := _AGE.match(line))), None)
    sex = next((match for line in comments if (match := _SEX.search(line))), None)
    years = age_years(float(age.group(2)), over=bool(age.group(1))) if age else None
    return Person(age_years=years, sex=None if sex is None else "female" if sex.group(1)[0] in "fF" else "male")


def age_years(stated: float | None, over: bool = False) -> float | None:
    """Return an age as a table states it: 300, or anything marked as over 89, is 90; the impossible is None."""
    if stated == 300 or (over and stated is not None):
        return OVER_89_YEARS
    return stated if stated is not None and 0 <= stated <= 120 else None


def recorded_at_of(comments: tuple[str, ...]) -> datetime | None:
    """Return the day of the recording where a line like 'Date: 13/01/1995' (day first) or '1995-01-13' says it."""
    for line in comments:
        match = _DATE.match(line)
        for pattern in ("%d/%m/%Y", "%Y-%m-%d") if match else ():
            try:
                return datetime.strptime(match.group(1), pattern) if match else None
            except ValueError:
                continue
    return None
