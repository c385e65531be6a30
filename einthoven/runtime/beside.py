"""What was measured, beside what was said: an answer gets the figures of its ECG, and what in it contradicts them."""

from dataclasses import replace

from einthoven.core.ecg import Ecg
from einthoven.core.errors import EcgError
from einthoven.core.sample import Answer
from einthoven.core.stated import contradictions, stated_figures
from einthoven.measure.entry import measure
from einthoven.runtime.arrays import SECONDS


def figures_of(ecg: Ecg) -> dict[str, float | None] | None:
    """Return the global figures of the part of an ECG that a model reads, None where it cannot be measured at all."""
    read = ecg.with_signal(ecg.signal_mv[:, : round(SECONDS * ecg.rate_hz)], ecg.rate_hz)
    try:
        return dict(measure(read).figures)
    except EcgError:
        return None


def beside(answer: Answer, question: str, measured: dict[str, float | None] | None) -> Answer:
    """Return the answer with the measured figures of its ECG and with the figures in it that contradict them."""
    if measured is None:
        return answer
    said = ", ".join(answer.answer) if isinstance(answer.answer, tuple) else answer.answer or ""
    return replace(answer, measured=measured, contradictions=contradictions(stated_figures(said, question), measured))
