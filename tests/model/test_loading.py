"""A model folder is whole and fits, or one line says what is wrong with it."""

import json
import pickle
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file

from einthoven.core.errors import ModelError
from einthoven.model.loading import (
    ADAPTERS,
    MAX_HEADER_BYTES,
    WEIGHTS,
    load_language_model,
    load_model,
    model_hash,
    read_config,
    save_parts,
)


@pytest.fixture
def folder(model_folder: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may spoil."""
    return Path(shutil.copytree(model_folder, tmp_path / "model"))


def _refused(folder: Path, match: str) -> None:
    with pytest.raises(ModelError, match=match) as caught:
        load_model(folder)
    assert "\n" not in str(caught.value)


def _spoil(path: Path, change: str) -> None:
    tensors = load_file(path)
    name = sorted(tensors)[0]
    if change == "missing":
        del tensors[name]
    elif change == "unknown":
        tensors["further.weight"] = torch.zeros(1)
    elif change == "odd shape":
        tensors[name] = torch.zeros(3, 5, 7)
    save_file(tensors, path)


@pytest.mark.parametrize("change", ["missing", "unknown", "odd shape"])
@pytest.mark.parametrize("file", [WEIGHTS, ADAPTERS])
def test_every_tensor_must_be_there_and_fit(folder: Path, file: str, change: str) -> None:
    _spoil(folder / file, change)
    _refused(folder, f"{file}: 1 tensors are missing, unknown or of another shape")


@pytest.mark.parametrize("file", [WEIGHTS, ADAPTERS, "config.json"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    _refused(folder, file)


@pytest.mark.parametrize("file", [WEIGHTS, ADAPTERS])
def test_a_header_that_claims_too_much_is_refused_before_it_is_read(folder: Path, file: str) -> None:
    (folder / file).write_bytes(struct.pack("<Q", MAX_HEADER_BYTES + 1) + b"{" + b" " * (MAX_HEADER_BYTES + 10))
    _refused(folder, f"header claims {MAX_HEADER_BYTES + 1} bytes")
    (folder / file).write_bytes(struct.pack("<Q", 1 << 40) + b"{}")
    _refused(folder, "header claims")


@pytest.mark.parametrize("content", ["pickle", "empty", "cut", "text"])
def test_another_file_in_place_of_weights_is_refused(folder: Path, content: str) -> None:
    whole = (folder / WEIGHTS).read_bytes()
    bytes_of = {"pickle": pickle.dumps({"tower": np.zeros(3)}), "empty": b"", "cut": whole[:-100], "text": b"weights"}
    (folder / WEIGHTS).write_bytes(bytes_of[content])
    _refused(folder, WEIGHTS)


class _Trap:
    """Unpickling this would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_a_pickle_is_never_opened(folder: Path, tmp_path: Path) -> None:
    (folder / WEIGHTS).unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(_Trap(tmp_path / "trapped")))
    _refused(folder, "is missing from this model")
    language_model = tmp_path / "language_model"
    language_model.mkdir()
    (language_model / "config.json").write_text(json.dumps({"model_type": "llama"}))
    (language_model / "pytorch_model.bin").write_bytes(pickle.dumps(_Trap(tmp_path / "trapped")))
    with pytest.raises(ModelError, match="no causal language model"):
        load_language_model(str(language_model))
    assert not (tmp_path / "trapped").exists()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"model_type": "llama"}, "model_type is 'llama', must be 'einthoven'"),
        ({"tower_channels": [8, 8, 8, 8, 8, 1 << 40]}, "a size is not a whole number"),
        ({"tower_channels": ["8"] * 6}, "a size is not a whole number"),
        ({"tower_channels": 8}, "not the configuration"),
        ({"tower_channels": [8] * 5}, "gives 39 tokens in time, its configuration says 20"),
        ({"time_tokens": 21}, "gives 20 tokens in time, its configuration says 21"),
        ({"summary_tokens": 0}, "a size is not a whole number"),
        ({"lora_rank": "x"}, "not the configuration"),
    ],
)
def test_a_configuration_that_cannot_be_is_refused(folder: Path, change: dict[str, Any], match: str) -> None:
    values = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(values | change))
    _refused(folder, match)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_configuration_that_is_no_json_object_is_refused(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    _refused(folder, "not the configuration of a model")


def test_a_folder_that_is_no_model_is_told(tmp_path: Path) -> None:
    _refused(tmp_path, "holds no config.json")


def test_the_adapters_are_merged_as_peft_merges_them(model_folder: Path) -> None:
    base = load_language_model(read_config(model_folder).language_model)
    plain = {name: value.clone() for name, value in base.state_dict().items()}
    merged = load_model(model_folder).language_model.state_dict()
    expected = PeftModel.from_pretrained(base, str(model_folder)).merge_and_unload().state_dict()
    assert set(merged) == set(expected)
    assert all(torch.allclose(merged[name], expected[name], atol=1e-6) for name in expected)
    assert any(not torch.allclose(merged[name], plain[name], atol=1e-3) for name in expected)


def test_tower_and_projector_come_back_to_half_precision(model_folder: Path, tmp_path: Path) -> None:
    model = load_model(model_folder)
    save_parts(model, tmp_path)
    again, stored = load_file(tmp_path / WEIGHTS), load_file(model_folder / WEIGHTS)
    assert again.keys() == stored.keys()
    assert all(torch.equal(again[name], stored[name]) for name in stored)
    assert {tensor.dtype for tensor in stored.values()} == {torch.float16, torch.int64}


def test_a_language_model_that_lacks_weights_is_refused(folder: Path, language_model: Path, tmp_path: Path) -> None:
    """Elsewhere the missing ones would be drawn at random, without a word."""
    part = Path(shutil.copytree(language_model, tmp_path / "part"))
    tensors = load_file(part / WEIGHTS)
    del tensors["model.layers.1.mlp.up_proj.weight"]
    save_file(tensors, part / WEIGHTS, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"lacks weights, e.g. model.layers.1.mlp.up_proj.weight"):
        load_language_model(str(part))
    (part / WEIGHTS).write_bytes((part / WEIGHTS).read_bytes()[:5000])
    with pytest.raises(ModelError, match="no causal language model could be loaded"):
        load_language_model(str(part))


def test_a_hub_id_is_not_fetched_even_when_the_hub_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []

    def getaddrinfo(host: str, *further: object, **options: object) -> None:
        looked_up.append(host)
        raise OSError("no network")

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    for name in ("einthoven-no-such/model", "nowhere", "../up/and/away", "http://example.invalid/x", ""):
        with pytest.raises(ModelError, match="neither a folder nor in the Hugging Face cache"):
            load_language_model(name)
    assert looked_up == []


def test_a_missing_default_language_model_says_what_to_run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "empty"))
    values = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(values | {"language_model": "default"}))
    _refused(folder, "run: einthoven fetch")


def test_loading_says_nothing(model_folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load_model(model_folder)
    assert capfd.readouterr() == ("", "")


def test_the_hash_changes_with_any_file_of_the_model(folder: Path) -> None:
    first = model_hash(folder)
    assert len(first) == 8
    for name in (WEIGHTS, ADAPTERS, "config.json", "calibration.json"):
        before, content = model_hash(folder), (folder / name).read_bytes()
        (folder / name).write_bytes(content + b" ")
        assert model_hash(folder) != before
        (folder / name).write_bytes(content)
    assert model_hash(folder) == first
