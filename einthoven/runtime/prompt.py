"""The one path from a Sample to token ids: a prefix that holds the ECGs, a question, and the answers it may have.

ECG places are runs of HOLE; they carry no token of the vocabulary, the backend lays embeddings over them.
Two ECGs are two named blocks, "Previous ECG" and "Recent ECG".
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from einthoven.core.errors import QuestionError
from einthoven.core.sample import Sample

HOLE = -1
MAX_TOKENS, MAX_OPTION_TOKENS = 2048, 256
_NAMES = {1: ("ECG",), 2: ("Previous ECG", "Recent ECG")}
_NO_LISTING = ({"yes", "no"}, {"yes", "no", "not sure"})


class Tokenizer(Protocol):
    """Text to ids and back."""

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: list[int]) -> str: ...


class FileTokenizer:
    """A tokenizer.json of the `tokenizers` library; special tokens in the text are honoured only by `encode_marks`."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer as Fast

        self._fast = Fast.from_file(str(path))
        self._plain = Fast.from_file(str(path))
        self._plain.encode_special_tokens = True
        self.vocabulary = self._fast.get_vocab_size()

    def encode(self, text: str) -> list[int]:
        """Return ids; "<|im_end|>" inside a question is read as plain text, so that it cannot end the turn."""
        return list(self._plain.encode(text, add_special_tokens=False).ids)

    def encode_marks(self, text: str) -> list[int]:
        """Return ids of the chat frame, where special tokens are meant."""
        return list(self._fast.encode(text, add_special_tokens=False).ids)

    def decode(self, ids: list[int]) -> str:
        return str(self._fast.decode(ids, skip_special_tokens=True))


@cache
def default_tokenizer() -> FileTokenizer:
    """Return the tokenizer of the default language model, shipped with the package."""
    return FileTokenizer(Path(__file__).with_name("tokenizer.json"))


@dataclass(frozen=True)
class Prompt:
    """Token ids of one sample. prefix: the ECG blocks (HOLE where embeddings go); question: all that follows;
    options: one run of ids for each allowed answer, each closed by the end-of-turn token."""

    prefix: tuple[int, ...]
    question: tuple[int, ...]
    options: tuple[tuple[int, ...], ...]


def spoken(option: str) -> str:
    """Return an option as the model says it: "Yes" -> "yes", but "V1", "aVR" and "NORM" stay as they are."""
    option = option.strip()
    return option[0].lower() + option[1:] if option[1:2].islower() and option.split()[0].isalpha() else option


def question_text(sample: Sample) -> str:
    """Return the question with its options listed behind it, unless they are yes and no or stand in it already."""
    question = sample.question.strip()
    listed = [spoken(option) for option in sample.options or ()]
    if not listed or {option.lower() for option in listed} in _NO_LISTING:
        return question
    if all(re.search(rf"(?<!\w){re.escape(option)}(?!\w)", question, re.IGNORECASE) for option in listed):
        return question
    return f"{question} Options: {'; '.join(listed)}."


def each_option_text(sample: Sample, option: str) -> str:
    """Return the yes/no question that asks for one option of a pick-any question."""
    return f"{sample.question.strip()} Answer yes or no for: {spoken(option)}."


def prefix_ids(ecgs: int, tokens_per_ecg: int, tokenizer: FileTokenizer) -> tuple[int, ...]:
    """Return the ids of the ECG blocks; without an ECG, the same frame says so."""
    ids = tokenizer.encode_marks("<|im_start|>user\n")
    if ecgs == 0:
        return tuple(ids + tokenizer.encode("ECG: none\n"))
    if ecgs not in _NAMES:
        raise QuestionError(f"{ecgs} ECGs given; a question is about one ECG, or about two (previous, recent)")
    for name in _NAMES[ecgs]:
        ids += [*tokenizer.encode(f"{name}: "), *[HOLE] * tokens_per_ecg, *tokenizer.encode("\n")]
    return tuple(ids)


def question_ids(text: str, tokenizer: FileTokenizer) -> tuple[int, ...]:
    """Return the ids of a question up to where the answer begins. Raises QuestionError when it is too long."""
    ids = tokenizer.encode(text)
    if len(ids) > MAX_TOKENS:
        raise QuestionError(f"the question has {len(ids)} tokens; the most is {MAX_TOKENS}")
    return tuple(ids + tokenizer.encode_marks("<|im_end|>\n<|im_start|>assistant\n"))


def answer_ids(text: str, tokenizer: FileTokenizer) -> tuple[int, ...]:
    """Return the ids of an answer, closed by the end-of-turn token. Raises QuestionError when it is too long."""
    ids = tokenizer.encode(spoken(text))
    if len(ids) > MAX_OPTION_TOKENS:
        raise QuestionError(f"option {text[:40]!r}... has {len(ids)} tokens; the most is {MAX_OPTION_TOKENS}")
    return tuple(ids + tokenizer.encode_marks("<|im_end|>"))


def prompts(sample: Sample, tokens_per_ecg: int, tokenizer: FileTokenizer) -> tuple[Prompt, ...]:
    """Return what must be put to the model: one prompt, or for pick "any" a yes/no prompt for each option."""
    prefix = prefix_ids(len(sample.ecgs), tokens_per_ecg, tokenizer)
    if sample.options is not None and sample.pick == "any":
        yes_no = tuple(answer_ids(word, tokenizer) for word in ("yes", "no"))
        texts = [each_option_text(sample, option) for option in sample.options]
        return tuple(Prompt(prefix, question_ids(text, tokenizer), yes_no) for text in texts)
    options = tuple(answer_ids(option, tokenizer) for option in sample.options or ())
    return (Prompt(prefix, question_ids(question_text(sample), tokenizer), options),)
