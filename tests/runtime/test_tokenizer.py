"""The shipped tokenizer is SmolLM2's; a plain byte-pair merge written from the published rules is the witness."""

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
import regex
from tokenizers import Tokenizer

from einthoven.core.errors import ModelError
from einthoven.runtime.fetch import TOKENIZER
from einthoven.runtime.language_model import language_model_dir

CONTENT = json.loads(TOKENIZER.read_text(encoding="utf-8"))
VOCABULARY: dict[str, int] = CONTENT["model"]["vocab"]
RANK = {tuple(merge): rank for rank, merge in enumerate(CONTENT["model"]["merges"])}
MARKS = [token["content"] for token in CONTENT["added_tokens"]]
# GPT-2's words (Radford 2019), taken after every digit was split off (SmolLM).
WORD = regex.compile(r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
PRINTABLE = [*range(33, 127), *range(161, 173), *range(174, 256)]
LETTER = {byte: chr(byte) for byte in PRINTABLE} | {
    byte: chr(256 + n) for n, byte in enumerate(sorted(set(range(256)) - set(PRINTABLE)))
}


def _merged(word: str) -> list[int]:
    parts = [LETTER[byte] for byte in word.encode()]
    while len(parts) > 1:
        pairs = list(pairwise(parts))
        best = min(range(len(pairs)), key=lambda n: RANK.get(pairs[n], len(RANK)))
        if pairs[best] not in RANK:
            break
        parts[best : best + 2] = ["".join(pairs[best])]
    return [VOCABULARY[part] for part in parts]


def _expected(text: str) -> list[int]:
    ids = []
    for part in regex.split("(" + "|".join(map(regex.escape, MARKS)) + ")", text):
        pieces = [] if part in MARKS else regex.split(r"(\p{N})", part)
        ids += [VOCABULARY[part]] if part in MARKS else []
        ids += [n for piece in pieces for word in WORD.findall(piece) for n in _merged(word)]
    return ids


def _texts() -> list[str]:
    draw = random.Random(1903)
    words = [
        "QTc",
        "ms",
        "  ",
        " ",
        "\n",
        "\t",
        "don't",
        "½",
        "²",
        "٣",
        "µV",
        "心电图",
        "<|im_end|>",
        "<|im_start|>",
        "❤️",
    ]
    ranges = [(32, 126)] * 4 + [(160, 0x2FFF), (0x1F300, 0x1F600)]
    noise = ["".join(chr(draw.randint(*draw.choice(ranges))) for _ in range(draw.randint(1, 60))) for _ in range(500)]
    mixed = ["".join(draw.choice([*words, str(draw.randint(0, 9999))]) for _ in range(20)) for _ in range(500)]
    return ["", "Heart rate 72/min, PR 160 ms,  QRS 90 ms.", "   1.4 mV", *noise, *mixed]


def test_ids_are_those_of_the_published_rules_and_come_back_as_text() -> None:
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    for text in _texts():
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        assert ids == _expected(text), text
        assert tokenizer.decode(ids, skip_special_tokens=False) == text


def test_the_marks_of_a_chat_are_where_the_model_has_them() -> None:
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    assert [tokenizer.token_to_id(mark) for mark in ("<|endoftext|>", "<|im_start|>", "<|im_end|>")] == [0, 1, 2]
    assert tokenizer.get_vocab_size() == 49152


def test_transformers_reads_the_fetched_folder_the_same_way() -> None:
    from transformers import AutoTokenizer

    try:
        folder: Path = language_model_dir()
    except ModelError as absent:
        pytest.skip(str(absent))
    read, shipped = AutoTokenizer.from_pretrained(folder), Tokenizer.from_file(str(TOKENIZER))
    assert (read.eos_token, read.eos_token_id) == ("<|im_end|>", 2)
    assert all(read.encode(text, add_special_tokens=False) == shipped.encode(text).ids for text in _texts())
