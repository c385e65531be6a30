"""Which findings may be asked for: what `certain` knows, less labels that clash and absences that a figure denies."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from einthoven.core.findings import FINDINGS
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts, facts
from einthoven.instruct.family import Category

MANY_STATED = 40  # an archive that decides as many findings is asked for all of them, not only for some

SCP_DIAGNOSTIC = frozenset(
    code for code, one in FINDINGS.items() if one.vocabulary == "SCP-ECG" and "diagnostic" in one.kinds
)
EARLY = frozenset(("PAC", "PVC", "PRC(S)", "BIGU", "TRIGU"))
SINUS = frozenset(("SR", "SARRH", "SBRAD", "STACH"))
RIGHT_BUNDLE = frozenset(("CRBBB", "IRBBB", "RBBB"))
LEFT_BUNDLE = frozenset(("CLBBB", "ILBBB", "LBBB"))
INFARCTS = frozenset(code for code, one in FINDINGS.items() if one.superclass == "MI" and not code.startswith("INJ"))

# Two of these beside each other: a source that says both has doubts, or two moments in mind; nothing of them is asked.
_CLASH = (
    ({"AFIB", "AFLT"}, SINUS | {"1AVB", "LPR"}), ({"AFIB"}, {"AFLT"}), ({"SBRAD"}, {"STACH"}),
    ({"STACH"}, {"BRADY"}), ({"LAD"}, {"RAD"}), ({"LAFB"}, {"LPFB"}), ({"LVOLT"}, {"HVOLT", "VCLVH", "LVH"}),
    ({"CRBBB"}, {"IRBBB"}), ({"CLBBB"}, {"ILBBB"}), (RIGHT_BUNDLE, LEFT_BUNDLE), ({"ACUTEMI"}, {"OLDMI"}),
)  # fmt: skip
_CLASHES = tuple((frozenset(some), frozenset(others)) for some, others in _CLASH)

# A figure beyond these: whether the finding is absent is not certain, whatever the source does not say.
_ABSENT_WITHIN: Mapping[str, tuple[tuple[float, float], str]] = {
    "heart_rate_bpm": ((60, 100), "SBRAD BRADY STACH SVTAC PSVT ATACH VTACH"),
    "pr_ms": ((120, 200), "1AVB LPR AVB WPW"),
    "qrs_ms": ((0, 115), "CLBBB CRBBB LBBB RBBB IVCD ILBBB IRBBB WPW PACE VTACH ABQRS"),
    "qtc_ms.fridericia": ((0, 450), "LNGQT"),
    "axis_deg.qrs": ((-30, 90), "LAD RAD LAFB LPFB ABQRS"),
}
_T_ST = "INVT LOWT NT_ NDT TAB_ STD_ STE_ NST_ NSSTTA"
_INFARCTS = " ".join(sorted(INFARCTS))
_INJURIES = "INJAS INJAL INJIN INJIL INJLA"
# finding -> what it may bring along: not asked as absent beside it (more than `certain` keeps back).
_BRINGS = (
    ("CRBBB RBBB IRBBB IVCD AFIB AFLT SVTAC VCLVH RVH DIG EL PVC", _T_ST),
    (_INFARCTS, f"{_T_ST} {_INJURIES} PRWP ISC_ ABQRS"),
    ("LVH VCLVH HVOLT LVOLT RVH PVC LAD RAD PRWP LAFB LPFB", "ABQRS"),
    ("DIG", "EL"), ("EL", "DIG LNGQT"), ("BRUGADA", "IRBBB RBBB"), ("STE_", f"ERE ACUTEMI MI {_INJURIES}"),
    ("PACE", "SR CLBBB LBBB IVCD LAD LAFB AVB 1AVB 2AVB 3AVB QWAVE SVARR"),
    ("CLBBB LBBB LVH RVH WPW", "PRWP QWAVE"), ("CLBBB LBBB PACE WPW VTACH", "LVH VCLVH RVH SEHYP HVOLT"),
    ("AFIB AFLT PACE VTACH VFIB", "LAO/LAE RAO/RAE"), ("PRWP", "AMI ASMI ALMI"), ("QWAVE ANEUR", _INFARCTS),
    ("STD_ ISC_ ISCAN ISCAS ISCAL ISCIN ISCIL ISCLA", _INJURIES), ("RVH", "RAD"), ("PVC PAC PRC(S)", "BIGU TRIGU"),
    ("ATACH JUNC VTACH SVARR BIGU TRIGU", "SR"), ("3AVB", "1AVB 2AVB JUNC"), ("2AVB MOBITZ1 MOBITZ2", "1AVB LPR"),
)  # fmt: skip


@cache
def _brings() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for codes, others in _BRINGS:
        for code in codes.split():
            found.setdefault(code, set()).update(others.split())
    return {code: frozenset(others) for code, others in found.items()}


_DENIED = {name: (low, high, frozenset(codes.split())) for name, ((low, high), codes) in _ABSENT_WITHIN.items()}


def sure(case: Case) -> Facts:
    """Return what may be said of a recording, of its findings more strictly than `facts`; the figures are the same."""
    known = facts(case)
    held = frozenset(known.there)
    doubtful: set[str] = set()
    for some, others in _CLASHES:
        if held & some and held & others:
            doubtful |= held & (some | others)
    if "NORM" in held and any(FINDINGS[code].superclass not in (None, "NORM") for code in known.there):
        doubtful.add("NORM")
    absent = known.absent.difference(*(_brings().get(code, ()) for code in known.there + known.open))
    figures = case.measured.figures if case.measured else {}
    for name, (low, high, codes) in _DENIED.items():
        value = figures.get(name)
        if value is not None and not low <= value <= high:
            absent = absent - codes
    if case.measured and case.measured.rhythm.premature_beats_s and not held & EARLY:
        absent = absent - EARLY
    there = tuple(code for code in known.there if code not in doubtful) if doubtful else known.there
    return replace(known, there=there, open=known.open + tuple(sorted(doubtful)), absent=absent)


def among(codes: Iterable[str], group: frozenset[str]) -> tuple[str, ...]:
    """Return those of a group, in the order given."""
    return tuple(code for code in codes if code in group)


def untouched(known: Facts, group: frozenset[str]) -> bool:
    """Tell that no finding of a group is there or open."""
    return group.isdisjoint(known.there) and group.isdisjoint(known.open)


@cache
def category_of(code: str) -> Category:
    """Return where ECGInstruct puts a finding: arrhythmia, conduction and pacing are rhythm, the axis is a feature."""
    if code in ("LAD", "RAD"):
        return "feature"
    rhythm = FINDINGS[code].family in ("rhythm", "conduction") or code in ("PVC", "PAC", "PRC(S)", "LPR")
    return "rhythm" if rhythm else "morphology"


# What is not named beside what says it more precisely.
WIDE: Mapping[str, frozenset[str]] = {
    "MI": frozenset(("AMI", "ASMI", "ALMI", "IMI", "ILMI", "IPMI", "IPLMI", "LMI", "PMI")),
    "LBBB": frozenset(("CLBBB", "ILBBB")),
    "RBBB": frozenset(("CRBBB", "IRBBB")),
    "AVB": frozenset(("1AVB", "2AVB", "3AVB", "MOBITZ1", "MOBITZ2")),
    "2AVB": frozenset(("MOBITZ1", "MOBITZ2")),
    "BRADY": frozenset(("SBRAD",)),
    "LPR": frozenset(("1AVB",)),
    "PRC(S)": frozenset(("PVC", "PAC", "BIGU", "TRIGU")),
}


def specific(codes: Iterable[str]) -> list[str]:
    """Return the findings without those that others say more precisely: no "infarction" beside an inferior one."""
    listed = list(codes)
    return [code for code in listed if WIDE.get(code, frozenset()).isdisjoint(listed)]
