"""A model of a few thousand weights with the shipped vocabulary, as `train` would leave it: what tests ask."""

import json
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

CHANNELS = (8, 8, 8, 8, 8, 16)
FINDINGS = ("NORM", "MI", "STTC", "CD", "HYP", "AFIB", "CLBBB")
HIDDEN, LAYERS, VOCABULARY = 32, 2, 49152
RANK, ALPHA = 4, 8.0


def write_language_model(folder: Path) -> Path:
    """Write a causal language model with random weights, large enough that its answers depend on what it reads."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=HIDDEN,
        intermediate_size=2 * HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        initializer_range=0.3,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    torch.manual_seed(1903)
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def write_model(folder: Path, language_model: Path, **further: Any) -> Path:
    """Write a model folder over this language model: tower, projector and adapters drawn by a seed, none zero."""
    import torch
    from peft import LoraConfig, get_peft_model

    from einthoven.model.config import EinthovenConfig
    from einthoven.model.loading import load_language_model, save_parts, text_config
    from einthoven.model.modeling import EinthovenForConditionalGeneration
    from einthoven.runtime.calibration import Calibration

    base = load_language_model(str(language_model))
    config = EinthovenConfig(CHANNELS, FINDINGS, text_config(base), str(language_model), lora_rank=RANK,
                             lora_alpha=ALPHA, projector_width=32, **further)  # fmt: skip
    torch.manual_seed(1924)
    model = EinthovenForConditionalGeneration(config, base)
    model.projector.match_scale(
        float(model.get_input_embeddings().get_parameter("weight").detach().pow(2).mean().sqrt())
    )
    adapted = get_peft_model(base, LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=list(config.lora_targets),
                                              task_type="CAUSAL_LM"))  # fmt: skip
    for name, parameter in adapted.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(parameter, std=0.1)
    adapted.save_pretrained(str(folder))
    (folder / "README.md").unlink(missing_ok=True)
    save_parts(model, folder)
    calibration = Calibration(yes_no=1.5, choice=2.0, text_slope=0.5, text_offset=0.1)
    (folder / "calibration.json").write_text(json.dumps(asdict(calibration)))
    return folder


@pytest.fixture(scope="session")
def language_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny language model."""
    return write_language_model(tmp_path_factory.mktemp("language_model"))


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory, language_model: Path) -> Path:
    """The folder of a tiny model. Shared: copy it before changing it."""
    return write_model(tmp_path_factory.mktemp("models") / "tiny", language_model)


@pytest.fixture
def tiny_default(model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tiny model be the default one."""
    monkeypatch.setattr(import_module("einthoven.ask"), "DEFAULT", model_folder)  # einthoven.ask is a function too
