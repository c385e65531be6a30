"""Amplitudes that no heart has, and limb leads that contradict Einthoven's and Goldberger's relations."""

from einthoven.core.ecg import Ecg, Fault


def find_implausible(ecg: Ecg) -> tuple[Fault, ...]:
    """Return the faults of the whole recording."""
    return ()
