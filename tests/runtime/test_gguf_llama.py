"""The converted folder holds the model that went in; transformers' own GGUF reader is the outside witness."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from einthoven.core.errors import ModelError
from einthoven.runtime.gguf_llama import hugging_face_name, write_hugging_face_folder
from tests.runtime.tiny_gguf import tiny_weights, write_gguf


def _convert(gguf: Path, folder: Path) -> dict[str, np.ndarray]:
    folder.mkdir()
    write_hugging_face_folder(gguf, folder)
    return load_file(folder / "model.safetensors")


def test_every_weight_comes_back_in_its_place_and_order(tmp_path: Path) -> None:
    weights = tiny_weights()
    converted = _convert(write_gguf(tmp_path / "m.gguf", weights), tmp_path / "hf")
    assert len(converted) == len(weights)
    for name, values in weights.items():
        np.testing.assert_array_equal(converted[str(hugging_face_name(name))], values.astype(np.float16), err_msg=name)


def test_four_bit_blocks_are_unpacked_by_the_specification(tmp_path: Path) -> None:
    """Q4_1: scale and minimum (float16), then 16 bytes: low halves are values 0..15, high halves 16..31."""
    from gguf import GGUFReader

    gguf = write_gguf(tmp_path / "m.gguf", tiny_weights(), four_bits=True)
    (stored,) = [t for t in GGUFReader(gguf).tensors if t.name == "blk.1.ffn_gate.weight"]
    blocks = stored.data.reshape(-1, 20)
    scale, low = blocks[:, :4].copy().view(np.float16).astype(np.float32).T[..., None]
    nibbles = np.concatenate([blocks[:, 4:] & 15, blocks[:, 4:] >> 4], axis=1)
    expected = (nibbles * scale + low).reshape(96, 64)
    converted = _convert(gguf, tmp_path / "hf")["model.layers.1.mlp.gate_proj.weight"]
    np.testing.assert_array_equal(converted, expected.astype(np.float16))


def test_logits_equal_those_of_the_model_that_transformers_reads_from_the_same_file(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, LlamaForCausalLM

    write_gguf(tmp_path / "m.gguf", tiny_weights(), four_bits=True)
    _convert(tmp_path / "m.gguf", tmp_path / "hf")
    witness = AutoModelForCausalLM.from_pretrained(tmp_path, gguf_file="m.gguf", dtype=torch.float32)
    witness.load_state_dict({name: values.half().float() for name, values in witness.state_dict().items()})
    ours, info = LlamaForCausalLM.from_pretrained(tmp_path / "hf", dtype=torch.float32, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    ids = torch.arange(3, 60)[None]
    with torch.no_grad():
        expected, found = witness(ids).logits, ours(ids).logits
    assert expected.std() > 0.5  # the witness says something
    assert (expected - found).abs().max() < 1e-4


def test_config_says_what_the_header_says(tmp_path: Path) -> None:
    _convert(write_gguf(tmp_path / "m.gguf", tiny_weights()), tmp_path / "hf")
    config = json.loads((tmp_path / "hf" / "config.json").read_text())
    expected = {
        "hidden_size": 64,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "vocab_size": 256,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": True,
        "eos_token_id": 2,
    }
    assert config | expected == config
    assert config["rope_parameters"]["rope_theta"] == 100000.0
    assert json.loads((tmp_path / "hf" / "tokenizer_config.json").read_text())["eos_token"] == "t2"


def test_an_output_matrix_of_its_own_unties_the_embeddings(tmp_path: Path) -> None:
    weights = tiny_weights()
    weights["output.weight"] = weights["token_embd.weight"] * 2
    converted = _convert(write_gguf(tmp_path / "m.gguf", weights), tmp_path / "hf")
    assert "lm_head.weight" in converted
    assert json.loads((tmp_path / "hf" / "config.json").read_text())["tie_word_embeddings"] is False


def _without(name: str) -> dict[str, np.ndarray]:
    return {key: values for key, values in tiny_weights().items() if key != name}


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        (_without("blk.1.attn_k.weight"), "model.layers.1.self_attn.k_proj.weight"),
        (tiny_weights() | {"blk.2.attn_norm.weight": np.ones(64, np.float32)}, "model.layers.2.input_layernorm"),
        (tiny_weights() | {"blk.0.attn_output.bias": np.ones(64, np.float32)}, "blk.0.attn_output.bias"),
        (tiny_weights() | {"output_norm.weight": np.full(64, 1e9, np.float32)}, "no finite float16"),
    ],
)
def test_a_model_of_another_shape_is_refused(tmp_path: Path, weights: dict[str, np.ndarray], says: str) -> None:
    gguf = write_gguf(tmp_path / "m.gguf", weights)
    with pytest.raises(ModelError, match=says):
        _convert(gguf, tmp_path / "hf")
    assert not (tmp_path / "hf" / "model.safetensors").exists()


def test_another_architecture_is_refused(tmp_path: Path) -> None:
    gguf = write_gguf(tmp_path / "m.gguf", tiny_weights(), architecture="mamba")
    with pytest.raises(ModelError, match=r"m\.gguf: architecture is 'mamba'"):
        _convert(gguf, tmp_path / "hf")


@pytest.mark.parametrize("kept_bytes", [0, 3, 20, 200, 2000, -64])
def test_a_cut_file_is_refused_in_one_line(tmp_path: Path, kept_bytes: int) -> None:
    gguf = write_gguf(tmp_path / "m.gguf", tiny_weights())
    gguf.write_bytes(gguf.read_bytes()[:kept_bytes])
    with pytest.raises(ModelError, match=r"m\.gguf") as refused:
        _convert(gguf, tmp_path / "hf")
    assert "\n" not in str(refused.value)
