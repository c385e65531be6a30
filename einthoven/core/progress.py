"""How far a batch is: rate and expected end on stderr, redrawn on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TextIO

REDRAW_S = 0.1
LINE_EVERY_S = 10.0


def _span(seconds: float) -> str:
    """Return a length of time as people say it.

    >>> [_span(s) for s in (0.2, 59, 61, 7300)]
    ['0 s', '59 s', '1 min 01 s', '2 h 01 min']
    """
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


class Progress:
    """Counts steps of one batch and says so; an empty label keeps it silent."""

    def __init__(
        self, label: str, total: int, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.label, self.total, self.done, self.failed = label, total, 0, 0
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._start = self._shown = clock()
        self._tty = self._stream.isatty()

    def step(self, failed: bool) -> None:
        """Count one finished input; show the state when it is time to."""
        self.done += 1
        self.failed += failed
        now = self._clock()
        if self.label and now - self._shown >= (REDRAW_S if self._tty else LINE_EVERY_S):
            self._shown = now
            self._show(self._state(now), end="" if self._tty else "\n")

    def close(self) -> None:
        """Say how it ended."""
        spent = self._clock() - self._start
        if self.label:
            self._show(f"{self._counts()} in {_span(spent)}{self._rate(spent)}", end="\n")

    def _counts(self) -> str:
        errors = f", {self.failed} error{'s' * (self.failed != 1)}" if self.failed else ""
        return f"{self.label}: {self.done}/{self.total}{errors}"

    def _rate(self, spent: float) -> str:
        rate = self.done / spent if spent > 0 else 0.0
        return f" ({rate:.3g}/s)" if 0 < rate < 1000 else f" ({rate:.0f}/s)" if rate else ""

    def _state(self, now: float) -> str:
        spent = now - self._start
        left = spent / self.done * (self.total - self.done)
        end = datetime.now() + timedelta(seconds=left)
        return f"{self._counts()}{self._rate(spent)}, {_span(left)} left, ends about {end:%H:%M:%S}"

    def _show(self, text: str, end: str) -> None:
        self._stream.write(f"\r\x1b[K{text}{end}" if self._tty else f"{text}{end}")
        self._stream.flush()
