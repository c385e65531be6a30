"""Write the tokenizer that ships with the package from the GGUF it belongs to: tokenizer_from_gguf.py IN.gguf OUT.json

SmolLM's pre-tokenizer (`tokenizer.ggml.pre` = "smollm") splits every digit off, then byte-level words as GPT-2 does.
transformers' own GGUF reader forgets the digits: it differs wherever several spaces stand before a number.
"""

import sys
from pathlib import Path

from gguf import GGUFReader, TokenType
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers


def tokenizer_from_gguf(path: Path) -> Tokenizer:
    """The byte-level BPE of a GGUF whose pre-tokenizer is SmolLM's; raises ValueError for any other."""
    metadata = {name: field.contents() for name, field in GGUFReader(path).fields.items()}
    kind = (metadata["tokenizer.ggml.model"], metadata["tokenizer.ggml.pre"])
    if kind != ("gpt2", "smollm"):
        raise ValueError(f"{path}: tokenizer is {kind}, should be ('gpt2', 'smollm')")
    tokens: list[str] = metadata["tokenizer.ggml.tokens"]
    merges = [(left, right) for left, right in (merge.split(" ") for merge in metadata["tokenizer.ggml.merges"])]
    tokenizer = Tokenizer(models.BPE(vocab={token: n for n, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    kinds: list[int] = metadata["tokenizer.ggml.token_type"]
    marks = [token for token, kind in zip(tokens, kinds, strict=True) if kind == TokenType.CONTROL]
    tokenizer.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks])
    return tokenizer


if __name__ == "__main__":
    tokenizer_from_gguf(Path(sys.argv[1])).save(sys.argv[2], pretty=False)
