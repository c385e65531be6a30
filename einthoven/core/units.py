"""Physical units that files declare, and their size in the unit of the house (millivolt)."""

from einthoven.core.errors import UnitError

MV_PER = {"V": 1000.0, "mV": 1.0, "uV": 0.001, "nV": 0.000001}
_SPELLINGS = {
    "v": "V", "volt": "V", "volts": "V",
    "mv": "mV", "millivolt": "mV", "millivolts": "mV",
    "uv": "uV", "µv": "uV", "μv": "uV", "microvolt": "uV", "microvolts": "uV",
    "nv": "nV", "nanovolt": "nV", "nanovolts": "nV",
}  # fmt: skip


def mv_per(unit: str, where: str) -> float:
    """Return how many millivolt one `unit` is. Raises UnitError, naming `where`, for a unit that is no voltage."""
    spelled = _SPELLINGS.get(unit.strip().lower())
    if spelled is None:
        raise UnitError(f"{where}: unit {unit!r} is not a voltage; use one of {', '.join(MV_PER)}")
    return MV_PER[spelled]
