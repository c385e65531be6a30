"""Which findings may well be there although no label says so, because another label covers or causes them.

An archive labels sinus bradycardia and leaves "sinus rhythm" out; it labels a bundle branch block and leaves out that
QRS is abnormal. To ask for these with the answer "no" would teach what is wrong: they are asked of such a recording in
no question to verify or choose. Lists of findings stay as the archive words them. The table is this project's own.
"""

from collections.abc import Mapping
from functools import cache

from einthoven.instruct.ecgqa.vocabulary import name_of

_T_WAVE = ("TAB_", "NT_", "NDT")
_INFARCTIONS = ("AMI", "ASMI", "ALMI", "IMI", "ILMI", "IPMI", "IPLMI", "LMI", "PMI")
_ISCHEMIAS = ("ISCAN", "ISCAS", "ISCAL", "ISCIN", "ISCIL", "ISCLA")
_WIDE_OR_ODD = ("CLBBB", "CRBBB", "ILBBB", "IRBBB", "LAFB", "LPFB", "IVCD", "WPW", "LVH", "RVH", "VCLVH", "HVOLT",
                "LVOLT", "QWAVE", "PVC", "PACE", *_INFARCTIONS)  # fmt: skip
# codes -> the codes that they leave open
_TABLE: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("SBRAD", "STACH", "SARRH"), ("SR",)),
    (("PSVT",), ("SVTAC",)),
    (("PRC(S)", "BIGU", "TRIGU"), ("PVC", "PAC")),
    (("1AVB",), ("LPR",)),
    (("LPR",), ("1AVB",)),
    (("LVH", "HVOLT"), ("VCLVH",)),
    (("VCLVH",), ("LVH", "HVOLT")),
    (("ASMI", "ALMI"), ("AMI",)),
    (("ALMI",), ("LMI",)),
    (("ILMI",), ("IMI", "LMI")),
    (("IPMI",), ("IMI", "PMI")),
    (("IPLMI",), ("IMI", "LMI", "PMI", "ILMI", "IPMI")),
    (_INFARCTIONS, ("QWAVE",)),
    (_WIDE_OR_ODD, ("ABQRS",)),
    (_ISCHEMIAS, ("ISC_",)),
    (("ISCAS", "ISCAL"), ("ISCAN",)),
    (("ISCAL", "ISCIL"), ("ISCLA",)),
    (("ISCIL",), ("ISCIN",)),
    (("INJAL", "INJIL"), ("INJLA",)),
    (("INJIL",), ("INJIN",)),
    (("INVT", "LOWT", *_T_WAVE), _T_WAVE),
    (("STD_", "STE_"), ("NST_",)),
)
_BEATS: Mapping[str, frozenset[str]] = {
    "extrasystoles": frozenset({"ventricular extrasystoles", "supraventricular extrasystoles"}),  # of no stated kind
    "ventricular extrasystoles": frozenset({"extrasystoles"}),
    "supraventricular extrasystoles": frozenset({"extrasystoles"}),
}


@cache
def implied(name: str) -> frozenset[str]:
    """Return what a finding leaves open, both by their names in ECG-QA."""
    covered = {name_of(code) for codes, others in _TABLE if name in map(name_of, codes) for code in others}
    return (frozenset(covered) | _BEATS.get(name, frozenset())) - {name}
