"""The marks `(` peak `)` that experts set in WFDB annotation files, and the waves that they mean."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from einthoven.core.errors import FormatError, InputError
from einthoven.core.waves import Wave, WaveName

MAX_ANNOTATION_BYTES = 1 << 20
BEHIND_S = 0.02
BEATS = "NLRBAaJSVrFejnE/fQ?"  # the beats among the annotation codes of WFDB
_NAMES: dict[str, WaveName] = {"p": "P", **dict.fromkeys(BEATS, "QRS"), "t": "T"}
_MARKS = frozenset("()u") | _NAMES.keys()


def read_marks(file: Path) -> list[tuple[int, str]]:
    """Return the marks (sample, symbol) of an annotation file; what marks no wave, as a rhythm, is left out.

    Raises InputError when there is no such file, FormatError when it is damaged.
    """
    import wfdb

    if not file.is_file() or file.stat().st_size > MAX_ANNOTATION_BYTES:
        raise InputError(f"{file}: no annotation file of a usual size")
    try:
        found = wfdb.rdann(str(file.absolute().with_suffix("")), file.suffix[1:])
        marks = [(int(sample), str(symbol)) for sample, symbol in zip(found.sample, found.symbol, strict=True)]
    except Exception as error:  # the parser of a damaged file raises whatever it meets
        raise FormatError(f"{file}: not a WFDB annotation file that can be read ({type(error).__name__})") from error
    return [mark for mark in marks if mark[1] in _MARKS]


def waves_of(marks: Iterable[tuple[int, str]], rate_hz: float) -> list[Wave]:
    """Return the waves in a row of (sample, symbol) marks `(` peak `)`, of which borders may be missing.

    Borders belong to the peak beside them; counting them would shift all waves after a missing one. Where marks of one
    kind follow each other, as on a T wave that was marked six times, the first begins and ends first. An onset that
    stands behind its peak, as in a few QS complexes, is no onset. U waves are left out, and their borders with them.
    """
    waves: list[Wave] = []
    onsets: list[int] = []
    unended: list[int] = []  # places in `waves`
    for sample, symbol in marks:
        at_s = sample / rate_hz
        if symbol in _NAMES:
            if waves and waves[-1].wave != _NAMES[symbol]:  # an end behind this peak is not that of another wave
                unended = []
            on_s = onsets.pop(0) / rate_hz if onsets else None
            unended.append(len(waves))
            waves.append(Wave(_NAMES[symbol], on_s, at_s, None, 1.0))
        elif symbol == "u":
            onsets, unended = [], []
        elif symbol == "(":
            behind = bool(unended) and waves[-1].on_s is None and at_s - (waves[-1].peak_s or 0) < BEHIND_S
            if not behind:
                onsets, unended = [*onsets, sample], []
        elif symbol == ")":
            if unended:
                place = unended.pop(0)
                waves[place] = replace(waves[place], off_s=at_s)
            onsets = []
    return waves
