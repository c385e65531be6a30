"""Georgia (G12EC): 12 leads, 10 s or less, 500 Hz, SNOMED CT codes, as the CinC 2020 Challenge issued it.

E07509 and E07510 hold the same signal: the second is left out.
"""

from einthoven.records.datasets.folder import WfdbFolder

GEORGIA = WfdbFolder("georgia")
