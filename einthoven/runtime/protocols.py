"""What a backend offers: an Encoder (arrays -> embeddings) and a Generator (ids, embeddings -> likelihoods, text).

Torch is the first backend; ONNX Runtime and vLLM follow the same two protocols and must give equal answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from einthoven.runtime.arrays import TowerInput
from einthoven.runtime.prompt import Prompt

Embedding = NDArray[np.float32]  # (tokens of one ECG, width of the language model)


@dataclass(frozen=True, eq=False)
class Asked:
    """A prompt with the embeddings that belong into its holes, one for each ECG."""

    prompt: Prompt
    ecgs: tuple[Embedding, ...]


@dataclass(frozen=True)
class Said:
    """Generated text and the mean log probability of its tokens."""

    text: str
    mean_log_probability: float


class Encoder(Protocol):
    """Arrays to embeddings."""

    tokens_per_ecg: int

    def encode(self, inputs: Sequence[TowerInput]) -> list[Embedding]: ...


class Generator(Protocol):
    """Token ids and embedding spans to the log likelihood of each option, or to text."""

    def score(self, asked: Sequence[Asked]) -> list[list[float]]: ...

    def say(self, asked: Sequence[Asked], max_tokens: int) -> list[Said]: ...


class Backend(Encoder, Generator, Protocol):
    """Both in one."""
