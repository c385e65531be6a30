"""Put a model together: a small folder (tower, projector, adapters, calibration) and its language model.

A folder holds config.json, model.safetensors (tower and projector), adapter_model.safetensors with adapter_config.json
(peft's form) and calibration.json. The language model is found by name: `default` (cache), a folder or a hub id.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, PreTrainedModel

from einthoven.core.errors import ModelError
from einthoven.model.config import EinthovenConfig
from einthoven.model.modeling import EinthovenForConditionalGeneration
from einthoven.runtime.language_model import language_model_dir

PARTS = ("tower.", "projector.")
ADAPTERS = "adapter_model.safetensors"
_PEFT_KEY = re.compile(r"base_model\.model\.(.+)\.lora_(A|B)\.weight")
MAX_HEADER_BYTES = 1_000_000  # of a safetensors file; ours have a few hundred tensors


def load_language_model(name: str, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    """Load a causal language model: `default`, a local folder or a hub id. Raises ModelError."""
    place = str(language_model_dir()) if name == "default" else name
    try:
        model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(place, dtype=dtype, use_safetensors=True)
    except (OSError, ValueError) as error:
        line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"{place}: no causal language model could be loaded from here ({line})") from error
    return model


def load_model(folder: Path) -> EinthovenForConditionalGeneration:
    """Load a model for asking: adapters merged, eval mode, float32. Raises ModelError for any missing or odd tensor."""
    config = read_config(folder)
    language_model = load_language_model(config.language_model)
    if (folder / ADAPTERS).is_file():
        merge_adapters(language_model, folder / ADAPTERS, config.lora_alpha / config.lora_rank)
    model = EinthovenForConditionalGeneration(config, language_model)
    load_parts(model, folder / "model.safetensors")
    model.eval()
    return model


@torch.no_grad()
def merge_adapters(language_model: PreTrainedModel, path: Path, scale: float) -> None:
    """Add low-rank adapters (peft's file) to the weights: W + scale B A (Hu et al. 2022). Raises ModelError.

    peft's own merge gives the same weights and takes three seconds, half of the time that a first answer may take.
    """
    from safetensors.torch import load_file

    checked_header(path)
    weights = dict(language_model.named_parameters())
    pairs: dict[str, dict[str, Tensor]] = {}
    for key, value in load_file(path).items():
        found = _PEFT_KEY.fullmatch(key)
        if found is None or f"{found[1]}.weight" not in weights:
            raise ModelError(f"{path}: {key} has no place in this language model; it is of another one")
        pairs.setdefault(f"{found[1]}.weight", {})[found[2]] = value.float()
    for name, pair in pairs.items():
        if set(pair) != {"A", "B"} or (len(pair["B"]), pair["A"].shape[1]) != tuple(weights[name].shape):
            raise ModelError(f"{path}: the adapter of {name} is not whole or of another shape")
        weights[name].add_((pair["B"] @ pair["A"]).to(weights[name]), alpha=scale)


def read_config(folder: Path) -> EinthovenConfig:
    """Read config.json of a model folder. Raises ModelError."""
    path = folder / "config.json"
    if not path.is_file():
        raise ModelError(
            f"{folder}: holds no config.json, so it is no model; give a folder that `einthoven train` made"
        )
    try:
        values = json.loads(path.read_text())
        if values.get("model_type") != EinthovenConfig.model_type:
            raise ModelError(f"{path}: model_type is {values.get('model_type')!r}, must be 'einthoven'")
        config: EinthovenConfig = EinthovenConfig.from_dict(values)
        return config
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{path}: is not the configuration of a model ({error})") from error


def load_parts(model: EinthovenForConditionalGeneration, path: Path) -> None:
    """Load tower and projector; every tensor must be there and fit. Raises ModelError."""
    from safetensors.torch import load_file

    checked_header(path)
    stored = {
        name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in load_file(path).items()
    }
    wanted = {name: value for name, value in model.state_dict().items() if name.startswith(PARTS)}
    wrong = sorted(set(stored) ^ set(wanted)) or sorted(n for n in stored if stored[n].shape != wanted[n].shape)
    if wrong:
        raise ModelError(f"{path}: {len(wrong)} tensors are missing, unknown or of another shape, e.g. {wrong[0]}")
    model.load_state_dict(stored, strict=False)


def save_parts(model: EinthovenForConditionalGeneration, folder: Path) -> None:
    """Write config.json and model.safetensors (tower and projector, float16; whole numbers as they are)."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    model.config.save_pretrained(folder)
    save_file({n: _half(v) for n, v in model.state_dict().items() if n.startswith(PARTS)}, folder / "model.safetensors")


def model_hash(folder: Path) -> str:
    """Return the first 8 hex digits of the SHA-256 over all files of a model folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")) + sorted(folder.glob("*.json")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:8]


def checked_header(path: Path) -> None:
    """Refuse a safetensors file that is absent or whose header is too large. Raises ModelError."""
    if not path.is_file():
        raise ModelError(f"{path}: is missing from this model")
    with path.open("rb") as stream:
        size = int.from_bytes(stream.read(8), "little")
    if not 0 < size <= min(MAX_HEADER_BYTES, path.stat().st_size - 8):
        raise ModelError(f"{path}: is not a safetensors file of a model (its header claims {size} bytes)")


def _half(value: Tensor) -> Tensor:
    return value.half().contiguous() if value.is_floating_point() else value.contiguous()


def text_config(language_model: PreTrainedModel) -> dict[str, Any]:
    """Return the language model's configuration as plain JSON values."""
    values: dict[str, Any] = language_model.config.to_dict()
    return values
