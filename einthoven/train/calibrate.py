"""Fit what turns likelihoods into probabilities, on the patients of fold 0 that no stage was trained on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from einthoven.core.ecg import Ecg
from einthoven.core.rng import rng
from einthoven.core.sample import Sample, ask_sample
from einthoven.instruct.labels import Item, askable, finding_items, open_items, superclass_items
from einthoven.runtime.answerer import MAX_TEXT_TOKENS
from einthoven.runtime.arrays import RATE_HZ, tower_input
from einthoven.runtime.calibration import Calibration, fit_temperature, write_calibration
from einthoven.runtime.prompt import default_tokenizer, prompts
from einthoven.runtime.protocols import Asked, Backend
from einthoven.train.pack import CALIBRATION_FOLDS, EIGHT, UV_PER_MV, Pack

TEXT_RECORDINGS = 60  # free text is slow; this many recordings are enough for two numbers


def calibrate(folder: Path, pack: Pack) -> Calibration:
    """Fit and write calibration.json of a model folder."""
    from einthoven.runtime.torch_backend import load

    backend = load(folder)
    places = pack.where("train", CALIBRATION_FOLDS)
    ask = askable([pack.rows[place]["labels"] for place in pack.where("train")])
    yes_no: list[tuple[list[float], int]] = []
    choice: list[tuple[list[float], int]] = []
    texts: list[tuple[float, bool]] = []
    for number, place in enumerate(places):
        embedding = backend.encode([tower_input(packed_ecg(pack, place))])[0]
        codes = list(pack.rows[place]["labels"])
        random = rng("calibrate", pack.rows[place]["id"])
        closed = superclass_items(codes, "train", random) + finding_items(codes, ask, "train", random)
        free = [item for item in open_items(codes, ask, "train", random) if item.pick == "one"]
        chosen = [item for item in closed + free if item.options]
        for item, scores in zip(chosen, _scores(backend, embedding, chosen), strict=True):
            right = (item.options or ()).index(str(item.answer))
            (yes_no if "yes" in (item.options or ()) else choice).append((scores, right))
        if number < TEXT_RECORDINGS:
            texts += _texts(backend, embedding, [item for item in free if not item.options])
    slope, offset = fit_logistic([x for x, _ in texts], [y for _, y in texts])
    calibration = Calibration(
        yes_no=_temperature(yes_no),
        choice=_temperature(choice),
        text_slope=slope,
        text_offset=offset,
        n_yes_no=len(yes_no),
        n_choice=len(choice),
        n_text=len(texts),
        patients=len({pack.rows[place]["patient"] for place in places}),
    )
    write_calibration(calibration, folder)
    return calibration


def _temperature(answered: list[tuple[list[float], int]]) -> float:
    return fit_temperature([scores for scores, _ in answered], [right for _, right in answered]) if answered else 1.0


def packed_ecg(pack: Pack, place: int) -> Ecg:
    """Return a packed recording as an Ecg of eight leads at 250 Hz."""
    signal = pack.signal_N8S[place].astype(np.float32) / np.float32(UV_PER_MV)
    return Ecg(signal, EIGHT, RATE_HZ, source=f"pack:{pack.rows[place]['id']}")


def fit_logistic(values: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Return slope and offset of the logistic regression of `right` on `values`, lightly held to slope 1."""
    from scipy.optimize import minimize

    x, y = np.asarray(values, float), np.asarray(right, float)

    def loss(theta: np.ndarray) -> float:
        z = theta[0] * x + theta[1]
        return float(np.sum(np.logaddexp(0, z) - y * z) + 0.5 * (theta[0] - 1) ** 2)

    slope, offset = minimize(loss, np.array([1.0, 0.0])).x
    return float(slope), float(offset)


def _sample(item: Item) -> Sample:
    return ask_sample(item.question, ("ecg",), item.options, item.pick)


def _scores(backend: Backend, embedding: np.ndarray, items: list[Item]) -> list[list[float]]:
    tokenizer = default_tokenizer()
    made = [prompts(_sample(item), backend.tokens_per_ecg, tokenizer)[0] for item in items]
    return backend.score([Asked(prompt, (embedding,)) for prompt in made])


def _texts(backend: Backend, embedding: np.ndarray, items: list[Item]) -> list[tuple[float, bool]]:
    tokenizer = default_tokenizer()
    made = [prompts(_sample(item), backend.tokens_per_ecg, tokenizer)[0] for item in items]
    said = backend.say([Asked(prompt, (embedding,)) for prompt in made], MAX_TEXT_TOKENS)
    return [
        (one.mean_log_probability, set(one.text.split(", ")) == set(str(item.answer).split(", ")))
        for one, item in zip(said, items, strict=True)
    ]
