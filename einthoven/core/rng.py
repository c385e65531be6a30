"""Randomness by name: a generator depends on its names only, so that adding a step changes no other output."""

import hashlib
import random

import numpy as np


def rng(*names: str | int) -> np.random.Generator:
    """Return the generator that belongs to these names, e.g. `rng("wear", record_id, seed)`.

    The same on any machine, and for a number whether it is Python's or NumPy's; "1" and 1 are different names.
    """
    text = "\x1f".join(f"{'str' if isinstance(name, str) else 'int'}:{name}" for name in names)
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    return np.random.Generator(np.random.PCG64(seed))


def as_published(seed: int) -> random.Random:
    """Return Python's own generator: for rules that were published with it, whose draws nothing else gives again."""
    return random.Random(seed)
