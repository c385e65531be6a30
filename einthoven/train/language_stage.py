"""Second stage: projector and adapters learn to answer questions about what the frozen tower sees.

Each row of a batch is one ECG with all its questions as a tree (runtime/tree.py), so that the ECG is paid for once.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from peft import LoraConfig, get_peft_model
from torch import Tensor
from torch.nn import functional

from einthoven.core.rng import rng
from einthoven.core.sample import ask_sample
from einthoven.instruct.labels import Askable, Item, askable, finding_items, open_items, superclass_items
from einthoven.model.modeling import EinthovenForConditionalGeneration
from einthoven.model.tower import TowerOutput
from einthoven.runtime.prompt import (
    FileTokenizer,
    answer_ids,
    each_option_text,
    prefix_ids,
    question_ids,
    question_text,
)
from einthoven.runtime.tree import Run
from einthoven.runtime.tree_tensors import TreeBatch, answer_logits, tree_batch
from einthoven.train.loop import Schedule, autocast, train
from einthoven.train.pack import TRAIN_FOLDS, Pack
from einthoven.train.tower_stage import augmented, tower_outputs, twelve_leads


@dataclass(frozen=True)
class LanguageStage:
    """Settings of the second stage. `views` is how many augmented readings of each ECG are made beforehand."""

    schedule: Schedule = field(default_factory=lambda: Schedule(steps=1500, peak_rate=1e-3, warmup=0.05))
    ecgs: int = 4
    findings_asked: int = 4
    views: int = 4
    rank: int = 8
    alpha: float = 16.0


@dataclass(frozen=True, eq=False)
class Readings:
    """What the frozen tower says of each train ECG in several augmented views, (views, N, ...)."""

    views: tuple[TowerOutput, ...]
    places: NDArray[np.int64]

    def batch(self, chosen: NDArray[np.int64], view: int, device: torch.device) -> TowerOutput:
        """Return the outputs of these rows (indices into `places`) in one view."""
        whole, rows = self.views[view], torch.from_numpy(chosen)
        parts = (whole.tokens_BTD, whole.summary_BD, whole.logits_BF)
        return TowerOutput(*(part[rows].to(device) for part in parts))


def read_all(model: EinthovenForConditionalGeneration, pack: Pack, stage: LanguageStage, seed: int) -> Readings:
    """Run the frozen tower over all train rows outside fold 0, once for each augmented view."""
    places = pack.where("train", TRAIN_FOLDS)
    x = twelve_leads(pack, places)
    views = []
    for view in range(stage.views):
        wear = [augmented(x[i : i + 64], rng("language wear", seed, view, i)) for i in range(0, len(x), 64)]
        views.append(tower_outputs(model.tower, torch.cat([w[0] for w in wear]), torch.cat([w[1] for w in wear])))
    return Readings(tuple(views), places)


def items_of(codes: Sequence[str], ask: Askable, most: int, random: np.random.Generator) -> list[Item]:
    """Return one ECG's questions for one step: superclasses, some single findings, one open or choosing question."""
    single = finding_items(codes, ask, "train", random)
    single = [single[i] for i in random.permutation(len(single))[:most]]
    free = open_items(codes, ask, "train", random)
    return [*superclass_items(codes, "train", random), *single, *(free[i] for i in random.permutation(len(free))[:1])]


def runs_of(items: list[Item], tokens_per_ecg: int, tokenizer: FileTokenizer) -> list[Run]:
    """Return the tree prefix -> question -> right answer for the questions about one ECG."""
    runs = [Run(-1, prefix_ids(1, tokens_per_ecg, tokenizer))]
    for item in items:
        for question, answer in _asked(item):
            runs.append(Run(0, question_ids(question, tokenizer)))
            runs.append(Run(len(runs) - 1, answer_ids(answer, tokenizer)))
    return runs


def _asked(item: Item) -> list[tuple[str, str]]:
    """Return (question, answer) as they are put to the model; pick "any" becomes yes or no for each option."""
    sample = ask_sample(item.question, ("ecg",), item.options, item.pick)
    if item.pick == "any" and item.options:
        return [(each_option_text(sample, option), "yes" if option in item.answer else "no") for option in item.options]
    return [(question_text(sample), str(item.answer))]


def answer_loss(model: EinthovenForConditionalGeneration, batch: TreeBatch, ecg_BTD: Tensor) -> Tensor:
    """Return the mean over answers of their negative log likelihood, divided by their tokens before the end mark."""
    logits_AV, ids_A, answer_A = answer_logits(model, batch, ecg_BTD)
    each_A = functional.cross_entropy(logits_AV.float(), ids_A, reduction="none")
    count = int(answer_A.max()) + 1
    tokens = torch.bincount(answer_A, minlength=count)
    total = torch.zeros(count, device=each_A.device).index_add(0, answer_A, each_A)
    return (total / (tokens - 1).clamp_min(1)).mean()


def train_language(
    model: EinthovenForConditionalGeneration, pack: Pack, stage: LanguageStage, seed: int, folder: Path
) -> None:
    """Train projector and adapters; the adapters stay in the language model (peft), the tower is frozen."""
    from einthoven.runtime.prompt import default_tokenizer

    tokenizer, device = default_tokenizer(), next(model.parameters()).device
    model.requires_grad_(False)
    readings = read_all(model.eval(), pack, stage, seed)
    ask = askable([pack.rows[place]["labels"] for place in readings.places])
    torch.manual_seed(seed)
    embedding = model.get_input_embeddings().get_parameter("weight")
    rms = float(embedding.float().pow(2).mean().sqrt())
    model.projector.match_scale(rms)
    model.projector.requires_grad_(True)
    lora = LoraConfig(
        r=stage.rank, lora_alpha=stage.alpha, target_modules=list(model.config.lora_targets), task_type="CAUSAL_LM"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by a name that is going away
        model.language_model = get_peft_model(model.language_model, lora)
    per_epoch = max(1, len(readings.places) // stage.ecgs)

    def loss_at(step: int) -> Tensor:
        epoch, place = divmod(step, per_epoch)
        order = rng("language order", seed, epoch).permutation(len(readings.places))
        chosen = order[place * stage.ecgs : (place + 1) * stage.ecgs]
        random = rng("language items", seed, step)
        trees = []
        for row in readings.places[chosen]:
            items = items_of(list(pack.rows[row]["labels"]), ask, stage.findings_asked, random)
            trees.append(runs_of(items, model.config.tokens_per_ecg, tokenizer))
        batch = tree_batch(trees, device)
        view = readings.batch(chosen, int(random.integers(stage.views)), device)
        with autocast(device):
            return answer_loss(model, batch, model.projector(view))

    train(model, loss_at, stage.schedule, folder, "language")
    model.eval()
