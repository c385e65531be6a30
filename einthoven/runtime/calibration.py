"""From log likelihoods to probabilities that mean what they say; fitted on patients the model never saw."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from einthoven.core.errors import ModelError

FILE = "calibration.json"


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
        """Return probabilities of options that sum to 1."""
        scaled = np.asarray(log_likelihoods) / (self.yes_no if yes_no else self.choice)
        weights = np.exp(scaled - scaled.max())
        return [float(value) for value in weights / weights.sum()]

    def text(self, mean_log_probability: float) -> float:
        """Return the probability that a free text says just what the labels of the recording say."""
        return 1 / (1 + math.exp(-(self.text_slope * mean_log_probability + self.text_offset)))


def read_calibration(folder: Path) -> Calibration:
    """Read calibration.json of a model folder. Raises ModelError."""
    try:
        return Calibration(**json.loads((folder / FILE).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"{folder / FILE}: is missing or not a calibration ({error}); train the model again"
        ) from error


def write_calibration(calibration: Calibration, folder: Path) -> None:
    """Write calibration.json."""
    (folder / FILE).write_text(json.dumps(asdict(calibration), indent=1) + "\n")


def fit_temperature(log_likelihoods: Sequence[Sequence[float]], right: Sequence[int]) -> float:
    """Return the temperature of least negative log likelihood (Guo et al. 2017); a one-dimensional search."""
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        total = 0.0
        for scores, index in zip(log_likelihoods, right, strict=True):
            scaled = np.asarray(scores) / math.exp(log_temperature)
            total -= scaled[index] - scaled.max() - math.log(np.exp(scaled - scaled.max()).sum())
        return total / len(right)

    return math.exp(float(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))
