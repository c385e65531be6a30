"""What may be said of a recording without a doubt: findings there, open or absent, and figures that fit them.

A figure that a finding contradicts is left out, not smoothed over: a first degree AV block with a PR interval of 180 ms
keeps its finding and loses its figure. Criteria: Surawicz 2009 (QRS, axis; AHA/ACCF/HRS part III), Rautaharju 2009 (QT;
part IV), Kusumoto 2018 (ACC/AHA/HRS guideline on bradycardia: PR > 200 ms), Page 2015 (ACC/AHA/HRS guideline on
supraventricular tachycardia: rate > 100/min, short PR with preexcitation).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from einthoven.core.findings import FINDINGS
from einthoven.core.measurements import Place
from einthoven.instruct.case import Case
from einthoven.instruct.families.reported import in_doubt

CERTAIN = 100.0  # a likelihood below this leaves a finding open
CONFIDENT = 0.8
QUOTED = ("heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms", "qtc_ms.bazett", "qtc_ms.fridericia", "axis_deg.qrs")
_ANY = 10_000.0
_BUNDLE = frozenset(("CLBBB", "CRBBB"))

# figure -> where one of these findings is there, the figure lies between.
_FITS: Mapping[str, tuple[tuple[frozenset[str], float, float], ...]] = {
    "heart_rate_bpm": (
        (frozenset(("SBRAD", "BRADY")), 0, 60),
        (frozenset(("STACH", "SVTAC", "PSVT", "VTACH", "ATACH")), 100, _ANY),
    ),
    "pr_ms": ((frozenset(("1AVB", "LPR")), 200.5, _ANY), (frozenset(("WPW",)), 0, 120)),
    "qrs_ms": (
        (_BUNDLE, 120, _ANY),
        (frozenset(("LBBB", "RBBB", "IVCD")), 110, _ANY),
        (frozenset(("IRBBB", "ILBBB")), 80, 120),
    ),
    "axis_deg.qrs": (
        (frozenset(("LAFB", "LAD")), -90, -30),
        (frozenset(("LPFB", "RAD")), 90, 180),
    ),
}
_WIDE = frozenset(
    ("CLBBB", "CRBBB", "LBBB", "RBBB", "ILBBB", "IRBBB", "IVCD", "WPW", "PACE", "VTACH", "VFIB", "3AVB", "JUNC")
)
_SLOW = frozenset(
    ("SBRAD", "BRADY", "SARRH", "AFIB", "AFLT", "2AVB", "3AVB", "AVB", "MOBITZ1", "MOBITZ2", "JUNC", "PACE", "SVARR",
     "BIGU", "TRIGU")
)  # fmt: skip
_FAST = frozenset(("STACH", "SVTAC", "PSVT", "ATACH", "AFIB", "AFLT", "VTACH", "VFIB", "SVARR", "PACE", "BIGU"))
_LATE = frozenset(("1AVB", "LPR", "AVB", "2AVB", "MOBITZ1", "MOBITZ2"))
# figure -> a value outside this range is explained by one of these findings; where all are absent, it contradicts.
_EXPLAINED: Mapping[str, tuple[tuple[float, float, frozenset[str]], ...]] = {
    "heart_rate_bpm": ((50, _ANY, _SLOW), (0, 105, _FAST)),
    "pr_ms": ((0, 210, _LATE),),
    "qrs_ms": ((0, 119.5, _WIDE),),
    "axis_deg.qrs": ((-30, 180, frozenset(("LAD", "LAFB"))), (-180, 90, frozenset(("RAD", "LPFB")))),
}
_NO_PR = frozenset(
    ("AFIB", "AFLT", "SVTAC", "PSVT", "2AVB", "3AVB", "MOBITZ1", "MOBITZ2", "VTACH", "JUNC", "PACE", "VFIB")
)
_NORMAL_WITH = frozenset(("SBRAD", "STACH", "SARRH", "BRADY"))  # these explain the rate of an otherwise normal ECG


@dataclass(frozen=True)
class Facts:
    """Of one recording. there, open: findings in the order of a report, surely there or left open by the source;
    absent: surely not there; figures: what is measured, confident and contradicted by no finding; places: where these
    lie among healthy adults, as far as known.
    """

    there: tuple[str, ...]
    open: tuple[str, ...]
    absent: frozenset[str]
    figures: Mapping[str, float]
    places: Mapping[str, Place]

    def has(self, codes: frozenset[str]) -> bool:
        return not codes.isdisjoint(self.there)


@cache
def report_rank() -> Mapping[str, int]:
    """Return code -> its place in a report: rhythm, conduction, hypertrophy, infarction, ST-T, form."""
    families = ("normal", "rhythm", "conduction", "hypertrophy", "infarction", "st_t", "form")
    ordered = sorted(FINDINGS.values(), key=lambda one: (families.index(one.family), -one.urgency, one.code))
    return {found.code: place for place, found in enumerate(ordered)}


def facts(case: Case) -> Facts:
    """Return what may be said of a recording."""
    rank = report_rank()
    known = sorted((code for code in case.found if code in rank), key=rank.__getitem__)
    there = tuple(code for code in known if is_certain(case.found[code]))
    open_ = tuple(code for code in known if code not in there)
    unclear = set(known).union(*(_unclear_beside().get(code, ()) for code in known))
    absent = frozenset(case.stated - unclear - in_doubt(case))
    figures = sound_figures(case, frozenset(there), frozenset(open_))
    limits = case.measured.limits if case.measured else {}
    places = {name: limits[name].place for name in figures if name in limits}
    return Facts(there, open_, absent & rank.keys(), figures, places)


def is_certain(likelihood: float | None) -> bool:
    """Tell whether a finding of this likelihood is plainly there; None: stated without one."""
    return likelihood is None or likelihood >= CERTAIN


def confident_figure(case: Case, name: str) -> float | None:
    """Return a measured figure, None where it is absent or not sure enough."""
    if case.measured is None or case.measured.confidence.get(name, 1.0) < CONFIDENT:
        return None
    return case.measured.figures.get(name)


def sound_figures(case: Case, there: frozenset[str], open_: frozenset[str]) -> dict[str, float]:
    """Return the figures that neither a finding nor the absence of one contradicts."""
    found = {}
    for name in QUOTED:
        value = confident_figure(case, name)
        if value is not None and _fits(case, name, value, there) and _explained(case, name, value, there | open_):
            found[name] = value
    return found


def _fits(case: Case, name: str, value: float, there: frozenset[str]) -> bool:
    if "VFIB" in there or (name == "pr_ms" and there & _NO_PR):
        return False
    if name.startswith("qt"):
        return "LNGQT" not in there or _qt_place(case) == "above"
    if name == "qrs_ms" and there & _BUNDLE:
        return value >= 120
    return all(low <= value <= high for codes, low, high in _FITS.get(name, ()) if there & codes)


def _explained(case: Case, name: str, value: float, known: frozenset[str]) -> bool:
    limit = case.measured.limits.get(name) if case.measured else None
    outside = limit is not None and limit.place != "within"
    if "NORM" in known and outside and not (name == "heart_rate_bpm" and known & _NORMAL_WITH):
        return False
    if name.startswith("qt"):
        return _qt_place(case) != "above" or "LNGQT" in known or "LNGQT" not in case.stated
    for low, high, codes in _EXPLAINED.get(name, ()):
        if not low <= value <= high and not known & codes and case.stated & codes:
            return False
    return True


def _qt_place(case: Case) -> Place | None:
    limit = case.measured.limits.get("qtc_ms.fridericia") if case.measured else None
    return None if limit is None else limit.place


def _each(codes: str, beside: str) -> Iterable[tuple[str, str]]:
    return ((code, beside) for code in codes.split())


_ANTERIOR, _INFERIOR, _LATERAL = "AMI ASMI ALMI", "IMI ILMI IPMI IPLMI", "LMI ALMI ILMI IPLMI"
_POSTERIOR = "PMI IPMI IPLMI"
_INJURY = "INJAS INJAL INJIN INJIL INJLA"
_ISCHEMIA = "ISC_ ISCAN ISCAS ISCAL ISCIN ISCIL ISCLA"
_ST_T = f"{_ISCHEMIA} NDT NST_ NT_ TAB_ INVT LOWT STD_ STE_ NSSTTA"
# A finding, and those that nobody can call absent beside it: wider, narrower or overlapping names for what is there.
_BESIDE = (
    *_each("SBRAD", "SR BRADY"), *_each("STACH SARRH", "SR"), *_each("BRADY", "SBRAD"),
    *_each("AFIB AFLT SVTAC PSVT ATACH PAC", "SVARR PRC(S)"), *_each("AFLT PSVT ATACH", "SVTAC"),
    *_each("SVTAC", "PSVT ATACH AFLT STACH"), *_each("SVARR", "SVTAC PSVT PAC AFIB AFLT ATACH SARRH"),
    *_each("BIGU TRIGU", "PVC PAC PRC(S)"), *_each("PVC", "PRC(S)"), *_each("PRC(S)", "PVC PAC"),
    *_each("1AVB", "LPR AVB"), *_each("LPR", "1AVB AVB"), *_each("AVB", "1AVB 2AVB 3AVB LPR MOBITZ1 MOBITZ2"),
    *_each("2AVB", "AVB MOBITZ1 MOBITZ2"), *_each("MOBITZ1 MOBITZ2", "AVB 2AVB"), *_each("3AVB", "AVB"),
    *_each("CLBBB ILBBB", "LBBB IVCD ABQRS"), *_each("CRBBB IRBBB", "RBBB IVCD ABQRS"),
    *_each("LBBB", "CLBBB ILBBB IVCD ABQRS"), *_each("RBBB", "CRBBB IRBBB IVCD ABQRS"),
    *_each("WPW IVCD LAFB LPFB QWAVE PACE", "ABQRS IVCD"), *_each("LAFB", "LAD"), *_each("LPFB", "RAD"),
    *_each("LVH", "VCLVH HVOLT SEHYP"), *_each("VCLVH", "LVH HVOLT"), *_each("HVOLT", "VCLVH LVH"),
    *_each("SEHYP", "LVH"), *_each(_ANTERIOR, _ANTERIOR), *_each(_INFERIOR, _INFERIOR), *_each(_LATERAL, _LATERAL),
    *_each(_POSTERIOR, _POSTERIOR), *_each(f"{_ANTERIOR} {_INFERIOR} {_LATERAL} PMI", "MI OLDMI ACUTEMI QWAVE ABQRS"),
    *_each("MI OLDMI ACUTEMI", f"MI OLDMI ACUTEMI {_ANTERIOR} {_INFERIOR} {_LATERAL} PMI {_INJURY} QWAVE STE_"),
    *_each(_INJURY, f"{_ST_T} {_INJURY} MI ACUTEMI"), *_each(f"{_ST_T} ANEUR EL DIG ERE BRUGADA", _ST_T),
    *_each("PACE VTACH", _ST_T), *_each("CLBBB LBBB LVH WPW", _ST_T),
)  # fmt: skip


@cache
def _unclear_beside() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, beside in _BESIDE:
        found.setdefault(code, set()).update(beside.split())
    return {code: frozenset(others) for code, others in found.items()}
