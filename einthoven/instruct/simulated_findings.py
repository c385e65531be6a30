"""Which findings of a made ECG are there and which are certainly not, by what was drawn; the rest stays open.

What is drawn may look like more than was stated: an infarction leaves Q waves, a bundle branch block moves the ST
segment, a fast flutter is also a supraventricular tachycardia. Whatever may be seen besides is called neither.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from einthoven.core.findings import FINDINGS
from einthoven.records import simulate_findings as made

# What further codes, and narrower ones, say in the words of the vocabulary.
_MEANS: Mapping[str, tuple[str, ...]] = {
    "VPACE": ("PACE",), "APACE": ("PACE",), "DPACE": ("PACE",), "VCOUP": ("PVC",), "ACOUP": ("PAC",),
    "HYPERK": ("EL",), "HYPOK": ("EL",), "HYPERCA": ("EL",), "HYPOCA": ("EL",), "MOBITZ1": ("2AVB", "AVB"),
    "MOBITZ2": ("2AVB", "AVB"), "2AVB": ("AVB",), "3AVB": ("AVB",), "1AVB": ("LPR", "AVB"), "CRBBB": ("RBBB",),
    "CLBBB": ("LBBB",), **dict.fromkeys(made.INFARCTS, ("MI",)),
}  # fmt: skip
_INFARCTS = " ".join((*made.INFARCTS, "MI", "ACUTEMI", "OLDMI"))
_WALLS = " ".join((*made.ISCHAEMIAS, *made.INJURIES, "ACUTEMI"))
_ST_T = " ".join(("NDT NST_ DIG STD_ STE_ LOWT NT_ INVT TAB_ ISC_ EL ERE BRUGADA LNGQT", _WALLS))
_QRS = "ABQRS QWAVE IVCD HVOLT LVOLT VCLVH LVH SEHYP"
_SINUS = "SR SBRAD STACH SARRH"
_BLOCKS = "1AVB LPR 2AVB 3AVB AVB MOBITZ1 MOBITZ2"
_BUNDLES = "CRBBB IRBBB RBBB CLBBB ILBBB LBBB LAFB LPFB"
_P = "LAO/LAE RAO/RAE"
_EARLY = "PAC PVC PRC(S) BIGU TRIGU"
_CONDUCTED = " ".join((_QRS, _BUNDLES, "WPW RVH LAD RAD", _P, _INFARCTS, _ST_T))
# A code, or what was drawn, and what may be seen besides.
_BESIDE: Mapping[str, str] = {
    **{code: f"{_QRS} {_ST_T}" for code in (*made.BUNDLES, *made.CHAMBERS, "HYPERK")},
    **{code: f"{_ST_T} QWAVE ABQRS IVCD LVOLT PRWP LAFB LPFB LAD RAD" for code in made.INFARCTS},
    **dict.fromkeys((*made.ISCHAEMIAS, *made.INJURIES), _ST_T),
    **dict.fromkeys((*made.ST_T, "3AVB", "VCOUP", "PVC", "BIGU", "TRIGU", "JUNC", "SVTAC", "PSVT"), _ST_T),
    "QWAVE": f"{_QRS} {_ST_T} {_INFARCTS}", "ABQRS": f"{_QRS} {_ST_T} {_BUNDLES} {_INFARCTS} WPW RVH",
    "HVOLT": f"{_QRS} RVH", "LVOLT": _QRS, "LAD": "LAFB", "RAD": "LPFB RVH",
}  # fmt: skip
_BESIDE_MORE: Mapping[str, str] = {
    "CLBBB": f"ILBBB LAFB LPFB LAD RAD RBBB {_INFARCTS}", "ILBBB": f"LBBB CLBBB {_INFARCTS}",
    "CRBBB": "IRBBB RVH PMI IPMI IPLMI LAFB LPFB LAD RAD", "IRBBB": "CRBBB RBBB RVH PMI IPMI IPLMI LAD RAD",
    "IVCD": f"{_BUNDLES} {_INFARCTS}", "WPW": f"{_BUNDLES} RVH LAD RAD {_INFARCTS}",
    "HYPERK": f"{_BUNDLES} {_INFARCTS}",
    "LVH": f"ILBBB LBBB LAFB LAD LAO/LAE {_INFARCTS}", "STRAIN": _INFARCTS, "SEHYP": _INFARCTS,
    "VCLVH": "LVH HVOLT ILBBB LBBB", "RVH": f"IRBBB CRBBB RBBB LPFB RAD RAO/RAE {_INFARCTS}",
    "STE_": _INFARCTS, "PERIC": _INFARCTS, "ERE": _INFARCTS, "BRUGADA": f"{_INFARCTS} IRBBB CRBBB RBBB",
    **dict.fromkeys(made.INJURIES, _INFARCTS), "LAFB": f"{_INFARCTS} LVH LAD", "LPFB": f"RVH RAD {_INFARCTS}",
    **dict.fromkeys(("VPACE", "DPACE"), f"{_SINUS} {_BLOCKS} {_CONDUCTED} {_EARLY} AFIB AFLT JUNC SVARR"),
    "APACE": f"{_SINUS} SVARR 1AVB LPR AVB {_P}",
    "VTACH": f"{_SINUS} {_BLOCKS} {_CONDUCTED} {_EARLY} SVTAC PSVT SVARR",
    "VESC": f"{_SINUS} {_BLOCKS} {_CONDUCTED} {_EARLY} JUNC AFIB SVARR PACE",
    "3AVB": f"{_SINUS} {_BLOCKS} {_EARLY} {_CONDUCTED} JUNC SVARR",
    **dict.fromkeys(("2AVB", "MOBITZ1", "MOBITZ2"), f"SR SARRH SVARR 1AVB LPR {_EARLY}"),
    "AFIB": f"{_P} {_EARLY} SVARR SVTAC {_BLOCKS} AFLT",
    "AFLT": f"{_P} {_EARLY} SVARR SVTAC PSVT {_BLOCKS} AFIB {_ST_T}",
    "SVTAC": f"{_P} {_EARLY} PSVT SVARR AFLT JUNC {_BLOCKS}", "PSVT": f"{_SINUS} {_P} {_EARLY} SVTAC SVARR {_BLOCKS}",
    "JUNC": f"{_P} {_EARLY} SVARR {_BLOCKS} IMI ILMI", "SVARR": f"{_SINUS} {_P} {_EARLY} AFIB AFLT {_BLOCKS}",
    "SARRH": f"SR SVARR {_EARLY}", "SBRAD": "SR SARRH", "STACH": "SR SVTAC PSVT AFLT",
    **dict.fromkeys(("PAC", "ACOUP"), "SVARR SARRH"), "BIGU": "SVARR SARRH", "TRIGU": "SVARR SARRH",
}  # fmt: skip
_BASE = (*made.CODES, "AVB", "MI", "ACUTEMI", "OLDMI", "RBBB", "LBBB", "BRADY")
STATABLE = frozenset(code for code in _BASE if code in FINDINGS)
# What is seen whatever the cables do.
_TIMING = frozenset((*made.MECHANISMS, *made.PACED, *made.AV_BLOCK, *made.PREMATURE, "AVB", "BRADY"))
_NEAR_BPM, _NEAR_MS, _NEAR_DEG = 3.0, 10.0, 8.0


@dataclass(frozen=True)
class Drawn:
    """What was drawn. codes: stated and settled; ages: of infarctions; kinds: of the beats inside the recording;
    figures: without a rate where the rhythm has no single one; recabled: the leads are not what they are called.
    """

    codes: frozenset[str]
    ages: frozenset[str]
    kinds: tuple[str, ...]
    figures: Mapping[str, float | None]
    rhythm: Mapping[str, Any]
    recabled: bool


def findings_of(drawn: Drawn) -> tuple[frozenset[str], frozenset[str]]:
    """Return the codes that are there, and all that are decided, these among them."""
    there = _meant(drawn.codes) | _by_age(drawn) | _by_beats(drawn) | _by_figures(drawn, True)
    there -= {"PAC", "PVC", "PRC(S)"} - _by_beats(drawn)  # one that fell outside of the recording
    if _is_plain_sinus(drawn):
        there |= {"SR"}
    opened = frozenset(code for one in drawn.codes | there for code in _beside().get(one, ()))
    opened |= {"LVOLT", "HVOLT"}  # as large as this heart happens to be
    absent = STATABLE - there - _doubtful(drawn)
    if "NORM" not in drawn.codes:
        absent -= opened
    if drawn.recabled:
        there, absent = there & _TIMING, absent & _TIMING
    there &= FINDINGS.keys()
    return there, there | absent


@cache
def _beside() -> Mapping[str, frozenset[str]]:
    codes = _BESIDE.keys() | _BESIDE_MORE.keys()
    beside = {code: f"{_BESIDE.get(code, '')} {_BESIDE_MORE.get(code, '')}".split() for code in codes}
    walls = {code: set(region) for code, region in made.INFARCTS.items()}  # "AL": anterior and lateral
    for code, region in walls.items():
        beside[code] += [other for other, there in walls.items() if region & there]
    return {code: frozenset(others) for code, others in beside.items()}


def _meant(codes: Collection[str]) -> frozenset[str]:
    return frozenset(codes).union(*(_MEANS.get(code, ()) for code in codes))


def _by_age(drawn: Drawn) -> frozenset[str]:
    acute = {"ACUTEMI"} if drawn.ages & {"acute", "hyperacute"} else set()
    return frozenset(acute | ({"OLDMI"} if drawn.ages == {"old"} else set()))


def _by_beats(drawn: Drawn) -> frozenset[str]:
    seen = {"PAC": "atrial premature" in drawn.kinds, "PVC": "ventricular premature" in drawn.kinds}
    found = {code for code, there in seen.items() if there}
    return frozenset(found | ({"PRC(S)"} if found else set()))


def _by_figures(drawn: Drawn, there: bool) -> frozenset[str]:
    """Return the codes that a figure decides to be there, or (`there` False) that are too near to tell."""
    rate, axis = drawn.figures.get("heart_rate_bpm"), drawn.figures.get("axis_deg.qrs")
    clear: set[str] = set()
    near: set[str] = set()
    if rate is not None:
        (clear if rate < 60 - _NEAR_BPM else near if rate < 60 + _NEAR_BPM else set()).add("BRADY")
    if axis is not None and not drawn.codes & {"CLBBB", "CRBBB", "IRBBB", "WPW", "VTACH", "VESC", *made.PACED}:
        for code, low, high in (("LAD", -90, -30), ("RAD", 90, 180)):
            if low + _NEAR_DEG < axis < high - _NEAR_DEG:
                clear.add(code)
            elif low - _NEAR_DEG < axis < high + _NEAR_DEG or axis < -90 + _NEAR_DEG:  # extreme: called either
                near.add(code)
    return frozenset(clear if there else near)


def _is_plain_sinus(drawn: Drawn) -> bool:
    """Nothing else leads, and the rate is that of sinus rhythm."""
    rate = drawn.figures.get("heart_rate_bpm") or 0.0
    plain = drawn.rhythm["mechanism"] == "sinus" and drawn.rhythm["block"] == "none" and not drawn.rhythm["paced"]
    others = drawn.codes & {"SBRAD", "STACH", "SARRH"}
    return bool(plain and not others and 60 + _NEAR_BPM <= rate <= 100 - _NEAR_BPM and drawn.rhythm["swing"] < 0.06)


def _doubtful(drawn: Drawn) -> frozenset[str]:
    """Return what a figure that was drawn near a border leaves open."""
    figures, sinus = drawn.figures, drawn.rhythm["mechanism"] == "sinus"
    found = set(_by_figures(drawn, False))

    def beyond(name: str, border: float) -> bool:
        value = figures.get(name)
        return value is not None and value > border

    rate = figures.get("heart_rate_bpm")
    if sinus and (rate is None or rate < 60 + _NEAR_BPM):
        found |= {"SBRAD", "SR"}
    if sinus and (rate is None or rate > 100 - _NEAR_BPM):
        found |= {"STACH", "SR"}
    if sinus and drawn.rhythm["swing"] >= 0.06:
        found |= {"SARRH", "SR", "SVARR"}
    if sinus and beyond("pr_ms", 200 - _NEAR_MS):
        found |= {"1AVB", "LPR", "AVB"}
    if beyond("qrs_ms", 110 - _NEAR_MS):
        found |= {"IVCD", "IRBBB", "ILBBB", "ABQRS"}
    if figures.get("qtc_ms.bazett") is None or beyond("qtc_ms.bazett", 440) or beyond("qtc_ms.fridericia", 440):
        found |= {"LNGQT"}
    if drawn.codes <= frozenset(made.SINUS):  # nothing abnormal was stated, nor that all is normal
        found |= {"NORM"}
    if sum(kind.endswith("premature") for kind in drawn.kinds) > 1:
        found |= {"BIGU", "TRIGU"}
    return frozenset(found)
