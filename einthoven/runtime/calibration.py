"""From log likelihoods to probabilities that mean what they say; fitted on patients the model never saw."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from einthoven.core.errors import ModelError

FILE = "calibration.json"
NO_NUMBERS = "the model gives likelihoods that are no numbers, so its weights are damaged; fetch or train it again"


@dataclass(frozen=True)
class Calibration:
    """yes_no and choice: temperatures; text_slope and text_offset: logistic of the mean log probability of free text.

    n_yes_no, n_choice, n_text, patients: how many questions and patients they were fitted on.
    """

    yes_no: float = 1.0
    choice: float = 1.0
    text_slope: float = 1.0
    text_offset: float = 0.0
    n_yes_no: int = 0
    n_choice: int = 0
    n_text: int = 0
    patients: int = 0

    def probabilities(self, log_likelihoods: Sequence[float], yes_no: bool) -> list[float]:
        """Return probabilities of options that sum to 1. Raises ModelError for likelihoods that are no numbers."""
        scaled = np.asarray(log_likelihoods, float) / (self.yes_no if yes_no else self.choice)
        if not np.isfinite(scaled).all():
            raise ModelError(NO_NUMBERS)
        weights = np.exp(scaled - scaled.max())
        return [float(value) for value in weights / weights.sum()]

    def text(self, mean_log_probability: float) -> float:
        """Return the probability that a free text says just what the labels say. Raises ModelError as above."""
        if not math.isfinite(mean_log_probability):
            raise ModelError(NO_NUMBERS)
        return 0.5 + 0.5 * math.tanh((self.text_slope * mean_log_probability + self.text_offset) / 2)


def read_calibration(folder: Path) -> Calibration:
    """Read calibration.json of a model folder. Raises ModelError."""
    try:
        calibration = Calibration(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        if not all(math.isfinite(value) for value in vars(calibration).values()):
            raise ValueError("a value is no number")
        if min(calibration.yes_no, calibration.choice) <= 0:
            raise ValueError("a temperature is not above 0")
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"{folder / FILE}: is missing or not a calibration ({error}); train the model again"
        ) from error
    return calibration


def write_calibration(calibration: Calibration, folder: Path) -> None:
    """Write calibration.json."""
    (folder / FILE).write_text(json.dumps(asdict(calibration), indent=1) + "\n")


def fit_temperature(log_likelihoods: Sequence[Sequence[float]], right: Sequence[int]) -> float:
    """Return the temperature of least negative log likelihood (Guo et al. 2017); a one-dimensional search."""
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    scores = np.full((len(right), max(map(len, log_likelihoods))), -np.inf)  # questions may have unequal numbers
    for row, of_question in enumerate(log_likelihoods):
        scores[row, : len(of_question)] = of_question

    def loss(log_temperature: float) -> float:
        scaled = scores / math.exp(log_temperature)
        return float(np.mean(logsumexp(scaled, axis=1) - scaled[np.arange(len(right)), right]))

    return math.exp(float(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))
