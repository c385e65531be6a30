"""What the report of a recording mentions and its labels do not: nobody can say that such a finding is absent.

Reports are in German, Swedish or English. A mention is only a reason for doubt, whether it affirms, suspects or denies:
it takes a finding from those that are absent, and never adds one to those that are there.
"""

import re
from functools import lru_cache

from einthoven.core.findings import FINDINGS
from einthoven.instruct.case import Case

_EARLY = "PAC PVC PRC(S) BIGU TRIGU"
_BUNDLES = "CRBBB IRBBB RBBB CLBBB ILBBB LBBB"
_AV = "1AVB LPR 2AVB 3AVB AVB MOBITZ1 MOBITZ2"
_MI = " ".join(code for code, one in FINDINGS.items() if one.superclass == "MI")
_ISCHEMIA = " ".join(code for code in FINDINGS if code.startswith("ISC"))
_INJURY = " ".join(code for code in FINDINGS if code.startswith("INJ"))
_T = "INVT LOWT NT_ NDT TAB_ NST_ NSSTTA"

# What a report says, and of which findings it speaks: if none of these is a label, each of them is in doubt.
_SPEAKS: tuple[tuple[str, str], ...] = (
    (r"supraventr\w*(?:\(a\))?\.? ?(?:extra|es\b)|\bsv-?es\b|vorhofs?-?(?:es\b|extra)|premature atrial"
     r"|atrial (?:premat|extra|ectop)", "PAC"),
    (r"(?<!supra)ventrikul\w*(?:\(a\))? ?(?:extra|es\b)|\bves\b|premature ventric|\bventricular (?:premat|extra|ectop)",
     "PVC"),
    (r"extra ?syst|extraslag|\bs?v?-?es\b|premature|bigemin|trigemin|ectop", _EARLY),
    (r"sinistro|p-verbreiterung|links\w* vorhof|left atri", "LAO/LAE"),
    (r"dextro|pulmonale|rechte\w* vorhof|right atri", "RAO/RAE"),
    (r"vorhofs?\w*belastung|atrial (?:enlarg|hyp|overl)", "LAO/LAE RAO/RAE"),
    (r"flattern|flutter|fladder", "AFLT"),
    (r"flimmer|fibrillation", "AFIB"),
    (r"rechtsschenkel|right bundle|högersidigt sk", "CRBBB IRBBB RBBB"),
    (r"linksschenkel|left bundle|vänstersidigt sk", "CLBBB ILBBB LBBB"),
    (r"schenkelblock|skänkelblock|bundle branch", f"{_BUNDLES} LAFB LPFB IVCD"),
    (r"hemiblock|fascic", "LAFB LPFB"),
    (r"a-?v[- ]*block|prolonged pr\b|\bpr.{0,15}(?:verl|förl|prolong)", _AV),
    (r"infar|myokardsch|myocardial damage", _MI),
    (r"isch.{1,2}mi", f"{_ISCHEMIA} {_INJURY} NDT NST_"),
    (r"linkshyp|linksbelast|kammerhyp|left ventricular hyp|\blvh\b|lv strain|vänsterkammar|vänster (?:kammar)?belast",
     "LVH VCLVH"),
    (r"rechtshyp|rechtsbelast|right ventricular hyp|\brvh\b|högerkammar|höger (?:kammar)?belast", "RVH"),
    (r"niederspannung|low \w* ?volt|lågvolt", "LVOLT"),
    (r"high \w* ?\w* ?volt|voltages? (?:is|are|in) .{0,20}(?:high|upper)|amplitudenkrit", "HVOLT VCLVH LVH"),
    (r"schrittmacher|pacemaker|\bpac(?:ed|ing)\b", "PACE"),
    (r"(?:prolonged|long) qt|\bqt.{0,15}(?:verl|förl|prolong)", "LNGQT"),
    (r"brad[iy][ck]", "SBRAD BRADY"),
    (r"tach[iy]?[ck]", "STACH SVTAC PSVT ATACH VTACH"),
    (r"\bsinus[ -]?arr|respirat|\(resp", "SARRH"),
    (r"hebung|\bst\b.{0,25}elevat|höjn", "STE_ ERE"),
    (r"senkung|\bst\b.{0,25}depress|sänkn", "STD_"),
    (r"\bt\b.{0,25}(?:neg|inver)", "INVT"),
    (r"\bt (?:abn|fl|abg|hoch|wave)|\bt-? ?(?:welle|för|ver|neg|abn)|\bst ?[-&] ?t\b|abn\w* t\b|repolari",
     f"{_T} {_ISCHEMIA} {_INJURY}"),
    (r"\bqs?\b(?! ?\(?rs)|q-zack|\bq waves", f"QWAVE {_MI}"),
    (r"intraventr|leitungsst", "IVCD"),
    (r"\bwpw\b|pr[eä]-?ex[ck]|delta", "WPW"),
    (r"kal[iä]+.?mi|ele[ck]trolyt|drug effect", "EL"),
    (r"digital", "DIG"),
    (r"knotenr|junction|nodal", "JUNC"),
)  # fmt: skip
_SPOKEN = tuple((re.compile(words), frozenset(codes.split())) for words, codes in _SPEAKS)


def in_doubt(case: Case) -> frozenset[str]:
    """Return the findings of which the report of a recording speaks though no label does."""
    found = case.found.keys()
    spoken = (codes for codes in _spoken_of(case.report) if codes.isdisjoint(found))
    return frozenset().union(*spoken) if case.report else frozenset()


@lru_cache(maxsize=4096)
def _spoken_of(report: str) -> tuple[frozenset[str], ...]:
    said = report.casefold()
    return tuple(codes for words, codes in _SPOKEN if words.search(said))
