"""Progress redraws only on a terminal, and elsewhere says little."""

import io

import pytest

from einthoven.core.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """One second passes at each look."""

    now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 1.0
        return self.now_s


def run(stream: io.StringIO, label: str = "measure") -> str:
    progress = Progress(label, 100, stream, Clock())
    for index in range(100):
        progress.step(index in (3, 7))
    progress.close()
    return stream.getvalue()


def test_elsewhere_a_line_every_ten_seconds_and_at_the_end() -> None:
    lines = run(io.StringIO()).splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("measure: 10/100, 2 errors (1/s), 1 min 30 s left, ends about ")
    assert lines[-1] == "measure: 100/100, 2 errors in 1 min 41 s (0.99/s)"
    assert not any(sign in line for line in lines for sign in "\r\x1b")


def test_a_terminal_is_redrawn() -> None:
    shown = run(Terminal())
    assert shown.count("\r") == 101
    assert shown.count("\n") == 1


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_no_label_is_silent(stream: io.StringIO) -> None:
    assert run(stream, label="") == ""
