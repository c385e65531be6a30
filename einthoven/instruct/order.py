"""What a caller orders of a set, and how it is divided into shards: archives first, simulated ones for the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from einthoven.core.errors import InputError
from einthoven.core.rng import rng
from einthoven.instruct.archive import Ref
from einthoven.instruct.exclude import NOTHING, Exclusions
from einthoven.instruct.published import Cell
from einthoven.instruct.shard import Answers, Made, Shard, Want
from einthoven.instruct.wording import Split
from einthoven.records.pairs import pairs as pairs_of
from einthoven.records.simulate_findings import CODES, parse

Sampling = Literal["naive", "independent", "matched"]
SPLITS: tuple[Split, ...] = ("train", "valid", "test")
SHARES_OF_SPLITS = (0.8, 0.1, 0.1)
MOST_SAMPLES = 100_000_000
A_SHARD = 120  # recordings
OF_ONE, OF_A_PAIR = 48, 3  # questions: at most 60 in which a real recording takes part, four pairs among them
OF_MADE, GIVES = 56, 57  # questions of a simulated recording, and how many samples come of it, pairs counted
NOT_ALONE = ("NORM", "SR", "STRAIN")  # what is drawn anyway, and what needs another finding
NORMAL, TWO_FINDINGS = 0.25, 0.3  # shares of simulated recordings
QUALITIES = {"clean": 0.2, "typical": 0.6, "poor": 0.2}


@dataclass(frozen=True)
class Order:
    """samples: how many, None for the recipe's own number; sampling: how single findings are asked; placebo: balanced
    on severities that changed hands, to see what balancing alone does; page: samples show pages instead of signals;
    adversarial: valid and test ask some questions once more, harder; exclude: what no line may teach. Raises
    InputError.
    """

    samples: int | None = None
    sampling: Sampling = "naive"
    seed: int = 0
    placebo: bool = False
    page: bool = False
    adversarial: bool = False
    exclude: Exclusions | None = None

    def __post_init__(self) -> None:
        if self.samples is not None and not 1 <= self.samples <= MOST_SAMPLES:
            raise InputError(f"--samples {self.samples}: 1 to {MOST_SAMPLES}")
        if self.sampling not in ("naive", "independent", "matched"):
            raise InputError(f"--sampling {self.sampling!r}: it is naive, independent or matched")
        if self.seed < 0:
            raise InputError(f"--seed {self.seed}: a seed is 0 or more")

    @property
    def held_out(self) -> Exclusions:
        return self.exclude or NOTHING


def wants_of(
    refs: Sequence[Ref], many: float, findings: Mapping[str, Answers] | None, seed: int
) -> Iterator[tuple[Split, list[Want]]]:
    """Yield shards of recordings, patients together, each compared with the patient's one before and another patient's.

    findings: by `Ref.id`, see `Want`; a recording without an entry is asked for none.
    """
    for split in SPLITS:
        mine = [ref for ref in refs if ref.row.split == split]
        order = rng("build order", seed, split).permutation(len(mine)).tolist()
        patients: dict[str, list[Ref]] = {}
        for ref in (mine[place] for place in order):
            patients.setdefault(ref.row.patient, []).append(ref)
        for group in _groups(patients.values()):
            before = _before(group)
            wants = []
            for place, ref in enumerate(group):
                pairs = [("consecutive", before[place])] if place in before else []
                other = (place + 1) % len(group)
                if group[other].row.patient != ref.row.patient:
                    pairs.append(("two_patients", other))
                asked = None if findings is None else findings.get(ref.id, {})
                wants.append(Want(ref, many, asked, tuple(pairs), OF_A_PAIR if many >= 1 else 0))
            yield split, wants


def _groups(patients: Iterable[list[Ref]]) -> Iterator[list[Ref]]:
    """Yield lists of about A_SHARD recordings; a patient is never divided."""
    group: list[Ref] = []
    for refs in patients:
        group += refs
        if len(group) >= A_SHARD:
            yield group
            group = []
    if group:
        yield group


def _before(group: Sequence[Ref]) -> dict[int, int]:
    """Return place -> place of the same patient's recording before it in time."""
    places = {ref.row.id: place for place, ref in enumerate(group)}
    then_and_now = pairs_of([ref.row for ref in group], consecutive=True)
    return {places[pair.recent.id]: places[pair.previous.id] for pair in then_and_now}


def made_shards(samples: int, shares: Mapping[Cell, float], seed: int) -> Iterator[Shard]:
    """Yield shards of simulated recordings for so many samples: eight in ten for train, one each for valid and test."""
    recordings = -(-samples // GIVES)
    dice = rng("build simulated", seed)
    codes = sorted(code for code in CODES if code not in NOT_ALONE)
    first = 0
    for split, share in zip(SPLITS, SHARES_OF_SPLITS, strict=True):
        count = recordings - first if split == SPLITS[-1] else round(recordings * share)
        for start in range(first, first + count, A_SHARD):
            made = [_made(number, codes, dice) for number in range(start, min(start + A_SHARD, first + count))]
            wants = []
            for place, one in enumerate(made):
                other = (place + 1) % len(made)
                wants.append(Want(one, OF_MADE, None, (("two_patients", other),) if other != place else (), OF_A_PAIR))
            yield Shard(split, tuple(wants), shares)
        first += count


def _made(number: int, codes: Sequence[str], dice: np.random.Generator) -> Made:
    """Draw what a recording is to show: nothing, one finding, or two that can go together."""
    quality = str(dice.choice(list(QUALITIES), p=list(QUALITIES.values())))
    normal, two = dice.random() < NORMAL, dice.random() < TWO_FINDINGS
    first, second = (codes[place] for place in dice.integers(len(codes), size=2).tolist())
    if normal:
        return Made(number, (), quality)
    if two and _go_together(first, second):
        return Made(number, (first, second), quality)
    return Made(number, (first,), quality)


def _go_together(first: str, second: str) -> bool:
    try:
        parse((first, second))
    except InputError:
        return False
    return first != second
