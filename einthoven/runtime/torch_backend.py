"""The reference backend: the model in torch, on a GPU if there is one."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from einthoven.runtime.arrays import TowerInput
from einthoven.runtime.prompt import HOLE, default_tokenizer
from einthoven.runtime.protocols import Asked, Embedding, Said
from einthoven.runtime.tree import Run
from einthoven.runtime.tree_tensors import answer_logits, backbone, leaf_log_likelihoods, tree_batch

if TYPE_CHECKING:
    from einthoven.model.modeling import EinthovenForConditionalGeneration

TOKENS_PER_TREE = 1024  # a tree's mask grows with their square
TREES_PER_PASS = 4
TEXTS_PER_PASS = 8
END = "<|im_end|>"
Leaves = list[tuple[int, int]]  # of one tree: place of the prompt, place of the option in it


class TorchBackend:
    """Encoder and Generator over one model folder."""

    def __init__(self, model: "EinthovenForConditionalGeneration") -> None:
        self.model = model
        self.tokens_per_ecg = model.config.tokens_per_ecg
        self._device = next(model.parameters()).device
        self._end = default_tokenizer().encode_marks(END)[0]

    @torch.inference_mode()
    def encode(self, inputs: Sequence[TowerInput]) -> list[Embedding]:
        """Return (tokens, width) for each ECG."""
        x = torch.from_numpy(np.stack([item.x_LS for item in inputs])).to(self._device)
        mask = torch.from_numpy(np.stack([item.mask_L for item in inputs])).to(self._device)
        return list(self.model.projector(self.model.read_ecgs(x, mask)).cpu().numpy())

    @torch.inference_mode()
    def score(self, asked: Sequence[Asked]) -> list[list[float]]:
        """Return the log likelihood of each option of each prompt; prompts about the same ECGs share one pass."""
        scores: list[list[float]] = [[] for _ in asked]
        planned = plan(asked)
        for start in range(0, len(planned), TREES_PER_PASS):
            self._score_pass(asked, planned[start : start + TREES_PER_PASS], scores)
        return scores

    def _score_pass(self, asked: Sequence[Asked], planned: list[Leaves], scores: list[list[float]]) -> None:
        trees: list[list[Run]] = []
        for leaves in planned:
            runs = [Run(-1, asked[leaves[0][0]].prompt.prefix)]
            question, asking = 0, -1
            for place, option in leaves:
                if place != asking:
                    question, asking = len(runs), place
                    runs.append(Run(0, asked[place].prompt.question))
                runs.append(Run(question, asked[place].prompt.options[option]))
            trees.append(runs)
        owners = [place for leaves in planned for place, _ in leaves]
        ecgs = self._stack([asked[leaves[0][0]] for leaves in planned])
        likelihoods = leaf_log_likelihoods(*answer_logits(self.model, tree_batch(trees, self._device), ecgs))
        for place, value in zip(owners, likelihoods.tolist(), strict=True):
            scores[place].append(value)

    @torch.inference_mode()
    def say(self, asked: Sequence[Asked], max_tokens: int) -> list[Said]:
        """Return the likeliest text of each prompt, word by word (greedy)."""
        said: list[Said] = []
        for start in range(0, len(asked), TEXTS_PER_PASS):
            said += self._say_pass(asked[start : start + TEXTS_PER_PASS], max_tokens)
        return said

    def _say_pass(self, asked: Sequence[Asked], max_tokens: int) -> list[Said]:
        rows = [(*one.prompt.prefix, *one.prompt.question) for one in asked]
        longest = max(map(len, rows))
        ids = torch.tensor([[0] * (longest - len(row)) + list(row) for row in rows], device=self._device)
        seen = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows], device=self._device)
        spans = [
            (index, column)
            for index, row in enumerate(ids.tolist())
            for column in range(longest)
            if row[column] == HOLE and (column == 0 or row[column - 1] != HOLE)
        ]
        spans_E2 = torch.tensor(spans, device=self._device).reshape(-1, 2)
        embeds = self.model.embed(ids, spans_E2, self._stack(asked))
        return self._greedy(embeds, seen, max_tokens)

    def _greedy(self, embeds_BTD: Tensor, seen_BT: Tensor, max_tokens: int) -> list[Said]:
        head = self.model.language_model.get_output_embeddings()
        positions = (seen_BT.cumsum(1) - 1).clamp_min(0)
        cache, step = None, embeds_BTD
        ids: list[list[int]] = [[] for _ in range(len(embeds_BTD))]
        sums = [0.0] * len(ids)
        done = [False] * len(ids)
        for _ in range(max_tokens):
            output = backbone(self.model.language_model)(
                inputs_embeds=step,
                attention_mask=seen_BT,
                position_ids=positions,
                past_key_values=cache,
                use_cache=True,
            )
            cache = output.past_key_values
            logs = head(output.last_hidden_state[:, -1]).float().log_softmax(-1)
            best = logs.max(-1)
            for row, (value, token) in enumerate(zip(best.values.tolist(), best.indices.tolist(), strict=True)):
                if not done[row]:
                    sums[row] += value
                    ids[row].append(token)
                    done[row] = token == self._end
            if all(done):
                break
            step = self.model.get_input_embeddings()(best.indices[:, None])
            seen_BT = torch.cat([seen_BT, seen_BT.new_ones(len(ids), 1)], 1)
            positions = positions[:, -1:] + 1
        decode = default_tokenizer().decode
        return [Said(decode(row).strip(), total / max(1, len(row))) for row, total in zip(ids, sums, strict=True)]

    def _stack(self, asked: Sequence[Asked]) -> Tensor | None:
        embeddings = [ecg for one in asked for ecg in one.ecgs]
        return torch.from_numpy(np.stack(embeddings)).to(self._device) if embeddings else None


def plan(asked: Sequence[Asked]) -> list[Leaves]:
    """Deal all options of all prompts into trees: prompts about the same ECGs together, in order, none too large."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, one in enumerate(asked):
        groups.setdefault((one.prompt.prefix, *(id(ecg) for ecg in one.ecgs)), []).append(place)
    trees: list[Leaves] = []
    for places in groups.values():
        trees.append([])
        tokens = 0
        for place in places:
            prompt = asked[place].prompt
            tokens += len(prompt.question)
            for option, ids in enumerate(prompt.options):
                tokens += len(ids)
                if trees[-1] and tokens > TOKENS_PER_TREE:
                    trees.append([])
                    tokens = len(prompt.question) + len(ids)
                trees[-1].append((place, option))
    return [leaves for leaves in trees if leaves]


def load(folder: Path) -> TorchBackend:
    """Load a model folder. Raises ModelError."""
    from einthoven.model.loading import load_model

    model = load_model(folder)
    return TorchBackend(model.to("cuda" if torch.cuda.is_available() else "cpu"))
