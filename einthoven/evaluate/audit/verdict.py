"""What the figures of an audit show, and what they do not, in plain sentences."""

from collections.abc import Mapping
from typing import Any

from einthoven.evaluate.audit.figures import ALL, FEW_PATIENTS

Json = Mapping[str, Any]
METRIC = "balanced_accuracy"


def verdict(found: Json) -> list[str]:
    """Return one sentence or two on each thing that was tried. Balanced accuracy is the mean over types of question."""
    lines = (_few, _better_than_chance, _moves, _yardstick, _flips, _severity, _abstains, _words, _leads, _exchanged,
             _phrasing, _against_severity)  # fmt: skip
    return [line for write in lines if (line := write(found))]


def _few(found: Json) -> str:
    patients = found["true"]["patients"]
    return "" if found["true"]["ranked"] else (
        f"Only {patients} patients, fewer than {FEW_PATIENTS}: described here, and no ground for a ranking."
    )  # fmt: skip


def _better_than_chance(found: Json) -> str:
    true = _score(found["true"], "by_type")
    if true is None:
        return "No question has items of two right answers: balanced accuracy, and with it reliance, cannot be told."
    if true["low"] > true["chance"]:
        return ""
    return (
        f"With the true ECG balanced accuracy is {said(true)}, not told apart from the {true['chance']:.3f} of chance: "
        "where nothing is read right, no other figure here can show that the ECG is read."
    )


def _moves(found: Json) -> str:
    reliance, own = _score(found["other"], "reliance"), _score(found["other_own_label"], "by_type")
    true, other = _score(found["other"], "true"), _score(found["other"], "by_type")
    if not (reliance and own and true and other):
        return "Nobody else's ECG could be shown: reliance on the ECG cannot be told."
    figures = (
        f"balanced accuracy is {said(true)} with the true ECG and {said(other)} with another patient's by the right "
        f"answers about the true one (reliance {said(reliance)}), and {said(own)} by those about the ECG shown"
    )
    follows, falls = own["low"] > own["chance"], reliance["low"] > 0
    if follows and falls:
        return f"Answers move with the ECG: {figures}."
    if falls:
        return f"Answers get worse with another ECG, but do not follow it: {figures}."
    if follows:
        return f"Answers agree with the ECG shown more often than by chance, but no loss is shown: {figures}."
    if found["other"]["by_type"][ALL]["changed"]["value"] == 0:
        return f"Not one answer changes with another patient's ECG: none of them comes from the ECG; {figures}."
    return (
        f"That answers depend on the ECG is not shown: {figures}. Up to {reliance['high']:.3f} of reliance would fit "
        "these figures, so they do not prove that the ECG is ignored either."
    )


def _yardstick(found: Json) -> str:
    perfect = _score(found["other"], "perfect_reader")
    return "" if perfect is None else (
        f"For comparison: who reads every ECG rightly would have {perfect['value']:.3f} here by the right answers "
        "about the true ECG and 1.000 by those about the ECG shown; who never looks has the same with any ECG, "
        f"{perfect['chance']:.3f} on average."
    )  # fmt: skip


def _flips(found: Json) -> str:
    flips = (found["other"] or {}).get("flips", {})
    new, same = flips.get("right_answer_changed", {}), flips.get("right_answer_stayed", {})
    if not new.get("n"):
        return ""
    stayed = f", and where it stayed the answer changed in {said(same['changed'])}" if same.get("n") else ""
    return (
        f"Where another ECG changed the right answer (n {new['n']}), the answer went over to the new one in "
        f"{said(new['flipped'])} and was kept in {said(new['kept'])}{stayed}."
    )


def _severity(found: Json) -> str:
    """Not by how often the answers are right: who reads severity only is as often right about an equally ill ECG."""
    matched = found["matched"]
    gain = _score(matched and matched["own_label"], "gain")
    if gain is None:
        return ""
    figures = (
        f"balanced accuracy by the right answers about the ECG shown is {said(gain)} above that by those about the "
        "true one"
    )
    if gain["low"] > 0:
        return f"Among equally ill ECGs answers still follow the ECG ({figures}): more is read than how ill it is."
    return (
        f"Among equally ill ECGs answers are not shown to follow the ECG ({figures}): they may tell no more than "
        "how ill it is."
    )


def _abstains(found: Json) -> str:
    names = {"flat": "a flat ECG", "noise": "noise", "none": "no ECG", "true": "the true ECG"}
    told = []
    for arm, name in names.items():
        figures = ((found[arm] or {}).get("by_type") or {}).get(ALL, {})
        if figures:
            failed = figures["failed"]["value"]
            error = f" (and fails with an error on {failed:.1%})" if failed else ""
            told.append(f"{figures['abstained']['value']:.1%} with {name}{error}")
    return f"Share of questions on which it abstains: {', '.join(told)}. On all but the last that is right."


def _words(found: Json) -> str:
    none = found["none"]
    floor, gap = _score(none, "forced"), _score(none, "true_minus_forced")
    baseline = _score(found["text_only"], "by_type")
    told = []
    if floor and gap:
        told.append(
            f"Made to choose without any ECG, it has {said(floor)}; the true ECG adds {said(gap)} to forced choices."
        )
    if baseline:
        told.append(f"A baseline that reads the question only has {said(baseline)}.")
    return " ".join(told)


def _leads(found: Json) -> str:
    permuted = found["permuted"]
    if not permuted:
        return ""
    drop = _score(permuted, "drop")
    changed = permuted["by_type"][ALL]["changed"]
    less = f", and balanced accuracy falls by {said(drop)}" if drop else ""
    return (
        f"With the leads permuted {said(changed)} of the answers change{less}; who asks only whether anything is wrong "
        "may rightly not mind, who asks in which lead must."
    )


def _exchanged(found: Json) -> str:
    swapped = found["swapped"]
    if not swapped:
        return ""
    own, consistent = _score(swapped, "by_type"), swapped["consistency"].get(ALL)
    told = []
    if own:
        told.append(f"With the two ECGs exchanged balanced accuracy by the new right answers is {said(own)}.")
    if consistent:
        told.append(f"The answer is that of the partner question in {said(consistent)} (n {consistent['n']}).")
    if swapped["yes_both_ways"]:
        told.append(f"Of changes said to be there, {said(swapped['yes_both_ways'])} are said to be there both ways.")
    return " ".join(told)


def _phrasing(found: Json) -> str:
    phrasing = found["phrasing"]
    gap = _score(phrasing, "gap")
    if gap is None:
        return ""
    changed = phrasing["by_type"][ALL]["changed"]
    shown = "words that training has not seen cost" if gap["low"] > 0 else "no loss by unseen words is shown:"
    return f"In other words: {shown} {said(gap)} of balanced accuracy; {said(changed)} of the answers change."


def _against_severity(found: Json) -> str:
    told = []
    for name, words in (("without_asked", "leaving out"), ("with_asked", "counting")):
        part = (found["flipped"] or {}).get(name)
        score, drop = _score(part, "by_type"), _score(part, "drop")
        if part and score and drop:
            few = "" if part["ranked"] else f"; {part['patients']} patients, described only"
            told.append(
                f"Where severity ({words} what is asked) points the wrong way it has {said(score)}, {said(drop)} less "
                f"than on all items of the same findings (n {score['n']}{few})."
            )
    return " ".join(told)


def _score(arm: Json | None, part: str, metric: str = METRIC) -> dict[str, Any] | None:
    table = (arm or {}).get(part) or {}
    found = table.get(ALL, {}).get(metric)
    return found if found and found["value"] is not None else None


def said(score: Json) -> str:
    """Return a value with its interval."""
    return f"{score['value']:.3f} [{score['low']:.3f}, {score['high']:.3f}]"
