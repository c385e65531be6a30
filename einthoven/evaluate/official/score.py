"""One entry to all scorers as published: lines of a file, or items and answers of ours, become their values."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from einthoven.core.errors import JobError
from einthoven.core.rng import as_published
from einthoven.core.sample import Answer
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import mark
from einthoven.evaluate.official.choice import LETTERS, SEED, SIZES, choice_scored
from einthoven.evaluate.official.ecgqa import classifier_scored, reply_scored
from einthoven.evaluate.official.labels import code15_scored, cpsc_scored, super_scored
from einthoven.evaluate.official.lines import Draw, Line, Scored, Stop, Value, parse
from einthoven.evaluate.official.options import ecgbench_scored, lax_scored

PLAIN: Mapping[str, Callable[[Sequence[Line]], Scored]] = {
    "super": super_scored,
    "cpsc": cpsc_scored,
    "code15": code15_scored,
    "ecgqa-ecgbench": ecgbench_scored,
    "ecgqa-lax": lax_scored,
    "ecgqa-classifier": classifier_scored,
    "ecgqa-llm": reply_scored,
}
CHOICE: Mapping[str, int] = {"mcq-4": 4, "mcq-8": 8}
RULES = (*PLAIN, *CHOICE)
LABELS = ("macro_f1", "auc_of_hard_labels", "hamming_loss")
LISTED = ("ecgqa-ecgbench", "ecgqa-lax", "ecgqa-classifier", "ecgqa-llm")  # gold is a list of options
ASKS_ITSELF = ("ecgqa-classifier", "ecgqa-llm")  # no file of predictions: an item without an answer stays, and is wrong


def score(
    rule: str,
    lines: Sequence[Mapping[str, Any]],
    *,
    sizes: Collection[int] | None = None,
    draw: Draw | None = None,
) -> Scored:
    """Score lines as the rule was published: values in percent, and what it did.

    A line holds `question_id` or `id`; `text` or `response`; `gold` as released (text or list); for ECG-QA `prompt`, or
    for its own two forms `options`, `question_type`, `attribute_type`. sizes: how many lines a file of multiple choice
    may have, those of the released sets by default; draw: Python's generator, seeded 42 unless given. Where the
    published scorer ends with an error there are no values, and `about` says why. Raises JobError for an unknown rule,
    InputError for a value of a wrong type. Source: see the module of each rule.
    """
    if rule not in RULES:
        raise JobError(f"no published rule {rule!r}; there are {', '.join(RULES)}")
    try:
        parsed = parse(lines)
        if rule in PLAIN:
            return PLAIN[rule](parsed)
        options = CHOICE[rule]
        return choice_scored(parsed, options, SIZES[options] if sizes is None else sizes, draw or seeded())
    except Stop as stop:
        empty = {name: Value(None, len(lines)) for name in _metrics(rule)}
        return Scored(empty, (f"the published scorer ends with an error: {stop}",), n=len(lines))


def seeded() -> Draw:
    """Return a fresh `draw`, at the beginning of its draws."""
    return as_published(SEED).choice


def official(rule: str, items: Sequence[Item], answers: Mapping[str, Answer]) -> Scored:
    """Score our own items and answers as a rule was published.

    An item without an answer is no line and leaves the denominator (in ECG-QA's own forms it is wrong); one that
    abstained or failed says "", an empty choice says "none". Multiple choice counts as whole when every item has its
    line, whatever the size of the released set. Gold is `facts["gold_text"]` where that is there, else made from the
    answer of the sample; the prompt is `facts["prompt"]`, else the question.
    """
    lines = list(_lines(rule, items, answers))
    sizes = (len(items),) if rule in CHOICE else None
    found = score(rule, lines, sizes=sizes)
    about = list(found.about)
    if rule in CHOICE and items and len(items) not in SIZES[CHOICE[rule]]:
        sets = " or ".join(map(str, SIZES[CHOICE[rule]]))
        about.append(f"these are {len(items)} questions, the released sets have {sets}: not the printed tables' set")
    if len(lines) < len(items):
        about.append(f"{len(items) - len(lines)} of {len(items)} items have no answer and leave the denominator")
    return replace(found, about=tuple(about))


def official_scores(task_rule: str, items: Sequence[Item], answers: Mapping[str, Answer]) -> dict[str, Score]:
    """Return the values of `official` as `as_scores` does. Raises JobError for an unknown rule."""
    return as_scores(official(task_rule, items, answers))


def as_scores(found: Scored) -> dict[str, Score]:
    """Return values as scores from 0 to 1, without intervals: the published scorers give none.

    unread: of multiple choice, the share that was drawn at random.
    """
    drawn = round(found.drawn / found.n, 4) if found.drawn is not None and found.n else None
    return {name: _score(value, drawn) for name, value in found.values.items()}


def _score(value: Value, drawn: float | None) -> Score:
    return Score(None if value.percent is None else round(value.percent / 100, 4), value.n, unread=drawn)


def _metrics(rule: str) -> tuple[str, ...]:
    if rule in ASKS_ITSELF:
        return ("exact_match",)
    return ("accuracy",) if rule in CHOICE or rule in LISTED else LABELS


def _lines(rule: str, items: Sequence[Item], answers: Mapping[str, Answer]) -> Iterator[dict[str, Any]]:
    """Yield the line that a published scorer would read, item by item."""
    for item in items:
        answer = answers.get(item.id)
        if answer is None and rule not in ASKS_ITSELF:
            continue
        yield {
            "id": item.id,
            "text": _text(answer),
            "gold": _gold(rule, item),
            "prompt": str(item.facts.get("prompt") or item.sample.question),
            "options": list(item.sample.options or ()),
            "question_type": item.type,
            "attribute_type": item.sample.about.get("attribute_type"),
            **(_classes(item, answer) if rule == "ecgqa-classifier" else {}),
        }


def _text(answer: Answer | None) -> str:
    if answer is None or answer.answer is None:
        return ""
    if isinstance(answer.answer, str):
        return answer.answer
    return ", ".join(answer.answer) or "none"


def _gold(rule: str, item: Item) -> str | list[str]:
    """Return the gold as released, else as it would have been: a list of options, a letter, or codes."""
    released = item.facts.get("gold_text")
    if released is not None:
        return list(released) if isinstance(released, list | tuple) else str(released)
    answer = item.sample.answer
    options = [answer] if isinstance(answer, str) else list(answer or ())
    if rule in LISTED:
        return options or ["none"]
    if rule in CHOICE and item.sample.options and isinstance(answer, str):
        return LETTERS[item.sample.options.index(answer)]
    return ", ".join(options)


def _classes(item: Item, answer: Answer | None) -> dict[str, Any]:
    """Return what a classifier would have said: each class by its probability, else the answer read strictly."""
    marked = mark(item, answer)
    if item.sample.pick == "any" and marked.probabilities is not None:
        return {"probabilities": dict(marked.probabilities)}
    return {"said": None if marked.said is None else sorted(marked.said)}
