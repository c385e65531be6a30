"""The answer reader by table: text, options, what it means; null is unreadable. The table is reading_cases.json."""

import json
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import QuestionError
from einthoven.core.reading import read_number, read_options, split_options

CASES: dict[str, Any] = json.loads(Path(__file__).with_name("reading_cases.json").read_text(encoding="utf-8"))
SETS: dict[str, list[str]] = CASES["sets"]


def as_tuple(expected: list[str] | None) -> tuple[str, ...] | None:
    return None if expected is None else tuple(expected)


def test_the_table_is_large_and_no_case_stands_twice() -> None:
    for kind in ("one", "any"):
        keys = [(text, name) for text, name, _ in CASES[kind]]
        assert len(set(keys)) == len(keys)
    assert len(CASES["one"]) + len(CASES["any"]) >= 300


@pytest.mark.parametrize(("text", "name", "expected"), CASES["one"])
def test_one(text: str, name: str, expected: list[str] | None) -> None:
    assert read_options(text, SETS[name]) == as_tuple(expected)


@pytest.mark.parametrize(("text", "name", "expected"), CASES["any"])
def test_any(text: str, name: str, expected: list[str] | None) -> None:
    assert read_options(text, SETS[name], pick="any") == as_tuple(expected)


@pytest.mark.parametrize(("text", "unit", "expected"), CASES["number"])
def test_number(text: str, unit: str | None, expected: float | None) -> None:
    value = read_number(text, unit)
    assert value == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(("text", "expected"), CASES["split"])
def test_split(text: str, expected: list[str] | None) -> None:
    if expected is None:
        with pytest.raises(QuestionError):
            split_options(text)
    else:
        assert split_options(text) == tuple(expected)
