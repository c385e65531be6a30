"""The names of ECG leads: one canonical spelling, the aliases that devices print, and the limb-lead identities.

Orders and identities: Einthoven 1908 (II = I + III) and Goldberger 1942 (augmented leads).
"""

import re

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import LeadError

LIMB = ("I", "II", "III", "aVR", "aVL", "aVF")
CHEST = ("V1", "V2", "V3", "V4", "V5", "V6")
TWELVE = LIMB + CHEST
CABRERA = ("aVL", "I", "-aVR", "II", "aVF", "III")
FURTHER = ("V3R", "V4R", "V5R", "V6R", "V7", "V8", "V9", "X", "Y", "Z")

# Each limb lead as a combination of I and II: the rows of III = II - I, aVR = -(I + II) / 2, ...
LIMB_FROM_I_II: dict[str, tuple[float, float]] = {
    "I": (1.0, 0.0),
    "II": (0.0, 1.0),
    "III": (-1.0, 1.0),
    "aVR": (-0.5, -0.5),
    "aVL": (1.0, -0.5),
    "aVF": (-0.5, 1.0),
}

_ALIASES = {
    "1": "I", "2": "II", "3": "III", "L1": "I", "L2": "II", "L3": "III", "DI": "I", "DII": "II", "DIII": "III",
    "D1": "I", "D2": "II", "D3": "III", "AVR+": "aVR", "VR": "aVR", "VL": "aVL", "VF": "aVF",
    "C1": "V1", "C2": "V2", "C3": "V3", "C4": "V4", "C5": "V5", "C6": "V6",
    "MLI": "I", "MLII": "II", "MLIII": "III", "VX": "X", "VY": "Y", "VZ": "Z",
    "LEAD1": "I", "LEAD2": "II", "LEAD3": "III", "RV3": "V3R", "RV4": "V4R", "RV5": "V5R", "RV6": "V6R",
}  # fmt: skip
_CANONICAL = {name.upper(): name for name in TWELVE + FURTHER} | _ALIASES
_PREFIX = re.compile(r"^(?:MDC[_ ]ECG[_ ]LEAD|LEAD|EKG|ECG|CH(?:ANNEL)?)[\s_:\-]*(?=[A-Z])", re.IGNORECASE)


def canonical(name: str) -> str:
    """Return the canonical spelling of a lead name; a name that is not known is returned stripped, as it was found.

    So is one with a minus sign before or after it: that is the lead upside down.

    >>> [canonical(name) for name in ("avr", "Lead II", "ECG V5", "MDC_ECG_LEAD_aVF", "DIII", "C3", "resp")]
    ['aVR', 'II', 'V5', 'aVF', 'III', 'V3', 'resp']
    """
    stripped = name.strip()
    if stripped.startswith(("-", "−")) or stripped.endswith(("-", "−")):
        return stripped
    key = _PREFIX.sub("", stripped).upper().replace(" ", "").replace("_", "").replace("-", "")
    return _CANONICAL.get(key, stripped)


def canonical_order(names: tuple[str, ...]) -> list[int]:
    """Return the indices that put canonical names in the order I II III aVR aVL aVF V1..V6, then others as found.

    Raises LeadError when a name stands twice.
    """
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise LeadError(f"lead {', '.join(doubled)} stands twice; each lead must have a name of its own")
    rank = {name: place for place, name in enumerate(TWELVE)}
    return sorted(range(len(names)), key=lambda index: (rank.get(names[index], len(TWELVE)), index))


def derive_limb(present: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """Return the limb leads that follow exactly from two or more present ones (lead -> (n,) millivolt).

    Least squares over I and II, so that any two independent limb leads give the other four.
    """
    known = [name for name in LIMB if name in present]
    matrix = np.array([LIMB_FROM_I_II[name] for name in known])
    if len(known) < 2 or len(known) == 6:
        return {}
    one_two = np.linalg.pinv(matrix) @ np.stack([present[name] for name in known]).astype(np.float64)
    return {name: np.asarray(LIMB_FROM_I_II[name] @ one_two, np.float32) for name in LIMB if name not in present}
