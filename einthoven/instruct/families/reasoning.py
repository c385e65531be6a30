"""Step by step from measured features to a finding, with the numbers, where published criteria and the label agree.

Criteria: sinus bradycardia below 60/min (the usual limit; Kusumoto 2018 takes 50) and sinus tachycardia above 100/min
(Page 2015, ACC/AHA/HRS on supraventricular tachycardia); first degree AV block PR > 200 ms (Kusumoto 2018, ACC/AHA/HRS
on bradycardia); complete bundle branch block QRS >= 120 ms, left anterior fascicular block axis -45 to -90 degrees with
QRS < 120 ms, left posterior 90 to 180 degrees, axis deviation beyond -30 and 90 degrees (Surawicz 2009, AHA/ACCF/HRS
part III); long QT: QTc above 450 ms in men, 460 ms in women (Rautaharju 2009, part IV); T wave inverted from -0.1 mV
(the same); left ventricular hypertrophy S V1 + R V5 or V6 >= 3.5 mV (Sokolow and Lyon 1949; Hancock 2009, part V);
preexcitation PR < 120 ms with QRS >= 120 ms (Page 2015; Surawicz 2009); atrial fibrillation: irregular, no P waves
(Hindricks 2020, ESC). Where a criterion is met but the label denies it, or the reverse, nothing is asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from einthoven.core.findings import FINDINGS
from einthoven.instruct.case import Case
from einthoven.instruct.families.criteria import CRITERIA, Seen, plain, steps_of
from einthoven.instruct.families.figures import readable
from einthoven.instruct.families.forms import YES_NO, letter_block, said_with_letters
from einthoven.instruct.families.sentences import FIGURE_WORDS, agreeing, capital, joined, noun, pick
from einthoven.instruct.families.sure import category_of, sure
from einthoven.instruct.family import Asked, Asker, Family

WORDINGS: dict[str, tuple[str, ...]] = {
    "reasoning:finding": (
        "Explain step by step whether this ECG shows {x}.",
        "Does this ECG show {x}? Reason from the measurements to the answer.",
        "Go through rate, rhythm, axis and intervals and decide whether {x} {is_} present.",
        "{Is} {x} present here? Think it through and end with yes or no.",
        "Derive from the measured features whether {x} can be diagnosed on this recording.",
        "Argue for or against {x} on this tracing, criterion by criterion, and give a final yes or no.",
        "Take the features one after the other, say which of them bear on {x}, and conclude.",
        "A student asks you to demonstrate how one decides about {x}. Use this electrocardiogram and finish with the "
        "answer.",
        "{X}, yes or no? Show your working, with numbers, before you commit yourself.",
        "Before signing, justify your verdict on {x} from the figures that the twelve leads give.",
    ),
    "reasoning:which": (
        "Which of these does this ECG show? Explain step by step, then give the final answer.",
        "Reason from the measurements to the one option that is right.",
        "Use rate, rhythm, axis and intervals to decide which of the following is present.",
        "Think through the measured features and choose the finding of this recording.",
        "Weigh the options against the figures of this tracing and name the right one.",
        "Decide between these findings step by step and end with your choice.",
        "Work out the diagnosis from the features of the ECG: which option fits?",
        "Play the part of a teacher who narrows the list down, number by number, to what this electrocardiogram shows.",
        "Three of these are wrong by their criteria. Find the one that the twelve leads bear out and say why.",
        "Show the chain of thought from the intervals to the correct line below.",
    ),
    "reasoning:normal": (
        "Explain step by step whether this ECG is normal.",
        "Is this a normal ECG? Reason from the measurements to the answer.",
        "Go through rate, rhythm, axis and intervals and decide whether the ECG is normal.",
        "Think it through and end with yes or no: is this recording normal?",
        "Derive from the measured features whether this tracing is within normal limits.",
        "Argue for or against a normal ECG, feature by feature, and give a final yes or no.",
        "Check one measurement after the other and conclude whether the electrocardiogram is normal.",
        "A student asks how one decides that nothing is wrong. Use these twelve leads as the example and finish with "
        "the answer.",
        "Normal, yes or no? Show your working, with numbers, before you commit yourself.",
        "Before you sign the report as normal, justify from the figures whether you may.",
    ),
}  # fmt: skip
OPTIONS = 4
_END = ("Final answer: {}.", "Final answer: {}.", "The final answer is {}.")
_STEPS = ("{number}. {text}", "Step {number}: {text}", "{text}")


@dataclass(frozen=True)
class Verdict:
    """What a criterion makes of a recording: met or not, and the sentence that says why."""

    code: str
    yes: bool
    because: str


def ask(case: Case, asker: Asker) -> Iterator[Asked]:
    """Yield a question for each finding about which its criterion and the label agree."""
    if case.measured is None:
        return
    known = sure(case)
    seen = Seen(known, case.measured, readable(case))
    steps = steps_of(seen)
    if len(steps) < 2:  # too little to reason from
        return
    there = frozenset(known.there)
    verdicts = {}
    for code, criterion in CRITERIA.items():
        if (code in there or code in known.absent) and (judged := criterion(seen)) is not None:
            met, because = judged
            if met == (code in there):
                verdicts[code] = Verdict(code, met, because)
    for verdict in verdicts.values():
        yield _finding(verdict, steps, asker)
    if (which := _which(verdicts, steps, asker)) is not None:
        yield which
    if (normal := _normal(seen, steps, asker)) is not None:
        yield normal


REASONING = Family("reasoning", "morphology", ask, WORDINGS)


def _finding(verdict: Verdict, steps: Mapping[str, str], asker: Asker) -> Asked:
    question = asker.words(WORDINGS["reasoning:finding"], **agreeing(verdict.code))
    answer = YES_NO[0] if verdict.yes else YES_NO[1]
    ends = f"{verdict.because}, which {'speaks for' if verdict.yes else 'speaks against'} {noun(verdict.code)}"
    said = _chain(steps, ends, answer, asker)
    key, category = f"reasoning:{verdict.code}", category_of(verdict.code)
    return Asked(key, category, "closed", "reasoning:finding", question, answer, YES_NO, said=said, about=verdict.code)


def _which(verdicts: Mapping[str, Verdict], steps: Mapping[str, str], asker: Asker) -> Asked | None:
    """Return a lettered question: one finding that is there, three that their criteria rule out."""
    right = [one for one in verdicts.values() if one.yes and one.code != "SR"]
    wrong = [code for code, one in verdicts.items() if not one.yes]
    if not right or len(wrong) < OPTIONS - 1:
        return None
    chosen = pick(asker.dice, right)
    codes = asker.shuffled((chosen.code, *asker.shuffled(wrong)[: OPTIONS - 1]))
    options = tuple(FINDINGS[code].name for code in codes)
    answer = FINDINGS[chosen.code].name
    question = asker.words(WORDINGS["reasoning:which"]) + letter_block(options)
    ends = f"{chosen.because}, which speaks for {noun(chosen.code)}; the other options lack their criteria"
    said = _chain(steps, ends, said_with_letters(options, (answer,)), asker)
    return Asked("reasoning:which", category_of(chosen.code), "choice", "reasoning:which", question, answer, options,
                 said=said, about=chosen.code)  # fmt: skip


def _normal(seen: Seen, steps: Mapping[str, str], asker: Asker) -> Asked | None:
    """Return whether the ECG is normal, where its figures and its label say the same."""
    known = seen.known
    outside = [name for name, place in known.places.items() if place != "within"]
    healthy = "NORM" in known.there and all(FINDINGS[code].urgency == 0 for code in known.there) and not known.open
    if healthy and plain(seen):
        answer, ends = "yes", "rate, axis and intervals, as far as measured, are in range, and no wave is abnormal"
    elif "NORM" in known.absent and outside and any(FINDINGS[code].urgency > 1 for code in known.there):
        worst = max(known.there, key=lambda code: FINDINGS[code].urgency)
        figures = joined(f"the {FIGURE_WORDS[name]} ({seen.told(name)})" for name in outside)
        verb = "is" if len(outside) == 1 else "are"
        answer, ends = "no", f"{figures} {verb} out of range; the tracing shows {noun(worst)}"
    else:
        return None
    question = asker.words(WORDINGS["reasoning:normal"])
    return Asked("reasoning:NORM", "morphology", "closed", "reasoning:normal", question, answer, YES_NO,
                 said=_chain(steps, ends, answer, asker), defines=True)  # fmt: skip


def _chain(steps: Mapping[str, str], ends: str, answer: str, asker: Asker) -> str:
    """Return the steps, one a line or all in a row, what they come to, and the final answer."""
    style = pick(asker.dice, _STEPS)
    texts = [f"{name}: {text}." for name, text in steps.items()] + [f"Conclusion: {ends}."]
    lines = [style.format(number=number, text=capital(text)) for number, text in enumerate(texts, 1)]
    final = pick(asker.dice, _END).format(answer)
    return (" " if style == "{text}" else "\n").join((*lines, final))
