"""Found borders against marked ones, by cases that can be counted by hand."""

import numpy as np
import pytest

from einthoven.core.waves import Wave, WaveName
from einthoven.evaluate.borders import BORDERS, CSE_SD_MS, Found, add, compare, match
from tests.evaluate.make import beat


def _counts(found: Found) -> tuple[int, int, int, int]:
    return found.right, found.false, found.missed, found.close


def _waves(*onsets_s: float, wave: WaveName = "QRS") -> list[Wave]:
    return [Wave(wave, at, at + 0.04, at + 0.1, 1.0) for at in onsets_s]


@pytest.mark.parametrize(
    ("wanted", "given", "pairs"),
    [
        ([], [], []),
        ([1.0], [], []),
        ([], [1.0], []),
        ([1.0], [1.1], [(0, 0)]),
        ([1.0], [1.2], []),  # too far
        ([1.0], [0.95, 1.02], [(0, 1)]),  # one mark takes one, the nearest
        ([1.0, 1.1], [1.04], [(0, 0)]),  # one found border serves one mark, the nearest
        ([1.0, 2.0], [2.01, 1.01], [(0, 1), (1, 0)]),  # in any order
        ([1.0, 1.1], [1.07, 1.24], [(1, 0)]),  # the nearest pair first, though both marks could have had one
        ([1.0, 1.1], [1.04, 1.24], [(0, 0), (1, 1)]),
    ],
)
def test_pairs_are_one_to_one_and_the_nearest_comes_first(
    wanted: list[float], given: list[float], pairs: list[tuple[int, int]]
) -> None:
    assert sorted(match(wanted, given, 0.15)) == pairs


def test_no_border_is_used_twice_whatever_there_is() -> None:
    times = np.sin(np.arange(40.0)) * 2  # crowded in some places, sparse in others
    pairs = match(times[:25].tolist(), times[15:].tolist(), 0.15)
    assert len({here for here, _ in pairs}) == len({there for _, there in pairs}) == len(pairs) >= 10
    assert all(abs(times[here] - times[15 + there]) <= 0.15 for here, there in pairs)


@pytest.mark.parametrize(
    ("shift_s", "counts"),
    [
        (0.0, (1, 0, 0, 1)),
        (0.039, (1, 0, 0, 1)),
        (-0.039, (1, 0, 0, 1)),
        (0.041, (1, 0, 0, 0)),
        (-0.041, (1, 0, 0, 0)),
        (0.149, (1, 0, 0, 0)),
        (-0.149, (1, 0, 0, 0)),
        (0.151, (0, 1, 1, 0)),
        (-0.151, (0, 1, 1, 0)),
    ],
)
def test_within_150_ms_is_right_and_within_40_ms_is_close(shift_s: float, counts: tuple[int, int, int, int]) -> None:
    marked = [*_waves(1.0, wave="P"), *_waves(2.0), *_waves(3.0, wave="T")]
    found = compare(marked, _waves(2.0 + shift_s), "QRS", "on")
    assert _counts(found) == counts
    assert found.errors_ms == pytest.approx([shift_s * 1000] * counts[0])


def test_a_limit_itself_is_within() -> None:
    """Recordings of 500 Hz have borders that are 40 ms and 150 ms apart to the sample."""
    for marked_s in (0.5, 1.0, 1.25, 2.1, 4.998):
        at_s = (marked_s, round(marked_s + 0.04, 4), round(marked_s + 0.15, 4))
        close, far = (compare(_waves(at_s[0]), _waves(one), "QRS", "on") for one in at_s[1:])
        assert (_counts(close), _counts(far)) == ((1, 0, 0, 1), (1, 0, 0, 0)), marked_s


def test_errors_are_found_less_marked() -> None:
    found = compare(_waves(1.0, 2.0), _waves(1.012, 1.992), "QRS", "on")
    assert sorted(found.errors_ms) == pytest.approx([-8.0, 12.0])


def test_only_the_wave_and_the_side_that_is_asked_for() -> None:
    marked = beat(1.0)
    late = [Wave(one.wave, one.on_s, one.peak_s, (one.off_s or 0) + 0.02, 1.0) for one in marked]
    for wave, side in BORDERS:
        found = compare(marked, late, wave, side)
        assert _counts(found) == (1, 0, 0, 1)
        assert found.errors_ms == pytest.approx([20.0 if side == "off" else 0.0])
        others = [one for one in late if one.wave != wave]
        assert _counts(compare(marked, others, wave, side)) == (0, 0, 1, 0)


def test_what_lies_outside_of_the_marked_span_is_not_judged_and_inside_is_false() -> None:
    """The marks go from the onset of P at 0.84 s to the offset of T at 2.4 s."""
    marked = beat(1.0) + beat(2.0)
    inside = _waves(1.0, 1.3, 2.0)
    assert _counts(compare(marked, inside, "QRS", "on")) == (2, 1, 0, 2)
    outside = _waves(0.2, 0.83, 1.0, 2.0, 2.45, 9.0)
    assert _counts(compare(marked, outside, "QRS", "on")) == (2, 0, 0, 2)
    edge = _waves(0.845, 1.0, 2.0, 2.395)
    assert _counts(compare(marked, edge, "QRS", "on")) == (2, 2, 0, 2)
    assert _counts(compare(marked, beat(0.62), "P", "on")) == (0, 0, 2, 0)  # 0.46 s
    assert _counts(compare(marked, beat(0.86), "P", "on")) == (1, 0, 1, 0)  # 0.70 s: outside, yet within 150 ms


def test_a_lead_without_marks_says_nothing() -> None:
    assert _counts(compare([], _waves(1.0, 2.0), "QRS", "on")) == (0, 0, 0, 0)
    nameless = [Wave("P", None, None, None, 1.0)]
    assert _counts(compare(nameless, _waves(1.0), "QRS", "on")) == (0, 0, 0, 0)


def test_a_mark_without_this_border_excuses_what_is_found_there() -> None:
    """A T wave was marked with peak and end only, 1.3 and 1.4 s: its onset was not to be found, 150 ms around."""
    marked = [*_waves(1.0), Wave("T", None, 1.3, 1.4, 1.0), *_waves(2.0)]
    for on_s, false in ((1.2, 0), (1.16, 0), (1.54, 0), (1.14, 1), (1.56, 1)):
        found = compare(marked, [Wave("T", on_s, on_s, on_s + 0.1, 1.0)], "T", "on")
        assert _counts(found) == (0, false, 0, 0), on_s
    other = compare(marked, [Wave("QRS", 1.25, 1.3, 1.35, 1.0)], "QRS", "on")
    assert _counts(other) == (0, 1, 2, 0), "it excuses no other wave"
    assert _counts(compare(marked, [Wave("T", 1.2, 1.3, 1.41, 1.0)], "T", "off")) == (1, 0, 0, 1)


def test_a_found_wave_without_the_border_counts_as_missed() -> None:
    found = [Wave("QRS", None, 1.04, 1.1, 1.0)]
    assert _counts(compare(_waves(1.0), found, "QRS", "on")) == (0, 0, 1, 0)
    assert _counts(compare(_waves(1.0), found, "QRS", "off")) == (1, 0, 0, 1)


def test_leads_add_up() -> None:
    parts = [
        compare(_waves(1.0), _waves(1.01), "QRS", "on"),
        compare(_waves(1.0, 2.0), _waves(1.5, 2.06), "QRS", "on"),
        compare([], _waves(1.0), "QRS", "on"),
    ]
    both = add(parts)
    assert _counts(both) == (2, 1, 1, 1)
    assert both.errors_ms == pytest.approx([10.0, 60.0])
    assert _counts(add([])) == (0, 0, 0, 0)
    assert len(add([]).errors_ms) == 0


def test_the_limits_of_cse_are_those_of_their_paper() -> None:
    """Two standard deviations of the referees, in ms (Eur Heart J 1985;6:815); T onset has none."""
    assert [CSE_SD_MS.get(border) for border in BORDERS] == [10.2, 12.7, 6.5, 11.6, None, 30.6]
