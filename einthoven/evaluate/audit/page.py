"""The page of an audit: what the numbers show in words, one plot over all arms, and a table an arm."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from einthoven.evaluate.audit.figures import ALL
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.plots import Row, rows_svg
from einthoven.evaluate.tables import HEADS, cell, facts_list, html_page, score_cells, table

Json = Mapping[str, Any]
NAMES = {
    "true": "the true ECG",
    "other": "another patient's, by the true one's answers",
    "other_own_label": "another patient's, by its own answers",
    "matched": "another's of the same severity",
    "flat": "a flat line",
    "noise": "noise",
    "none": "no ECG",
    "permuted": "leads exchanged",
    "swapped": "the two ECGs exchanged",
    "phrasing": "unseen words",
    "flipped": "severity points the wrong way",
    "text_only": "the words alone, fitted on train",
}
HOW = (
    "The same questions about the true ECG, about another patient's (the ECGs change places among the items of one "
    "question, five times, so that the mix of answers stays the same), about a flat line, noise or nothing, with leads "
    "exchanged, and in words that training did not use. Balanced accuracy is the mean share of right answers over the "
    "right answers of one question, then over questions, then over types. Intervals: 95 %, patients drawn again 1,000 "
    "times; differences are paired. Reliance: true less other. A reader of words alone has a reliance of 0; one who "
    "reads the ECG has about 0.5 by the answers of the true ECG, and as much as before by those of the ECG shown."
)
DIFFERENCES = {"reliance": "true less other", "gain": "own answers less the true one's", "drop": "true less this",
               "gap": "seen words less unseen", "true_minus_text_only": "true less words alone",
               "true_minus_forced": "true less forced choice"}  # fmt: skip

BESIDE = {"perfect_reader": "a reader who is always right about the ECG shown", "seen": "words that training may use",
          "consistency": "same answer as the exchanged question"}  # fmt: skip


def audit_page(about: Mapping[str, Any], found: Json) -> str:
    """Return the page. about: what was run; found: what `audit` returned."""
    kind = "" if about.get("a_test") else " — not a test"
    parts = [
        f"<p>{escape(str(about['about']))}</p><p class=note>{escape(str(about['note']))}.</p>",
        "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in found["summary"]["verdict"]) + "</ul>",
        f'<div class="plots"><figure>{_overview(found)}</figure></div>',
        f"<p>{HOW}</p>",
    ]
    for arm in NAMES:
        if isinstance(found.get(arm), dict):
            parts += [f"<h2>{escape(NAMES[arm])}</h2>", *_arm(found[arm])]
    absent = [[escape(NAMES.get(arm, arm)), escape(str(why))] for arm, why in found.get("absent", {}).items()]
    parts += ["<h2>Not asked</h2>" if absent else "", table(["arm", "because"], absent)]
    parts.append(facts_list({name: value for name, value in about.items() if name not in ("about", "note")}))
    return html_page(f"Does it look at the ECG? {about['task']}: {about['model']}{kind}", parts)


def _overview(found: Json) -> str:
    """Plot balanced accuracy in every arm where anything was answered, and forced where there is nothing to read."""
    rows = []
    for arm, name in NAMES.items():
        values = found.get(arm)
        values = (values or {}).get("without_asked") if arm == "flipped" else values
        for words, table_of in (("", "by_type"), (", made to choose", "forced")):
            score = _score(values, table_of)
            if score and not (words and arm == "true") and score.unread != 1:
                rows.append(Row(name + words, score.value or 0.0, score.low or 0.0, score.high or 0.0, score.chance))
    return rows_svg(rows, "balanced accuracy; red: chance")


def _score(arm: Any, part: str) -> Score | None:
    values = ((arm or {}).get(part) or {}).get(ALL, {}).get("balanced_accuracy")
    score = Score(**values) if values else None
    return score if score and score.value is not None else None


def _arm(arm: Json) -> Iterator[str]:
    """Yield counts, values by type and every difference of an arm; of the flipped subset by both definitions."""
    if "without_asked" in arm:
        for name, part in arm.items():
            if part:
                yield f"<h3>{escape(name.replace('_', ' '))}</h3>"
                yield from _arm(part)
        return
    if "items" in arm:
        few = "" if arm.get("ranked") else "; too few patients to be ranked"
        out = f"; {arm['left_out']} left out: {arm['left_out_because']}" if arm.get("left_out") else ""
        yield f"<p>{arm['answers']} answers, {arm['items']} items, {arm['patients']} patients{few}{escape(out)}.</p>"
    yield _values(arm.get("by_type"))
    if arm.get("forced"):
        yield "<p>Forced choice: the likeliest option, whether it abstained or not.</p>" + _values(arm["forced"])
    abstained = {name: Score(**score) for name, score in (arm.get("abstained") or {}).items() if score}
    yield table(["abstained (right here)", *HEADS[1:]], [[escape(k), *score_cells(v)] for k, v in abstained.items()])
    for key, words in DIFFERENCES.items():
        yield _differences(words, arm.get(key))
    yield _flips(arm.get("flips"))
    for key, words in BESIDE.items():
        yield _beside(words, arm.get(key))
    if arm.get("own_label"):
        yield "<p>By the right answers about the ECG that was shown:</p>" + _values(arm["own_label"]["by_type"])
        yield _differences(DIFFERENCES["gain"], arm["own_label"]["gain"])


def _values(by_type: Json | None) -> str:
    rows = [
        [escape(f"{type}: {metric.replace('_', ' ')}"), *score_cells(Score(**score))]
        for type, metrics in (by_type or {}).items()
        for metric, score in metrics.items()
    ]
    return table(HEADS, rows)


def _differences(words: str, by_type: Json | None) -> str:
    rows = [
        [escape(f"{type}: {metric.replace('_', ' ')}"), cell(Score(**score)), str(score["n"])]
        for type, metrics in (by_type or {}).items()
        for metric, score in metrics.items()
    ]
    return table([escape(words), "difference [95 % interval]", "n"], rows)


def _beside(words: str, by_type: Json | None) -> str:
    """Return one row a type: balanced accuracy where there are several metrics, else the share itself."""
    rows = []
    for type, found in (by_type or {}).items():
        score = found if "value" in found else found.get("balanced_accuracy")
        if score:
            rows.append([escape(type), *score_cells(Score(**score))])
    return table([escape(words), *HEADS[1:]], rows)


def _flips(flips: Json | None) -> str:
    rows: list[Sequence[str]] = []
    for way, shares in (flips or {}).items():
        told = [f"{name} {cell(Score(**score))}" for name, score in shares.items() if isinstance(score, dict)]
        rows.append([escape(way.replace("_", " ")), str(shares.get("n", "")), "; ".join(told)])
    return table(["where the right answer", "n", "what the answer did"], rows)
