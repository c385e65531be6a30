"""CPSC-Extra: the unused part of CPSC 2018's material, with SNOMED CT codes, as the CinC 2020 Challenge issued it.

Q0048 and Q1179 hold the signals of A0101 and A1041 of CPSC 2018: both carry that set's patient key and side.
"""

from einthoven.records.datasets.folder import WfdbFolder

CPSC_EXTRA = WfdbFolder("cpsc_extra")
