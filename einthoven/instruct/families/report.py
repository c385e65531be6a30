"""Reports in English, made of what is certain or left open, of figures and of a machine's statements; nothing invented.

They are never translated from `case.report`: what the labels and the measurement bear is said, and no more. A finding
that its source leaves open is "possible"; a figure that a finding contradicts is not quoted (see `certain`).
"""

from collections.abc import Iterator

from einthoven.instruct.case import Case
from einthoven.instruct.families.report_parts import Parts, agreeing_statements, parts_of, texts_of
from einthoven.instruct.families.sentences import capital, joined, pick
from einthoven.instruct.family import Asked, Asker, Dice, Family

WORDINGS: dict[str, tuple[str, ...]] = {
    "report:short": (
        "Write a short report of this ECG, in one or two sentences.",
        "Report this ECG briefly.",
        "Give a brief reading of this electrocardiogram in at most two sentences.",
        "Summarise this recording in one or two sentences, as for a discharge letter.",
        "What would a two-line report of this tracing say?",
        "Dictate a concise report of this ECG.",
        "Put what this ECG shows into one or two sentences.",
        "The referring doctor wants a quick reading: two sentences at most. What do you write?",
        "Keep it short: how does this tracing read?",
        "For the ward round, describe the electrocardiogram in no more than two sentences.",
    ),
    "report:structured": (
        "Write a structured report of this ECG with the headings Rhythm, Rate, Axis, Intervals, Morphology and "
        "Conclusion; leave out a heading about which nothing can be said.",
        "Report this ECG under Rhythm, Rate, Axis, Intervals, Morphology and Conclusion, as far as each applies.",
        "Give a systematic report, one line each for rhythm, rate, axis, intervals, morphology and conclusion, without "
        "the lines that stay empty.",
        "Fill in a report form with the fields Rhythm, Rate, Axis, Intervals, Morphology, Conclusion; skip fields "
        "that you cannot fill.",
        "Produce a report with labelled sections from rhythm to conclusion (Rhythm, Rate, Axis, Intervals, Morphology, "
        "Conclusion), where there is something to say.",
        "Structure your reading of this tracing: Rhythm, Rate, Axis, Intervals, Morphology, Conclusion. Omit what "
        "cannot be judged.",
        "Describe this recording section by section, in the order Rhythm, Rate, Axis, Intervals, Morphology, "
        "Conclusion, without empty sections.",
        "Our template has six headings, Rhythm, Rate, Axis, Intervals, Morphology and Conclusion. Use those that "
        "apply to this patient's ECG.",
        "First the rhythm, then rate, axis, intervals and morphology, last the conclusion: set the report out line by "
        "line with these names in front, dropping lines without content.",
        "How would this electrocardiogram be reported on a form that asks for Rhythm, Rate, Axis, Intervals, "
        "Morphology and Conclusion? Not every field has to be used.",
    ),
    "report:full": (
        "Write a full clinical report of this ECG.",
        "Please report this ECG in detail and end with a conclusion.",
        "Describe this electrocardiogram in several sentences, with the measured values, and conclude.",
        "Give a complete report of this recording, figures with their units included.",
        "Interpret this ECG in full and close with your final conclusion.",
        "Write a detailed ECG report in running text that ends with the conclusion.",
        "Read this tracing thoroughly and report everything that it shows.",
        "You are the cardiologist on duty. Dictate the complete report for the patient's file.",
        "What should the complete written reading of this tracing contain, from the rhythm to the final verdict?",
        "Take the reader through rhythm, intervals, axis and waveforms in whole sentences, then sum up.",
    ),
    "report:conclusion": (
        "Give only the conclusion of the report of this ECG.",
        "What is the conclusion of this ECG? Answer without the description.",
        "Write the conclusion line of the report for this recording.",
        "State the final conclusion for this electrocardiogram and nothing else.",
        "Conclude: what does this ECG amount to?",
        "Leave out the description and give your conclusion on this tracing.",
        "How would the concluding sentence of the report read?",
        "Suppose that the descriptive part is already written. Add the sentence that closes the report.",
        "Only the last line of the report is needed. What does it say?",
        "Sum the whole tracing up in the one sentence that a reader looks for first.",
    ),
    "report:impression": (
        "Give your impression of this ECG in one phrase.",
        "What is the main impression, in a single phrase?",
        "In one phrase, what does this ECG show?",
        "State the main impression of this recording as a phrase, not a sentence.",
        "Name the impression that you would put at the head of the report; one phrase will do.",
        "One phrase, please: what is your impression of the electrocardiogram?",
        "Label this tracing with a phrase that gives its main content.",
        "If there were room for no more than one phrase on the form, what would you enter for this tracing?",
        "A colleague asks in passing what the ECG shows. Answer with a phrase.",
        "No sentences: just the words that stand after \"Impression:\".",
    ),
    "report:machine": (
        "Which statements would an electrocardiograph print for this ECG?",
        "Give the automatic interpretation of this recording, as a machine would print it.",
        "What would the computer interpretation of this ECG say?",
        "Write the statements of an automatic ECG analysis for this tracing.",
        "Which lines of interpretation would a recorder's program put on this ECG?",
        "Reproduce the computerised reading of this electrocardiogram, its statements separated by semicolons.",
        "How would an ECG machine word its interpretation here?",
        "Imagine the header of the printout: what has the analysis program written there about this tracing?",
        "Before any doctor has read it, the device comments on the recording. With which statements?",
        "Speak as the built-in analysis software does and interpret these twelve leads.",
    ),
}  # fmt: skip


def ask(case: Case, asker: Asker) -> Iterator[Asked]:
    """Yield the reports that can be written of a recording; none without a single finding."""
    parts, dice = parts_of(case, asker.dice), asker.dice
    if parts.conclusion:
        yield _asked("report:short", _short(parts, dice), asker)
        yield _asked("report:structured", _structured(parts, dice), asker)
        yield _asked("report:conclusion", capital(pick(dice, _CONCLUSIONS).format(parts.conclusion)), asker)
        yield _asked("report:impression", parts.impression, asker)
        if len(full := _full(parts, case, dice)) >= LEAST_SENTENCES:
            yield _asked("report:full", " ".join(full), asker)
    if statements := texts_of(case.statements):
        yield _asked("report:machine", "; ".join(statements), asker)


REPORT = Family("report", "report", ask, WORDINGS)
LEAST_SENTENCES = 3  # fewer are no full report

_CONCLUSIONS = ("{}.", "{}.", "Conclusion: {}.", "In conclusion, {}.", "Overall: {}.", "In summary, {}.")
_FINAL = ("Conclusion: {}.", "In conclusion, {}.", "In summary, {}.", "Final conclusion: {}.", "Impression: {}.",
          "Final diagnosis: {}.", "Overall impression: {}.", "To conclude: {}.")  # fmt: skip
_SHORT = ("{rhythm}. {rest}.", "{rhythm}; {low}.", "{rhythm}. {rest}.", "{rest}. {rhythm}.", "The ECG shows {lower}. "
          "{rest}.", "Short reading: {lower}; {low}.")  # fmt: skip
_MACHINE = (
    "An automatic reading agrees: {}.",
    "The machine's reading fits this: {}.",
    "In the words of the automatic analysis: {}.",
    "The automatic interpretation says the same: {}.",
)
_BULLETS = ("", "", "- ", "* ")


def _asked(template: str, answer: str, asker: Asker) -> Asked:
    question = asker.words(WORDINGS[template])
    return Asked(template, "report", "open", template, question, answer)


def _short(parts: Parts, dice: Dice) -> str:
    """Return one or two sentences: rhythm with rate, then everything else."""
    rhythm = parts.rhythm_with_rate
    if not rhythm:
        return f"{capital(parts.rest or parts.conclusion)}."
    if not parts.rest:
        return f"{capital(rhythm)}."
    frame = pick(dice, _SHORT)
    lower = rhythm.replace("heart rate", "a heart rate of")  # where no rhythm is stated
    return frame.format(rhythm=capital(rhythm), lower=lower, rest=capital(parts.rest), low=parts.rest)


def _structured(parts: Parts, dice: Dice) -> str:
    """Return a line for each heading about which something can be said."""
    lines = {
        "Rhythm": parts.rhythm,
        "Rate": parts.rate,
        "Axis": parts.axis,
        "Intervals": parts.intervals,
        "Morphology": parts.morphology,
        "Conclusion": parts.conclusion,
    }
    bullet = pick(dice, _BULLETS)
    return "\n".join(f"{bullet}{name}: {capital(text)}." for name, text in lines.items() if text)


def _full(parts: Parts, case: Case, dice: Dice) -> list[str]:
    """Return the sentences of a full report, the conclusion last."""
    body = [*parts.sentences]
    if (agreed := agreeing_statements(case, parts)) and dice.random() < 0.5:
        body.append(pick(dice, _MACHINE).format(joined(agreed)))
    return [*body, pick(dice, _FINAL).format(parts.conclusion)] if body else []
