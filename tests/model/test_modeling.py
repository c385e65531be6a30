"""The whole model as Hugging Face tools see it: saved, loaded, differentiated, generating."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from einthoven.core.errors import ModelError, QuestionError
from einthoven.core.sample import ask_sample
from einthoven.model.loading import load_model
from einthoven.model.modeling import EinthovenForConditionalGeneration
from einthoven.model.processing import EinthovenProcessor
from einthoven.records.simulate import simulate
from einthoven.runtime.arrays import tower_input
from einthoven.runtime.prompt import HOLE, default_tokenizer, prefix_ids, question_ids
from einthoven.runtime.prompt import prompts as make_prompts
from einthoven.runtime.protocols import Asked
from einthoven.runtime.torch_backend import TorchBackend

NORMAL, BLOCK = (simulate(findings, seed=3).ecg for findings in ([], ["CLBBB"]))


@pytest.fixture
def model(model_folder: Path) -> EinthovenForConditionalGeneration:
    return load_model(model_folder)


@pytest.fixture(scope="module")
def processor() -> EinthovenProcessor:
    return EinthovenProcessor()


@torch.no_grad()
def test_saved_and_loaded_it_has_the_same_bits(
    model: EinthovenForConditionalGeneration, processor: EinthovenProcessor, tmp_path: Path
) -> None:
    model.save_pretrained(tmp_path)
    again = EinthovenForConditionalGeneration.from_pretrained(tmp_path).eval()
    inputs = processor("Is this ECG normal?", [NORMAL])
    weights = again.state_dict()
    assert weights.keys() == model.state_dict().keys()
    assert all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())
    # weights that are mapped from a file lie at other addresses, and sums are taken in another order
    assert torch.allclose(again(**inputs).logits, model(**inputs).logits, atol=1e-4)
    assert again.config.to_dict().keys() == model.config.to_dict().keys()
    assert again.config.tokens_per_ecg == 24
    assert not list(tmp_path.glob("*.bin"))


@torch.no_grad()
def test_the_embeddings_of_an_ecg_lie_in_its_places_and_nowhere_else(
    model: EinthovenForConditionalGeneration, processor: EinthovenProcessor
) -> None:
    inputs = processor("What changed?", [NORMAL, BLOCK])
    ids = inputs["input_ids"]
    ecg = torch.arange(2 * 24 * 32, dtype=torch.float32).reshape(2, 24, 32)
    embeds = model.embed(ids, inputs["spans"], ecg)
    assert torch.equal(embeds[ids == HOLE], ecg.flatten(0, 1))
    assert torch.equal(embeds[ids != HOLE], model.get_input_embeddings()(ids[ids != HOLE]))


def test_places_and_ecgs_must_be_as_many(
    model: EinthovenForConditionalGeneration, processor: EinthovenProcessor
) -> None:
    inputs = processor("What changed?", [NORMAL, BLOCK])
    with pytest.raises(ModelError, match="2 ECG places in the prompt but 1 ECGs"):
        model.embed(inputs["input_ids"], inputs["spans"], torch.zeros(1, 24, 32))
    with pytest.raises(ModelError, match="input_ids or inputs_embeds"):
        model()


def test_the_loss_reaches_projector_and_language_model_and_not_a_frozen_tower(
    model: EinthovenForConditionalGeneration, processor: EinthovenProcessor
) -> None:
    model.tower.requires_grad_(False)
    inputs = processor("Is this ECG normal?", [NORMAL])
    logits = model(**inputs).logits[0, -1:]
    functional.cross_entropy(logits, torch.tensor([5])).backward()  # type: ignore[no-untyped-call]
    for name, parameter in model.named_parameters():
        if name.startswith("tower."):
            assert parameter.grad is None, name
        elif name.startswith("projector."):
            assert parameter.grad is not None, name
            assert parameter.grad.abs().sum() > 0, name


def test_generate_says_what_the_backend_says(
    model: EinthovenForConditionalGeneration, processor: EinthovenProcessor
) -> None:
    backend = TorchBackend(model)
    (embedding,) = backend.encode([tower_input(BLOCK)])
    (prompt,) = make_prompts(ask_sample("What does it show?", ("ecg",)), 24, default_tokenizer())
    (said,) = backend.say([Asked(prompt, (embedding,))], 10)
    ids = model.generate(**processor("What does it show?", [BLOCK]), max_new_tokens=10, do_sample=False)
    assert processor.decode(ids[0].tolist()) == said.text
    assert said.text


def test_the_processor_takes_the_one_path(processor: EinthovenProcessor) -> None:
    inputs = processor("Which?", [NORMAL, BLOCK], ["AFIB", "sinus rhythm"])
    tokenizer = default_tokenizer()
    expected = prefix_ids(2, 24, tokenizer) + question_ids("Which? Options: AFIB; sinus rhythm.", tokenizer)
    assert inputs["input_ids"].tolist() == [list(expected)]
    for (row, first), x, mask, ecg in zip(inputs["spans"].tolist(), inputs["x"], inputs["mask"], (NORMAL, BLOCK),
                                          strict=True):  # fmt: skip
        assert row == 0
        assert expected[first : first + 24] == (HOLE,) * 24
        assert expected[first - 1] != HOLE
        assert expected[first + 24] != HOLE
        assert np.array_equal(x.numpy(), tower_input(ecg).x_LS)
        assert np.array_equal(mask.numpy(), tower_input(ecg).mask_L)


def test_the_processor_without_an_ecg_and_with_too_many(processor: EinthovenProcessor) -> None:
    assert set(processor("What is a P wave?")) == {"input_ids"}
    with pytest.raises(QuestionError, match="3 ECGs"):
        processor("Which?", [NORMAL] * 3)
    with pytest.raises(QuestionError, match="empty"):
        processor(" ", [NORMAL])


def test_the_processor_is_saved_and_loaded(tmp_path: Path) -> None:
    EinthovenProcessor(tokens_per_ecg=7).save_pretrained(tmp_path)
    again = EinthovenProcessor.from_pretrained(tmp_path)
    assert again.tokens_per_ecg == 7
    assert again("Is it?", [NORMAL])["input_ids"].tolist()[0].count(HOLE) == 7
