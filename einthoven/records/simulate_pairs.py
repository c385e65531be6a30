"""Two ECGs of one patient: a previous and a recent one, with what is new, resolved and unchanged between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from einthoven.core.errors import InputError
from einthoven.core.rng import rng
from einthoven.records.simulate import Simulated, simulate
from einthoven.records.simulate_recording import Recording


@dataclass(frozen=True)
class SimulatedPair:
    """Two ECGs of one heart and chest. new, resolved, unchanged: codes; evolved: infarctions whose age differs."""

    story: str
    previous: Simulated
    recent: Simulated
    new: tuple[str, ...]
    resolved: tuple[str, ...]
    unchanged: tuple[str, ...]
    evolved: tuple[str, ...]


Findings = tuple[str, ...]
INFARCT_SITES = ("IMI", "ASMI", "AMI", "ALMI", "ILMI", "LMI")
ISCHAEMIA_SITES = ("ISCAL", "ISCIN", "ISCLA", "ISCAN", "ISCAS", "ISCIL")
BLOCKS = ("CLBBB", "CRBBB", "LAFB", "1AVB", "LPFB")
BACKGROUNDS: tuple[Findings, ...] = ((), (), ("LVH",), ("NDT",), ("IRBBB",))


def _pick(codes: Sequence[str], random: np.random.Generator) -> str:
    return codes[int(random.integers(len(codes)))]


def _evolving(random: np.random.Generator) -> tuple[Findings, Findings]:
    site, step = _pick(INFARCT_SITES, random), int(random.integers(3))
    ages = ("hyperacute", "acute", "evolving", "old")
    return ("SR", f"{site}:{ages[step]}"), ("SR", f"{site}:{ages[step + 1]}")


def _new_block(random: np.random.Generator) -> tuple[Findings, Findings]:
    return ("SR",), ("SR", _pick(BLOCKS, random))


def _fibrillation(random: np.random.Generator) -> tuple[Findings, Findings]:
    behind = BACKGROUNDS[int(random.integers(len(BACKGROUNDS)))]
    return ("SR", *behind), ("AFIB", *behind)


def _resolved(random: np.random.Generator) -> tuple[Findings, Findings]:
    return ("SR", _pick(ISCHAEMIA_SITES, random)), ("SR",)


def _unchanged(random: np.random.Generator) -> tuple[Findings, Findings]:
    some = (("SR",), ("AFIB",), ("SR", "CLBBB"), ("SR", "CRBBB"), ("SR", "LVH"), ("SR", "IMI:old"), ("SR", "1AVB"))
    same = some[int(random.integers(len(some)))]
    return same, same


STORIES: dict[str, Callable[[np.random.Generator], tuple[Findings, Findings]]] = {
    "evolving infarction": _evolving,
    "new block": _new_block,
    "onset of fibrillation": _fibrillation,
    "resolved ischaemia": _resolved,
    "unchanged": _unchanged,
}


def simulate_story(story: str, *, patient_seed: int, recording: Recording | str = "typical") -> SimulatedPair:
    """Return a pair that tells one of STORIES; which infarction or block it is, the patient's seed draws."""
    if story not in STORIES:
        raise InputError(f"story {story!r} is not known; use one of {', '.join(STORIES)}")
    previous, recent = STORIES[story](rng("simulate", "story", story, patient_seed))
    return simulate_pair(previous, recent, patient_seed=patient_seed, recording=recording, story=story)


def simulate_pair(
    previous: Sequence[str],
    recent: Sequence[str],
    *,
    patient_seed: int,
    recording: Recording | str = "typical",
    story: str = "stated",
) -> SimulatedPair:
    """Return two ECGs of one patient in two stated states.

    Heart, chest and whatever a finding leaves open are the patient's and stay; rate, noise and the places of the chest
    electrodes are the day's. NORM is no finding that could be new or resolved. Raises InputError as `simulate` does.
    """
    then, now = (
        simulate(
            findings,
            seed=int(rng("simulate", "day", patient_seed, day).integers(1 << 31)),
            patient_seed=patient_seed,
            recording=recording,
        )
        for day, findings in enumerate((previous, recent))
    )
    before, after = _ages(then), _ages(now)
    return SimulatedPair(
        story, then, now,
        new=tuple(code for code in after if code not in before),
        resolved=tuple(code for code in before if code not in after),
        unchanged=tuple(code for code in after if before.get(code, "") == after[code]),
        evolved=tuple(code for code in after if code in before and before[code] != after[code]),
    )  # fmt: skip


def _ages(made: Simulated) -> dict[str, str | None]:
    return {one["code"]: one["age"] for one in made.truth.findings if one["code"] != "NORM"}
