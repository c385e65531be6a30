"""Put a model together: a small folder (tower, projector, adapters, calibration) and its language model.

A folder holds config.json, model.safetensors (tower and projector), adapter_model.safetensors with adapter_config.json
(peft's form) and calibration.json. The language model is found by name: `default` (cache), a folder, or a hub id in
the Hugging Face cache.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
WEIGHTS, ADAPTERS = "model.safetensors", "adapter_model.safetensors"
MAX_SIZE = 4096  # of anything that decides how much memory a model takes
MAX_HEADER_BYTES = 1_000_000  # of a safetensors file; ours have a few hundred tensors


def load_language_model(name: str, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    """Load a causal language model: `default`, a local folder, or a hub id that is in the Hugging Face cache.

    Never from the network, no code that lies beside the weights. Raises ModelError, also when a weight is missing.
    """
    from safetensors import SafetensorError

    place = _place(name)
    own = {"dtype": dtype, "use_safetensors": True, "local_files_only": True, "trust_remote_code": False}
    try:
        with _quiet():
            model, info = AutoModelForCausalLM.from_pretrained(str(place), output_loading_info=True, **own)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"{place}: no causal language model could be loaded from here ({line})") from error
    if info["missing_keys"]:
        raise ModelError(f"{place}: this language model lacks weights, e.g. {min(info['missing_keys'])}")
    loaded: PreTrainedModel = model
    return loaded


def _place(name: str) -> Path:
    """Return the folder of a language model. Looked up here: from_pretrained asks the hub, whatever it is told."""
    from huggingface_hub import snapshot_download

    if name == "default":
        return language_model_dir()
    if name and Path(name).is_dir():
        return Path(name)
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"language model {name!r}: neither a folder nor in the Hugging Face cache; nothing is downloaded here"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers' bars and notices off the terminal for as long as it loads."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


def load_model(folder: Path) -> EinthovenForConditionalGeneration:
    """Load a model for asking: adapters merged, eval mode, float32. Raises ModelError for any missing or odd tensor."""
    config = read_config(folder)
    language_model = load_language_model(config.language_model)
    if config.lora_rank:
        merge_adapters(language_model, folder / ADAPTERS, config)
    model = EinthovenForConditionalGeneration(config, language_model)
    load_parts(model, folder / WEIGHTS)
    model.eval()
    return model


@torch.no_grad()
def merge_adapters(language_model: PreTrainedModel, path: Path, config: EinthovenConfig) -> None:
    """Add low-rank adapters (peft's file) to the weights: W + scale B A (Hu et al. 2022). Raises ModelError.

    peft's own merge gives the same weights and takes three seconds, half of the time that a first answer may take.
    """
    targets = {
        f"base_model.model.{name.removesuffix('.weight')}": parameter
        for name, parameter in language_model.named_parameters()
        if name.removesuffix(".weight").rpartition(".")[2] in config.lora_targets
    }
    shapes: dict[str, tuple[int, ...]] = {}
    for name, weight in targets.items():
        shapes[f"{name}.lora_A.weight"] = (config.lora_rank, weight.shape[1])
        shapes[f"{name}.lora_B.weight"] = (weight.shape[0], config.lora_rank)
    stored = read_tensors(path, shapes)
    for name, weight in targets.items():
        update = stored[f"{name}.lora_B.weight"] @ stored[f"{name}.lora_A.weight"]
        weight.add_(update.to(weight), alpha=config.lora_alpha / config.lora_rank)


def read_tensors(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """Read a safetensors file that must hold just these tensors; floats as float32. Raises ModelError."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    checked_header(path)
    try:
        stored = load_file(path)
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path}: is not a whole safetensors file ({error})") from error
    odd = sorted(set(stored) ^ set(shapes)) or sorted(n for n in stored if tuple(stored[n].shape) != shapes[n])
    if odd:
        raise ModelError(f"{path}: {len(odd)} tensors are missing, unknown or of another shape, e.g. {odd[0]}")
    return {name: value.float() if value.is_floating_point() else value for name, value in stored.items()}


def read_config(folder: Path) -> EinthovenConfig:
    """Read config.json of a model folder. Raises ModelError."""
    path = folder / "config.json"
    if not path.is_file():
        raise ModelError(
            f"{folder}: holds no config.json, so it is no model; give a folder that `einthoven train` made"
        )
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values.get("model_type") != EinthovenConfig.model_type:
            raise ModelError(f"{path}: model_type is {values.get('model_type')!r}, must be 'einthoven'")
        config: EinthovenConfig = EinthovenConfig.from_dict(values)
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        line = " ".join(str(error).split())
        raise ModelError(f"{path}: is not the configuration of a model ({line})") from error
    sizes = [*config.tower_channels, config.tower_width, config.projector_width, config.summary_tokens]
    if not all(isinstance(size, int) and 0 < size <= MAX_SIZE for size in sizes) or len(config.findings) > MAX_SIZE:
        raise ModelError(f"{path}: a size is not a whole number of 1 to {MAX_SIZE}")
    return config


def load_parts(model: EinthovenForConditionalGeneration, path: Path) -> None:
    """Load tower and projector; every tensor must be there and fit. Raises ModelError."""
    shapes = {name: tuple(value.shape) for name, value in model.state_dict().items() if name.startswith(PARTS)}
    model.load_state_dict(read_tensors(path, shapes), strict=False)


def save_parts(model: EinthovenForConditionalGeneration, folder: Path) -> None:
    """Write config.json and model.safetensors (tower and projector, float16; whole numbers as they are)."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    model.config.save_pretrained(folder)
    save_file({n: _half(v) for n, v in model.state_dict().items() if n.startswith(PARTS)}, folder / WEIGHTS)


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
    values.pop("_name_or_path", None)  # a path of this machine
    return values
