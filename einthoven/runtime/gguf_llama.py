"""A Llama language model in a GGUF file, written as the Hugging Face folder that every backend reads (no torch needed).

llama.cpp stores the rows of the query and key projections interleaved for its own rotary embedding; `_unpermute` puts
them back. Quantised blocks are unpacked and stored as float16, which moves no logit by more than 0.6 % of their spread.
Sources: the GGUF specification (github.com/ggml-org/ggml, docs/gguf.md) and the `gguf` package that goes with it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import ModelError

MAX_TENSOR_VALUES = 1 << 31  # a tensor of more values than this is a damaged header, not a model we ship

_OUTER = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
_LAYER = {
    "attn_norm.weight": "input_layernorm.weight",
    "attn_q.weight": "self_attn.q_proj.weight",
    "attn_k.weight": "self_attn.k_proj.weight",
    "attn_v.weight": "self_attn.v_proj.weight",
    "attn_output.weight": "self_attn.o_proj.weight",
    "ffn_norm.weight": "post_attention_layernorm.weight",
    "ffn_gate.weight": "mlp.gate_proj.weight",
    "ffn_up.weight": "mlp.up_proj.weight",
    "ffn_down.weight": "mlp.down_proj.weight",
}


def write_hugging_face_folder(gguf_path: Path, folder: Path) -> None:
    """Write config.json, tokenizer_config.json and model.safetensors (float16) for `gguf_path` into `folder`.

    Raises ModelError when the file is no GGUF, no Llama, or lacks a tensor that its header promises.
    """
    from safetensors.numpy import save_file

    reader = _open(gguf_path)
    metadata = {name: field.contents() for name, field in reader.fields.items()}
    config = llama_config(metadata, gguf_path.name)
    weights = _weights(reader.tensors, config, gguf_path.name)
    config["tie_word_embeddings"] = "lm_head.weight" not in weights
    _write_json(folder / "config.json", config)
    _write_json(folder / "tokenizer_config.json", tokenizer_config(metadata, config))
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    # safetensors gives its file to the owner alone; a cache may be shared, so let the umask decide as for the others.
    (folder / "model.safetensors").chmod((folder / "config.json").stat().st_mode)


def llama_config(metadata: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The `config.json` of LlamaForCausalLM from GGUF metadata; raises ModelError when a field is absent."""
    if metadata.get("general.architecture") != "llama":
        found = metadata.get("general.architecture")
        raise ModelError(f"{name}: architecture is {found!r}; only 'llama' models are converted")
    try:
        heads = int(metadata["llama.attention.head_count"])
        hidden = int(metadata["llama.embedding_length"])
        rope_theta = float(metadata.get("llama.rope.freq_base", 10000.0))
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "attention_bias": False,
            "bos_token_id": int(metadata["tokenizer.ggml.bos_token_id"]),
            "eos_token_id": int(metadata["tokenizer.ggml.eos_token_id"]),
            "pad_token_id": int(metadata["tokenizer.ggml.padding_token_id"]),
            "dtype": "float16",
            "head_dim": int(metadata.get("llama.rope.dimension_count", hidden // heads)),
            "hidden_act": "silu",
            "hidden_size": hidden,
            "intermediate_size": int(metadata["llama.feed_forward_length"]),
            "max_position_embeddings": int(metadata["llama.context_length"]),
            "mlp_bias": False,
            "num_attention_heads": heads,
            "num_hidden_layers": int(metadata["llama.block_count"]),
            "num_key_value_heads": int(metadata.get("llama.attention.head_count_kv", heads)),
            # Stored as float32 (9.99999974e-06): the shortest decimal that is the same float32 is what was meant.
            "rms_norm_eps": float(str(np.float32(metadata["llama.attention.layer_norm_rms_epsilon"]))),
            "rope_parameters": {"rope_theta": rope_theta, "rope_type": "default"},
            "vocab_size": len(metadata["tokenizer.ggml.tokens"]),
        }
    except KeyError as absent:
        raise ModelError(f"{name}: GGUF field {absent} is absent; the file is not a whole language model") from absent


def tokenizer_config(metadata: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    """What transformers needs beside `tokenizer.json`: the names of the special tokens and the chat template."""
    tokens = metadata["tokenizer.ggml.tokens"]
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": tokens[config["bos_token_id"]],
        "eos_token": tokens[config["eos_token_id"]],
        "pad_token": tokens[config["pad_token_id"]],
        "model_max_length": config["max_position_embeddings"],
        "chat_template": metadata.get("tokenizer.chat_template"),
        "clean_up_tokenization_spaces": False,
    }


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _open(gguf_path: Path) -> Any:
    from gguf import GGUFReader

    try:
        return GGUFReader(gguf_path)
    except (ValueError, IndexError, KeyError, OverflowError, UnicodeDecodeError) as error:
        # The reader maps the file and indexes into it: a cut or foreign file shows as one of these.
        raise ModelError(f"{gguf_path.name}: not a whole GGUF file ({error})") from error


def _weights(tensors: Any, config: Mapping[str, Any], name: str) -> dict[str, NDArray[np.float16]]:
    heads = {
        "self_attn.q_proj.weight": config["num_attention_heads"],
        "self_attn.k_proj.weight": config["num_key_value_heads"],
    }
    weights = {}
    for tensor in tensors:
        hf_name = hugging_face_name(tensor.name)
        if hf_name is None:
            raise ModelError(f"{name}: tensor {tensor.name!r} is none of a Llama model's")
        values = _float32(tensor, name)
        if (n_heads := heads.get(hf_name.split(".", 3)[-1])) is not None:
            values = _unpermute(values, n_heads)
        weights[hf_name] = _float16(values, hf_name, name)
    expected = {"model.embed_tokens.weight", "model.norm.weight"} | {
        f"model.layers.{layer}.{part}" for layer in range(config["num_hidden_layers"]) for part in _LAYER.values()
    }
    if odd := (expected - weights.keys()) | (weights.keys() - expected - {"lm_head.weight"}):
        raise ModelError(f"{name}: {len(odd)} tensors are absent or too many, the first is {min(odd)}")
    return weights


def hugging_face_name(gguf_name: str) -> str | None:
    """`blk.3.attn_q.weight` -> `model.layers.3.self_attn.q_proj.weight`; None for a tensor that Llama has not."""
    if gguf_name in _OUTER:
        return _OUTER[gguf_name]
    block, _, rest = gguf_name.partition(".")
    layer, _, part = rest.partition(".")
    if block != "blk" or not layer.isdecimal() or part not in _LAYER:
        return None
    return f"model.layers.{int(layer)}.{_LAYER[part]}"


def _float32(tensor: Any, name: str) -> NDArray[np.float32]:
    from gguf.quants import dequantize

    if tensor.n_elements > MAX_TENSOR_VALUES:
        raise ModelError(f"{name}: tensor {tensor.name} says {tensor.n_elements} values; more than any model here")
    try:
        values = dequantize(tensor.data, tensor.tensor_type)
    except (NotImplementedError, ValueError) as error:
        raise ModelError(f"{name}: tensor {tensor.name} cannot be unpacked ({error})") from error
    # GGUF writes the fastest axis first, numpy the slowest.
    return np.asarray(values, dtype=np.float32).reshape([int(n) for n in reversed(tensor.shape)])


def _unpermute(values: NDArray[np.float32], n_heads: int) -> NDArray[np.float32]:
    """Rows (head, pair, half) as llama.cpp rotates them -> (head, half, pair) as Hugging Face does."""
    rows, columns = values.shape
    return values.reshape(n_heads, rows // n_heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def _float16(values: NDArray[np.float32], hf_name: str, name: str) -> NDArray[np.float16]:
    with np.errstate(over="ignore"):
        halves = values.astype(np.float16)
    if not np.isfinite(halves).all():
        raise ModelError(f"{name}: {hf_name} holds values that are no finite float16 number")
    return halves
