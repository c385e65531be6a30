"""Packed trees and plain forward passes give the same numbers; company and order of questions do not matter."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from einthoven.core.sample import Sample, ask_sample
from einthoven.records.simulate import simulate
from einthoven.runtime import torch_backend
from einthoven.runtime.arrays import tower_input
from einthoven.runtime.prompt import HOLE, Prompt, default_tokenizer, prompts
from einthoven.runtime.protocols import Asked, Embedding
from einthoven.runtime.torch_backend import TorchBackend, load, plan
from einthoven.runtime.tree import Run
from einthoven.runtime.tree_tensors import answer_logits, leaf_log_likelihoods, tree_batch

QUESTIONS = (
    ("Is this ECG normal?", ("yes", "no")),
    ("Which rhythm is it?", ("sinus rhythm", "atrial fibrillation", "V1", "none of these at all")),
    ("Does it show MI?", ("no", "yes")),
)


@pytest.fixture(scope="module")
def backend(model_folder: Path) -> TorchBackend:
    return load(model_folder)


@pytest.fixture(scope="module")
def embeddings(backend: TorchBackend) -> list[Embedding]:
    ecgs = [simulate(findings, seed=3).ecg for findings in ([], ["CLBBB"], ["AFIB"])]
    return backend.encode([tower_input(ecg) for ecg in ecgs])


def _asked(backend: TorchBackend, ecgs: Sequence[Embedding], question: str, options: tuple[str, ...] | None) -> Asked:
    sample: Sample = ask_sample(question, tuple(f"ecg {n}" for n in range(len(ecgs))), options)
    return Asked(prompts(sample, backend.tokens_per_ecg, default_tokenizer())[0], tuple(ecgs))


def _alone(backend: TorchBackend, one: Asked, option: tuple[int, ...]) -> float:
    """The witness: the whole sequence as one row through transformers, whose own loss over `labels` is counted."""
    model = backend.model.language_model
    ids = [*one.prompt.prefix, *one.prompt.question, *option]
    embeds = model.get_input_embeddings()(torch.tensor([[max(number, 0) for number in ids]]))
    holes = [place for place, number in enumerate(ids) if number == HOLE]
    embeds[0, holes] = torch.from_numpy(np.concatenate(one.ecgs))
    labels = torch.tensor([[-100] * (len(ids) - len(option)) + list(option)])
    with torch.no_grad():
        loss = model(inputs_embeds=embeds, labels=labels).loss
    return -float(loss) * len(option)


def test_scores_in_a_tree_are_those_of_each_answer_alone(backend: TorchBackend, embeddings: list[Embedding]) -> None:
    asked = [_asked(backend, [ecg], *question) for ecg in embeddings[:2] for question in QUESTIONS]
    asked.append(_asked(backend, embeddings[1:], *QUESTIONS[1]))
    for one, scores in zip(asked, backend.score(asked), strict=True):
        expected = [_alone(backend, one, option) for option in one.prompt.options]
        assert scores == pytest.approx(expected, abs=2e-3)


def test_company_and_order_do_not_matter(backend: TorchBackend, embeddings: list[Embedding]) -> None:
    asked = [_asked(backend, [ecg], *question) for question in QUESTIONS for ecg in embeddings]
    together = backend.score(asked)
    for place, one in enumerate(asked):
        assert backend.score([one])[0] == pytest.approx(together[place], abs=1e-3)
    order = [4, 0, 8, 2, 6, 1, 7, 3, 5]
    shuffled = backend.score([asked[place] for place in order])
    for place, scores in zip(order, shuffled, strict=True):
        assert scores == pytest.approx(together[place], abs=1e-3)


def test_what_the_ecg_is_matters(backend: TorchBackend, embeddings: list[Embedding]) -> None:
    """Otherwise all equalities here would hold for a model that reads nothing."""
    first, second = backend.score([_asked(backend, [ecg], *QUESTIONS[0]) for ecg in embeddings[:2]])
    assert abs((first[0] - first[1]) - (second[0] - second[1])) > 0.01


def test_a_sibling_changes_nothing(backend: TorchBackend, embeddings: list[Embedding]) -> None:
    """Directly on the tensors: another word in one leaf leaves the other leaf's likelihood as it was."""
    prompt = _asked(backend, embeddings[:1], *QUESTIONS[0]).prompt

    def likelihoods(first: tuple[int, ...], second: tuple[int, ...]) -> list[float]:
        runs = [Run(-1, prompt.prefix), Run(0, prompt.question), Run(1, first), Run(1, second)]
        batch = tree_batch([runs], torch.device("cpu"))
        with torch.no_grad():
            logits = answer_logits(backend.model, batch, torch.from_numpy(embeddings[0][None]))
        return [float(value) for value in leaf_log_likelihoods(*logits)]

    plain = likelihoods((300, 400), (500, 2))
    assert likelihoods((301, 77), (500, 2))[1] == pytest.approx(plain[1], abs=1e-4)
    assert likelihoods((300, 400), (501, 9, 2))[0] == pytest.approx(plain[0], abs=1e-4)
    assert likelihoods((301, 77), (500, 2))[0] != pytest.approx(plain[0], abs=1e-2)


def test_many_options_are_dealt_into_trees_of_bounded_size(
    backend: TorchBackend, embeddings: list[Embedding], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [_asked(backend, [ecg], *question) for ecg in embeddings for question in QUESTIONS]
    whole = backend.score(asked)
    monkeypatch.setattr(torch_backend, "TOKENS_PER_TREE", 20)
    planned = plan(asked)
    assert sorted(leaf for leaves in planned for leaf in leaves) == [
        (place, option) for place, one in enumerate(asked) for option in range(len(one.prompt.options))
    ]
    assert len(planned) > len(asked)
    for scores, expected in zip(backend.score(asked), whole, strict=True):
        assert scores == pytest.approx(expected, abs=1e-3)


def test_the_plan_keeps_each_tree_within_its_tokens(embeddings: list[Embedding]) -> None:
    question, option = tuple(range(100)), tuple(range(10))
    asked = [Asked(Prompt((1,), question, (option,) * 300), (embeddings[0],)) for _ in range(3)]
    for leaves in plan(asked):
        tokens = 100 * len({place for place, _ in leaves}) + 10 * len(leaves)
        assert tokens <= torch_backend.TOKENS_PER_TREE


def test_text_is_that_of_transformers_own_greedy_search(backend: TorchBackend, embeddings: list[Embedding]) -> None:
    asked = [_asked(backend, [ecg], "What does this ECG show?", None) for ecg in embeddings]
    asked.append(_asked(backend, embeddings[:2], "What changed between these two ECGs, and where?", None))
    said = backend.say(asked, 12)
    for one, got in zip(asked, said, strict=True):
        model = backend.model.language_model
        ids = [*one.prompt.prefix, *one.prompt.question]
        embeds = model.get_input_embeddings()(torch.tensor([[max(number, 0) for number in ids]]))
        holes = [place for place, number in enumerate(ids) if number == HOLE]
        embeds[0, holes] = torch.from_numpy(np.concatenate(one.ecgs))
        with torch.no_grad():
            made = model.generate(inputs_embeds=embeds, max_new_tokens=12, do_sample=False,
                                  attention_mask=torch.ones(1, len(ids)))  # fmt: skip
        assert got.text == default_tokenizer().decode(made[0].tolist()).strip()
        assert got.mean_log_probability < 0
        assert backend.say([one], 12)[0].text == got.text


def test_padding_of_trees_is_never_looked_at(backend: TorchBackend, embeddings: list[Embedding]) -> None:
    """A long neighbour in the same pass makes the row longer, and nothing else."""
    short = _asked(backend, embeddings[:1], *QUESTIONS[0])
    long = _asked(backend, embeddings[1:2], "Why? " * 60, ("yes", "no"))
    assert backend.score([short, long])[0] == pytest.approx(backend.score([short])[0], abs=1e-3)
