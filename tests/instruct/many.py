"""Many made cases, varied by chance: findings of all likelihoods, figures in and out of range, none measured at all."""

from functools import cache

import numpy as np

from einthoven.core.findings import FINDINGS
from einthoven.core.measurements import Limit, Place, Rhythm
from einthoven.core.rng import rng
from einthoven.instruct.case import Case
from tests.instruct.cases import LEADS, S_MV, T_MV, amplitudes, case, measured

_CODES = sorted(FINDINGS)
_COMMON = (
    "SR",
    "NORM",
    "AFIB",
    "SBRAD",
    "1AVB",
    "CRBBB",
    "CLBBB",
    "LAFB",
    "LVH",
    "IMI",
    "ASMI",
    "PVC",
    "LNGQT",
    "INVT",
)
_STATEMENTS = ("Normal sinus rhythm", "Atrial fibrillation with rapid ventricular response", "Inferior infarct",
               "Possible Left atrial enlargement", "Abnormal ECG", "Right bundle branch block", "NSR")  # fmt: skip
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "heart_rate_bpm": (48, 98), "pr_ms": (113, 212), "qrs_ms": (None, 120), "qtc_ms.fridericia": (None, 450),
    "axis_deg.qrs": (-30, 90),
}  # fmt: skip


def _place(value: float, low: float | None, high: float | None) -> Place:
    return "below" if low is not None and value < low else "above" if high is not None and value > high else "within"


def one(*names: str | int) -> Case:
    """One varied case; the same for the same names."""
    dice = rng("made case", *names)
    if dice.random() < 0.15:
        rhythm = {"SR": None} if dice.random() < 0.5 else {}
        return case(id=str(names), patient=f"p{names}", found={"NORM": 100.0, **rhythm})
    some = [*dice.choice(_COMMON, int(dice.integers(0, 4)), replace=False).tolist(),
            *dice.choice(_CODES, int(dice.integers(0, 2))).tolist()]  # fmt: skip
    found = {code: (None, 100.0, 100.0, 50.0)[int(dice.integers(4))] for code in some}
    split = ("train", "valid", "test")[int(dice.integers(3))]
    stated = frozenset(_CODES) if dice.random() < 0.8 else frozenset((*some, "AFIB", "SBRAD", "LBBB", "RBBB"))
    texts = tuple(dice.choice(_STATEMENTS, 2, replace=False).tolist())
    figures = _figures(dice)
    limits = {name: Limit(*_BOUNDS[name], _place(value, *_BOUNDS[name]), "made")
              for name, value in figures.items() if name in _BOUNDS and value is not None}  # fmt: skip
    st = dict(zip(LEADS, dice.normal(0, 0.08, 12).tolist(), strict=True))
    limits |= {f"st_j.{lead}": Limit(-0.05, 0.1, _place(value, -0.05, 0.1), "made") for lead, value in st.items()}
    changed = {
        lead: type(old)(old.r, old.s, old.q, (-1 if dice.random() < 0.2 else 1) * (old.t or 0.0), st[lead])
        for lead, old in amplitudes().items()
    }
    regular = (True, False, None)[int(dice.integers(3))]
    sees = measured(figures=figures, limits=limits, amplitudes_mv=changed, rhythm=Rhythm(regular=regular),
                    confidence={name: float(dice.uniform(0.7, 1.0)) for name in figures})  # fmt: skip
    return case(id=str(names), patient=f"p{names}", found=found, stated=stated, split=split, statements=texts,
                measured=sees if dice.random() < 0.95 else None)  # fmt: skip


def _figures(dice: np.random.Generator) -> dict[str, float | None]:
    figures: dict[str, float | None] = {
        "heart_rate_bpm": float(dice.uniform(35, 150)), "pr_ms": float(dice.uniform(100, 260)),
        "qrs_ms": float(dice.uniform(75, 170)), "qt_ms": float(dice.uniform(320, 480)),
        "qtc_ms.fridericia": float(dice.uniform(360, 500)), "qtc_ms.bazett": float(dice.uniform(360, 500)),
        "axis_deg.qrs": float(dice.uniform(-100, 130)),
    }  # fmt: skip
    if dice.random() < 0.3:
        figures |= {"pr_ms": None, "p_ms": None}
    return figures


@cache
def many(count: int = 300) -> tuple[Case, ...]:
    """So many varied cases."""
    assert len(S_MV) == len(T_MV) == len(LEADS)
    return tuple(one(number) for number in range(count))
