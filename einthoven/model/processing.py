"""Text and ECGs to what the model's `forward` and `generate` take: the one prompt path in the shape of a processor."""

from collections.abc import Sequence

import numpy as np
import torch
from transformers import BatchFeature, ProcessorMixin

from einthoven.core.ecg import Ecg
from einthoven.core.sample import ask_sample
from einthoven.runtime.arrays import tower_input
from einthoven.runtime.prompt import HOLE, default_tokenizer, prompts


class EinthovenProcessor(ProcessorMixin):
    """Builds one question about no, one or two ECGs; `from_pretrained` and `save_pretrained` as usual."""

    def __init__(self, tokens_per_ecg: int = 24) -> None:
        super().__init__()
        self.tokens_per_ecg = tokens_per_ecg

    def __call__(self, text: str, ecgs: Sequence[Ecg] = (), options: Sequence[str] | None = None) -> BatchFeature:
        """Return input_ids (1, T), -1 where an ECG goes; spans (E, 2), row and first column of each; x (E, 12, 2500)
        millivolt and mask (E, 12); without ECGs, only input_ids.

        options: allowed answers, listed behind the question as in training. Raises QuestionError, LeadError, UnitError.
        """
        names = tuple(f"ecg {number}" for number in range(1, len(ecgs) + 1))
        sample = ask_sample(text, names, tuple(options) if options is not None else None)
        prompt = prompts(sample, self.tokens_per_ecg, default_tokenizer())[0]
        ids_T = np.array((*prompt.prefix, *prompt.question), np.int64)
        if not ecgs:
            return BatchFeature({"input_ids": torch.from_numpy(ids_T[None])})
        holes = np.flatnonzero(ids_T == HOLE)
        firsts = holes[np.diff(holes, prepend=-2) > 1]
        inputs = [tower_input(ecg) for ecg in ecgs]
        return BatchFeature({
            "input_ids": torch.from_numpy(ids_T[None]),
            "spans": torch.from_numpy(np.stack([np.zeros_like(firsts), firsts], 1)),
            "x": torch.from_numpy(np.stack([one.x_LS for one in inputs])),
            "mask": torch.from_numpy(np.stack([one.mask_L for one in inputs])),
        })  # fmt: skip

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of generated ids, without marks."""
        return default_tokenizer().decode([int(number) for number in ids]).strip()

    @property
    def model_input_names(self) -> list[str]:
        return ["input_ids", "spans", "x", "mask"]
