"""Any function is a system; the question-only twin is asked in the same words and shown no ECG."""

from pathlib import Path

import pytest

from einthoven.core.errors import InputError, ModelError
from einthoven.core.sample import Part, Sample, Turn
from einthoven.evaluate.run import answer_items, asked
from einthoven.evaluate.systems.plain import blinded, plain_function, without_ecg
from tests.evaluate.systems.fakes import Noisy, item


def say_id(sample: Sample) -> str:
    """What a test's function says."""
    if sample.id == "i1":
        raise InputError("i1: cannot be read")
    return f"{sample.id} about {', '.join(sample.ecgs) or 'nothing'}"


@pytest.mark.parametrize("workers", [0, 1])
def test_a_function_answers_and_its_errors_are_error_lines(tmp_path: Path, workers: int) -> None:
    items = [item(f"i{n}", "text", options=None) for n in range(3)]
    found = answer_items(plain_function("mine", say_id), items, tmp_path, workers=workers, label="")
    assert [one.answer for one in found.values()] == ["i0 about a", None, "i2 about a"]
    assert (found["i0"].model, found["i1"].reason) == ("mine", "i1: cannot be read")


def test_a_function_that_gives_no_text_is_refused() -> None:
    odd = plain_function("mine", lambda sample: 7)  # type: ignore[arg-type, return-value]
    with pytest.raises(ModelError, match="gave a int to i0, must be a text"):
        list(odd([asked(item("i0"))]))


def test_the_twin_sees_the_words_and_no_ecg() -> None:
    parts = (Part(text="Before:"), Part(ecg=0), Part(text="Now:"), Part(page=1), Part(text="What changed?"))
    sample = Sample("i0", ("a", "b.png"), (Turn("user", parts),), ("rate", "axis"), "any")
    seen = blinded(sample)
    assert seen.ecgs == ()
    assert seen.question == sample.question == "Before:\nNow:\nWhat changed?"
    assert all(part.text is not None for turn in seen.turns for part in turn.parts)
    assert (seen.id, seen.options, seen.pick) == (sample.id, sample.options, sample.pick)


def test_the_twin_says_what_the_system_says_without_ecgs(tmp_path: Path) -> None:
    twin = without_ecg(plain_function("mine", say_id))
    found = answer_items(twin, [item("i0", "text", options=None)], tmp_path, label="")
    assert (found["i0"].answer, found["i0"].model) == ("i0 about nothing", "mine without ECG")
    assert twin.samples_at_once == 1
    assert without_ecg(Noisy(samples_at_once=7)).samples_at_once == 7
