"""Trees of token runs as torch tensors, and the logits of their answers (part of the torch backend)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from einthoven.runtime.prompt import HOLE
from einthoven.runtime.tree import Run, pack_tree


@dataclass(frozen=True, eq=False)
class TreeBatch:
    """Trees padded to one length. ids_BT, positions_BT: int64; mask_B1TT: bool; spans_E2: row and first column of each
    ECG; answer_rows_A, answer_places_A, before_A: where each token of a leaf stands and which token predicts it;
    answer_A: the number of the leaf it belongs to, counted over the batch."""

    ids_BT: Tensor
    positions_BT: Tensor
    mask_B1TT: Tensor
    spans_E2: Tensor
    answer_rows_A: Tensor
    answer_places_A: Tensor
    before_A: Tensor
    answer_A: Tensor


def tree_batch(trees: list[list[Run]], device: torch.device) -> TreeBatch:
    """Lay trees into one batch; leaves (runs without children) are the answers."""
    packed = [pack_tree(runs) for runs in trees]
    longest = max(len(tree.ids_T) for tree in packed)
    shape = (len(trees), longest)
    ids, positions = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    mask = np.zeros((len(trees), 1, longest, longest), bool)
    mask[:, :, np.arange(longest), np.arange(longest)] = True  # a padding token looks at itself, never at nothing
    spans, rows, places, before, answers, count = [], [], [], [], [], 0
    for row, (tree, runs) in enumerate(zip(packed, trees, strict=True)):
        size = len(tree.ids_T)
        ids[row, :size], positions[row, :size], mask[row, 0, :size, :size] = tree.ids_T, tree.positions_T, tree.mask_TT
        holes = np.flatnonzero(tree.ids_T == HOLE)
        spans += [(row, first) for first in holes[np.diff(holes, prepend=-2) > 1]]
        parents = {run.parent for run in runs}
        for index in range(len(runs)):
            if index not in parents:
                own = np.flatnonzero(tree.owner_T == index)
                rows += [row] * len(own)
                places += own.tolist()
                before += tree.before_T[own].tolist()
                answers += [count] * len(own)
                count += 1
    numbers: list[Any] = [ids, positions, mask, np.array(spans).reshape(-1, 2), rows, places, before, answers]
    return TreeBatch(*(torch.as_tensor(np.asarray(value), device=device) for value in numbers))


def answer_logits(model: Any, batch: TreeBatch, ecg_ETD: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
    """Return logits_AV at the token before each answer token, the answer tokens ids_A and their leaf answer_A."""
    embeds_BTD = model.embed(batch.ids_BT, batch.spans_E2, ecg_ETD)
    language_model = model.language_model
    hidden_BTD = backbone(language_model)(
        inputs_embeds=embeds_BTD,
        attention_mask=torch.where(batch.mask_B1TT, 0.0, torch.finfo(embeds_BTD.dtype).min).to(embeds_BTD.dtype),
        position_ids=batch.positions_BT,
        use_cache=False,
    ).last_hidden_state
    hidden_AD = hidden_BTD[batch.answer_rows_A, batch.before_A]
    logits_AV = language_model.get_output_embeddings()(hidden_AD)
    return logits_AV, batch.ids_BT[batch.answer_rows_A, batch.answer_places_A], batch.answer_A


def leaf_log_likelihoods(logits_AV: Tensor, ids_A: Tensor, answer_A: Tensor) -> Tensor:
    """Return the log likelihood of each leaf: the sum over its tokens."""
    each_A = -functional.cross_entropy(logits_AV.float(), ids_A, reduction="none")
    return torch.zeros(int(answer_A.max()) + 1, device=each_A.device).index_add(0, answer_A, each_A)


def backbone(language_model: Any) -> Any:
    """Return the transformer below the head, with or without adapters around it."""
    base = language_model.get_base_model() if hasattr(language_model, "get_base_model") else language_model
    return base.model
