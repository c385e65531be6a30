"""In which leads a report sees a form finding, so far as it says so in one of a few set phrases.

PTB-XL's table gives form findings without leads. Half of its English reports are written by one device, whose phrases
("st segments are depressed in i, v4,5,6.") name them. Only a finding that the table gives too is placed.
"""

import re
from collections.abc import Collection

from einthoven.core.leads import CHEST, LIMB
from einthoven.instruct.ecgqa.cells import leads_in

_T = ("NT_", "NDT", "TAB_")
# phrase -> the codes that it places
_PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"st segments are (?:slightly )?depressed and t waves inverted", ("STD_", "NST_", "INVT", *_T)),
    (r"st segments are (?:slightly )?depressed|st segment depression|st[- ]+senkung", ("STD_", "NST_")),
    (r"st segments are (?:slightly )?elevated|st segment elevation|st[- ]+hebung", ("STE_", "NST_")),
    (r"st-t wave changes", ("NST_", *_T)),
    (r"t waves are (?:slightly )?inverted|t wave inversion|(?<!st )t neg(?:ativ)?", ("INVT", *_T)),
    (r"and (?:slightly )?(?:inverted|inversion)", ("INVT", *_T)),
    (r"t waves are (?:low|flat) or slightly inverted", ("LOWT", "INVT", *_T)),
    (r"t waves are (?:low or flat|low|flat)|t wave flattening|and (?:low or )?flat", ("LOWT", *_T)),
    (r"q waves|qs complexes", ("QWAVE",)),
    (r"voltages are low", ("LVOLT",)),
    (r"voltages are high", ("VCLVH", "HVOLT")),
)
_LEAD = r"(?:i{1,3}|av[rlf]|v[1-6](?:\s*-\s*v?[1-6])?|[1-6](?:\s*-\s*[1-6])?|limb leads|chest leads)"
_PLACES = rf"({_LEAD}\b(?:\s*(?:,\s*)+(?:and\s+)?{_LEAD}\b|\s+and\s+{_LEAD}\b)*)"
_FOUND = tuple((re.compile(rf"\b(?:{words})\s+in\s+{_PLACES}"), codes) for words, codes in _PHRASES)
_VAGUE = re.compile(r"throughout|generally|these leads")  # T waves, in leads that are not all named
_CUT_CHARS = 240  # the table ends longer reports in the middle of a word
_LOW_LIMB = re.compile(r"\blow limb lead voltage|periphere niederspannung")


def form_leads(report: str, codes: Collection[str]) -> dict[str, frozenset[str]]:
    """Return code -> leads for those of these form codes that the report places.

    >>> report = "st segments are depressed in i, v5,6. t waves are flat in v2 and inverted in avl."
    >>> {code: sorted(leads) for code, leads in form_leads(report, ["STD_", "INVT"]).items()}
    {'STD_': ['I', 'V5', 'V6'], 'INVT': ['aVL']}
    """
    text = " ".join(report.casefold().split()) if len(report) < 10_000 else ""
    found: dict[str, frozenset[str]] = {}
    for pattern, placed in _FOUND:
        for match in pattern.finditer(text):
            if match.end() == len(text) and len(report) >= _CUT_CHARS:
                continue
            leads = _leads(match[1])
            for code in (code for code in placed if code in codes):
                found[code] = found.get(code, frozenset()) | leads
    if "LVOLT" in codes and _LOW_LIMB.search(text):
        found["LVOLT"] = found.get("LVOLT", frozenset()) | set(LIMB)
    vague = {"LOWT", "INVT", *_T} if _VAGUE.search(text) else set()
    return {code: leads for code, leads in found.items() if leads and code not in vague}


def _leads(text: str) -> frozenset[str]:
    named = text.replace(" and ", ",")
    whole = [
        lead for words, leads in (("limb leads", LIMB), ("chest leads", CHEST)) if words in named for lead in leads
    ]
    rest = re.sub(r"limb leads|chest leads", "", named)
    return frozenset(whole) | (leads_in(rest) or frozenset())
