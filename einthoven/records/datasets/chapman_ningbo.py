"""Chapman-Shaoxing-Ningbo: 12 leads, 10 s, 500 Hz, SNOMED CT codes (Zheng et al., Scientific Data 2020).

As its makers publish it (`WFDBRecords/NN/NNN/JSnnnnn.hea` and `.mat`) or as the CinC 2021 Challenge issued it.
"""

from einthoven.records.datasets.folder import WfdbFolder

CHAPMAN_NINGBO = WfdbFolder("chapman_ningbo")
