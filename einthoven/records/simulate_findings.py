"""Which findings can be stated, how they are written, and which of them cannot hold at once.

Codes are those of the vocabulary in `core.findings`; `FURTHER` are what it lacks. An infarction may carry its age
behind a colon: `IMI:acute`. What cannot be drawn truly is refused with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS

Age = Literal["hyperacute", "acute", "evolving", "old"]
AGES: tuple[Age, ...] = ("hyperacute", "acute", "evolving", "old")

FURTHER = {
    "VESC": "ventricular escape rhythm", "VCOUP": "ventricular couplet", "ACOUP": "atrial couplet",
    "APACE": "atrial pacing", "VPACE": "ventricular pacing", "DPACE": "atrial and ventricular pacing",
    "STRAIN": "strain pattern of a hypertrophied ventricle", "PERIC": "pericarditis", "SHRTQT": "short QT interval",
    "HYPERK": "high potassium", "HYPOK": "low potassium", "HYPERCA": "high calcium", "HYPOCA": "low calcium",
}  # fmt: skip

# The wall that an infarction, ischaemia or injury is in, as a direction: left, foot, front.
TERRITORIES: dict[str, tuple[str, tuple[float, float, float]]] = {
    "AS": ("anteroseptal", (-0.10, 0.0, 1.0)), "A": ("anterior", (0.25, 0.0, 0.97)),
    "AL": ("anterolateral", (0.80, -0.10, 0.60)), "L": ("lateral", (0.97, -0.10, 0.20)),
    "I": ("inferior", (-0.10, 1.0, 0.0)), "IL": ("inferolateral", (0.60, 0.80, -0.10)),
    "IP": ("inferoposterior", (-0.05, 0.75, -0.65)), "IPL": ("inferoposterolateral", (0.45, 0.60, -0.65)),
    "P": ("posterior", (0.20, 0.0, -0.98)),
}  # fmt: skip
INFARCTS = {"ASMI": "AS", "AMI": "A", "ALMI": "AL", "LMI": "L", "IMI": "I", "ILMI": "IL", "IPMI": "IP", "IPLMI": "IPL",
            "PMI": "P", "ANEUR": "AS"}  # fmt: skip
ISCHAEMIAS = {"ISCAS": "AS", "ISCAN": "A", "ISCAL": "AL", "ISCLA": "L", "ISCIN": "I", "ISCIL": "IL"}
INJURIES = {"INJAS": "AS", "INJAL": "AL", "INJLA": "L", "INJIN": "I", "INJIL": "IL"}

SINUS = ("SR", "SBRAD", "STACH", "SARRH")
PACED = ("PACE", "APACE", "VPACE", "DPACE")
MECHANISMS = (*SINUS, "SVARR", "AFIB", "AFLT", "SVTAC", "PSVT", "JUNC", "VTACH", "VESC")
NO_P = ("AFIB", "AFLT", "SVTAC", "JUNC", "VTACH", "VESC")
AV_BLOCK = ("1AVB", "LPR", "2AVB", "MOBITZ1", "MOBITZ2", "3AVB")
BUNDLES = ("CRBBB", "IRBBB", "CLBBB", "ILBBB", "LAFB", "LPFB", "IVCD", "WPW")
PREMATURE = ("PAC", "PVC", "PRC(S)", "ACOUP", "VCOUP", "BIGU", "TRIGU")
CHAMBERS = ("LVH", "VCLVH", "RVH", "SEHYP", "LAO/LAE", "RAO/RAE", "STRAIN")
ST_T = ("NDT", "NST_", "DIG", "LNGQT", "STD_", "STE_", "LOWT", "NT_", "INVT", "TAB_", "ISC_", "EL", "PERIC", "ERE",
        "BRUGADA", "SHRTQT", "HYPERK", "HYPOK", "HYPERCA", "HYPOCA")  # fmt: skip
FORM = ("ABQRS", "QWAVE", "LVOLT", "HVOLT", "LAD", "RAD")
CODES = ("NORM", *MECHANISMS, *PACED, *AV_BLOCK, *BUNDLES, *PREMATURE, *CHAMBERS, *INFARCTS, *ISCHAEMIAS, *INJURIES,
         *ST_T, *FORM)  # fmt: skip
OF_CONDUCTED = (*BUNDLES, *CHAMBERS, *INFARCTS, *ISCHAEMIAS, *INJURIES, *ST_T, "ABQRS", "QWAVE", "LAD", "RAD")
ALONE_WITH_NORM = (*SINUS,)

_PAUSES = ("PAC", "ACOUP", "BIGU", "TRIGU", "SARRH", "PRC(S)")

# Sets of which at most one may hold, and why.
ONE_OF: tuple[tuple[tuple[str, ...], str], ...] = (
    (("SBRAD", "STACH"), "one sinus node has one rate"),
    (("AFIB", "AFLT", "SVARR", "SVTAC", "PSVT", "JUNC", "VTACH", "VESC"), "one focus leads at a time"),
    (PACED, "state the one kind of pacing"),
    (("2AVB", "MOBITZ1", "MOBITZ2", "3AVB"), "one degree of AV block holds at a time"),
    (("CLBBB", "ILBBB"), "the complete block contains the incomplete"),
    (("CRBBB", "IRBBB"), "the complete block contains the incomplete"),
    (("CRBBB", "CLBBB"), "with both bundles blocked no beat is conducted: state 3AVB"),
    (("CLBBB", "LAFB"), "left bundle branch block contains both fascicles"),
    (("CLBBB", "LPFB"), "left bundle branch block contains both fascicles"),
    (("LAFB", "LPFB"), "both fascicles blocked are a left bundle branch block: state CLBBB"),
    (("CLBBB", "IVCD"), "non-specific delay excludes bundle branch block"),
    (("CRBBB", "IVCD"), "non-specific delay excludes bundle branch block"),
    (("WPW", "CLBBB", "CRBBB"), "pre-excitation hides the bundle branches"),
    (("WPW", "1AVB"), "pre-excitation shortens the PR interval"),
    (("WPW", "LPR"), "pre-excitation shortens the PR interval"),
    (("LVOLT", "HVOLT"), "voltage is low or high"),
    (("LVOLT", "LVH"), "LVH is stated by high voltage here"),
    (("LVOLT", "VCLVH"), "VCLVH is a criterion of high voltage"),
    (("LAD", "RAD"), "there is one axis"),
    (("LAFB", "RAD"), "left anterior fascicular block turns the axis left"),
    (("LPFB", "LAD"), "left posterior fascicular block turns the axis right"),
    (("LNGQT", "SHRTQT"), "the QT interval is long or short"),
    (("LNGQT", "HYPERCA"), "high calcium shortens the QT interval"),
    (("SHRTQT", "HYPOCA"), "low calcium lengthens the QT interval"),
    (("HYPERK", "HYPOK"), "there is one potassium level"),
    (("HYPERCA", "HYPOCA"), "there is one calcium level"),
    (("BRUGADA", "CLBBB"), "left bundle branch block hides the Brugada pattern"),
    (("STE_", "STD_"), "non-specific ST changes go one way; name a territory to have both"),
    (("BIGU", "TRIGU"), "premature beats follow every beat or every second"),
)


def territory_of(code: str) -> str | None:
    """The plain name of the wall that a code names, or None."""
    key = (INFARCTS | ISCHAEMIAS | INJURIES).get(code)
    return None if key is None else TERRITORIES[key][0]


def name_of(code: str) -> str:
    """The plain English name of a code."""
    return FURTHER[code] if code in FURTHER else FINDINGS[code].name


@dataclass(frozen=True)
class Finding:
    """One stated finding; `age` belongs to infarctions and may be left to the seed."""

    code: str
    age: Age | None = None


def parse(findings: Sequence[str]) -> tuple[Finding, ...]:
    """Read codes such as "AFIB" or "IMI:acute", drop doubles, and refuse what cannot hold at once.

    Without any finding the ECG is normal sinus rhythm. Raises InputError with the reason.
    """
    made: list[Finding] = []
    for text in findings:
        code, _, age = text.strip().partition(":")
        if code not in CODES:
            raise InputError(f"finding {text!r} is not known; use SCP codes such as AFIB, LVH, IMI:acute")
        if age and code not in INFARCTS:
            raise InputError(f"finding {text!r}: only infarctions have an age; write {code}")
        if age and age not in AGES:
            raise InputError(f"finding {text!r}: the age is one of {', '.join(AGES)}")
        known = next((one for one in AGES if one == age), None)
        if not any(one.code == code for one in made):
            made.append(Finding(code, known))
    codes = {one.code for one in made} or {"NORM", "SR"}
    _refuse_conflicts(codes)
    return tuple(made) or (Finding("NORM"), Finding("SR"))


def _refuse_conflicts(codes: set[str]) -> None:
    for group, why in (*ONE_OF, *_hidden(codes)):
        both = [code for code in group if code in codes]
        if len(both) > 1:
            raise InputError(f"findings {' and '.join(both)} cannot be combined: {why}")
    abnormal = sorted(codes - {"NORM", *ALONE_WITH_NORM})
    if "NORM" in codes and abnormal:
        raise InputError(f"findings NORM and {abnormal[0]} cannot be combined: NORM says that nothing else is found")
    if "STRAIN" in codes and not codes & {"LVH", "RVH"}:
        raise InputError("finding STRAIN needs LVH or RVH: it is the ST-T change of a hypertrophied ventricle")


def _hidden(codes: set[str]) -> list[tuple[tuple[str, ...], str]]:
    """Pairs of a rhythm and what cannot be seen or cannot exist in it."""
    pairs: list[tuple[tuple[str, ...], str]] = []
    for rhythm in sorted(codes & set(NO_P)):
        no_p = f"there is no sinus P wave in {rhythm}"
        pairs += [((rhythm, code), no_p) for code in (*SINUS, "LAO/LAE", "RAO/RAE", "PAC", "ACOUP", "PRC(S)")]
        blocks = tuple(code for code in AV_BLOCK if code != "3AVB" or rhythm not in ("AFIB", "AFLT"))
        pairs += [((rhythm, code), f"there is no PR interval in {rhythm}") for code in blocks]
        pairs += [((rhythm, code), f"{no_p} for the pacemaker to follow or replace") for code in ("APACE", "DPACE")]
    for rhythm in sorted(codes & {"VTACH", "VESC", "VPACE", "DPACE"}):
        pairs += [
            ((rhythm, code), f"every beat of {rhythm} starts in a ventricle and hides it") for code in OF_CONDUCTED
        ]
    for rhythm in sorted(codes & {"VTACH", "SVTAC", "PSVT", "JUNC", "VESC"}):
        pairs += [((rhythm, code), "the pacemaker would be inhibited by it") for code in PACED]
    for rhythm in sorted(codes & {"VTACH", "SVTAC", "PSVT", "VESC", "SVARR"}):
        pairs += [((rhythm, code), "a premature beat is told from a regular basic rhythm") for code in PREMATURE]
    for rhythm in sorted(codes & {"PSVT", "SVARR"}):
        pairs += [
            ((rhythm, code), "its own irregularity hides the pattern")
            for code in ("2AVB", "MOBITZ1", "MOBITZ2", "3AVB")
        ]
    if "3AVB" in codes:
        pairs += [
            (("3AVB", code), "no atrial beat is conducted") for code in ("1AVB", "LPR", "WPW", "PAC", "ACOUP", "PRC(S)")
        ]
    for block in sorted(codes & {"2AVB", "MOBITZ1", "MOBITZ2"}):
        pairs += [((block, "WPW"), "the pathway goes around the block")]
        pairs += [((block, code), "dropped beats could not be told from early ones and pauses") for code in _PAUSES]
    return pairs
