"""ECG-QA of ECGBench as published: candidates out of the prompt, found by their letters, compared in two ways."""

from typing import Any

import pytest

from einthoven.evaluate.official.options import FORMAT_SENTENCE, candidates_in, found_strictly_cased, right_as_sets
from einthoven.evaluate.official.score import score

PROMPT = f"Which axis? Options: left axis deviation, right axis deviation, none {FORMAT_SENTENCE}"


def line(text: str, gold: Any, prompt: Any = PROMPT, key: str = "text") -> dict[str, Any]:
    return {"id": text, key: text, "gold": gold, "prompt": prompt}


def percent(rule: str, *lines: dict[str, Any]) -> float | None:
    return score(rule, lines).values["accuracy"].percent


def test_candidates_follow_the_last_options_without_the_format_sentence() -> None:
    assert candidates_in(PROMPT) == ["left axis deviation", "right axis deviation", "none"]
    assert candidates_in(f"Options: a, b {FORMAT_SENTENCE} Options: C , d.") == ["C", "d."]
    assert candidates_in("Is it a, or b?") == ["Is it a", "or b?"]
    assert candidates_in("Options: yes, no.") == ["yes", "no."]  # the full stop stays, and "no" is not found


def test_an_empty_candidate_is_in_every_output() -> None:
    candidates = candidates_in("Options: yes, no,")
    assert found_strictly_cased("yes", candidates) == ["yes", ""]
    assert not right_as_sets(["yes", ""], ("yes",))


def test_sets_are_compared_whatever_their_order() -> None:
    assert percent("ecgqa-ecgbench", line("Right axis deviation", ["right axis deviation"])) == 100.0
    both = ["right axis deviation", "left axis deviation"]
    assert percent("ecgqa-ecgbench", line("left axis deviation, right axis deviation", both)) == 100.0
    assert percent("ecgqa-ecgbench", line("left axis deviation", both)) == 0.0
    assert percent("ecgqa-ecgbench", line("", ["none"])) == 0.0


@pytest.mark.parametrize("gold", ["yes", list("yes")])
def test_a_gold_in_letters_never_matches_a_longer_answer(gold: Any) -> None:
    given = line("yes", gold, "Is it? Options: yes, no")
    assert percent("ecgqa-ecgbench", given) == 0.0
    assert percent("ecgqa-lax", given) == 100.0
    about = score("ecgqa-ecgbench", [given]).about
    assert "1 gold answers are a text or its letters, not a list of options" in about


def test_the_lax_variant_takes_any_case_from_text_and_its_own_from_response() -> None:
    prompt = "Which lead? Options: lead I, lead V2"
    assert percent("ecgqa-ecgbench", line("lead V2", ["lead V2"], prompt)) == 0.0
    assert percent("ecgqa-lax", line("LEAD v2", ["lead V2"], prompt)) == 100.0
    assert percent("ecgqa-lax", line("lead V2", ["lead V2"], prompt, "response")) == 0.0


def test_lead_i_is_lead_ii_for_the_lax_variant() -> None:
    assert percent("ecgqa-lax", line("lead II", list("lead III"), "Options: lead I, lead II, lead III")) == 100.0


def test_a_prompt_may_be_an_object_and_a_missing_one_is_that_of_the_line_before() -> None:
    first = line("none", ["none"], {"prompt": PROMPT})
    second = {"id": "2", "text": "left axis deviation", "gold": ["left axis deviation"]}
    assert percent("ecgqa-ecgbench", first, second) == 100.0
    told = score("ecgqa-ecgbench", [second, first])
    assert told.values["accuracy"].percent is None
    assert told.about == (
        "the published scorer ends with an error: the first line has no 'prompt'; options are read from it",
    )


def test_prompts_without_options_are_told() -> None:
    found = score("ecgqa-ecgbench", [line("yes", ["yes"], "Is it normal?")])
    assert found.about == ('1 prompts have no "Options:"; all of the prompt is taken for options',)


def test_a_line_without_output_repeats_what_was_found_before_not_its_text() -> None:
    """What the line before said is found among *its* options, and compared with the gold of this line."""
    first = line("yes", ["yes"], "Options: yes, no")
    second = {"id": "2", "gold": ["yes"], "prompt": "Options: left axis deviation, none"}
    assert percent("ecgqa-ecgbench", first, second) == 100.0
