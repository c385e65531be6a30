"""Questions about single findings: is it there, which of these, all that apply, how many, and everything there is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from einthoven.core.findings import FINDINGS
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts, is_certain, report_rank
from einthoven.instruct.families.forms import NONE_OF_THESE, YES_NO, Form, letter_block, option_line, said_with_letters
from einthoven.instruct.families.reported import in_doubt
from einthoven.instruct.families.sentences import agreeing, bare
from einthoven.instruct.families.sure import MANY_STATED, category_of, specific, sure
from einthoven.instruct.family import Asked, Asker, Family

SHOWN = (
    "Does this ECG show {x}?",
    "Can {x} be seen on this tracing?",
    "{Is} {x} present on this electrocardiogram?",
    "Do you find {x} in this recording?",
    "Would you report {x} here?",
    "{Does} {x} appear anywhere in the twelve leads?",
    "Say whether {x} {is_} present.",
    "From the tracing alone, can {x} be recognised?",
    "After reading all leads, do you conclude that {x} {is_} there?",
    "I need a yes or no on {x} for this patient's ECG.",
    "{Is} {x} among the findings of this ECG?",
    "Does the recording contain {x}?",
    "Looking at the waveforms, do you recognise {x}?",
    "Tell me if this ECG shows {x}.",
    "{Has} {x} been recorded here?",
    "Should the reader of this electrocardiogram note {x}?",
    "Do these leads demonstrate {x}?",
    "Suppose you sign the report of this ECG: does it mention {x}?",
    "{X}: present or not, yes or no?",
    "Someone suspects {x}; does the ECG bear this out?",
)
POSSIBLE = (
    "Uncertain findings included, does this ECG show {x}?",
    "{Is} {x} at least possible on this ECG, uncertain findings included?",
    "Counting uncertain findings as well, {is_} {x} present?",
    "If uncertain findings count too, do you find {x}?",
    "Would {x} be mentioned, uncertain findings included?",
    "Count what is only suspected too: {is_} {x} among the findings?",
    "Do certain and uncertain findings of this ECG, taken together, include {x}?",
    "Be generous and accept a mere suspicion: does the tracing show {x}?",
    "Would even a cautious reader, who also writes down uncertain findings, list {x}?",
    "{X}: certain or suspected on this recording, yes or no?",
)
WHICH = (
    "Which of these does this ECG show?",
    "Which of the following findings is present?",
    "Choose the finding that this ECG shows.",
    "Select the right finding for this recording.",
    "What does this tracing show?",
    "Which answer describes this ECG?",
    "One of these options fits the electrocardiogram; which one?",
    "Read the ECG, then give the letter of the option that is true of it.",
    "Only one line below agrees with the twelve leads. Name it.",
    "A student must pick a finding for this ECG from the list; what is the correct pick?",
)
ALL = (
    "Which of these findings does this ECG show? Select all that apply.",
    "Choose every option that applies to this ECG, or say none.",
    "Select all findings that are present, or say none.",
    "Which of the following are present? Any number may be right.",
    "Mark all that this recording shows; if nothing does, answer none.",
    "Go through the list and name each finding that you see on the ECG, or none.",
    "Several, one or none of these may be true of the tracing: which are?",
    "Check the lines below one after the other and give back those that the ECG confirms.",
    "Of this list, keep what belongs in the report and drop the rest; it may be that none remains.",
    "Tick the boxes that fit the electrocardiogram, as many or as few as are right.",
)
LISTED = (
    "What are the findings of this ECG?",
    "List all findings of this ECG.",
    "Name everything that this recording shows.",
    "Which findings would you report?",
    "Give all findings, separated by commas.",
    "Read this electrocardiogram and name its findings.",
    "Put together the list of findings for this tracing.",
    "Without explanations: what is there to be seen on this ECG?",
    "For the summary line of the report, I need each finding by name.",
    "Dictate the findings of these twelve leads one after the other.",
)
LISTED_POSSIBLE = (
    "What are the findings of this ECG, uncertain findings included?",
    "List all findings, the uncertain ones too.",
    "Name everything that this recording shows or may show.",
    "Which findings are certain or suspected?",
    "Give all findings, including those of which one cannot be sure.",
    "Read this electrocardiogram and name both its certain and its uncertain findings.",
    "Put together a list of findings in which suspicions count as well.",
    "Without explanations: what is to be seen here, and what is at least suspected?",
    "For the summary line I need each finding by name, doubtful ones among them.",
    "Dictate what these twelve leads show, and do not leave out what is uncertain.",
)
BLANK = (
    "Fill in the blank with one of the options: This ECG shows ____.",
    "Complete the sentence with the right option: The recording shows ____.",
    "Choose the words for the gap: The tracing shows ____.",
    "Fill the gap from the list: On this ECG one sees ____.",
    "Write the finding that is missing: The electrocardiogram shows ____.",
    "Finish the line of the report with an entry of the list: The finding is ____.",
    "Which option belongs in the space: Among the findings there is mention of ____.",
    "Copy the sentence and replace the line by the option that is true: These twelve leads show ____.",
    "Only one of the options makes this sentence right, use it: A look at the ECG reveals ____.",
    "The typist left a gap, add what is below and fits: In summary, the ECG shows ____.",
)
COUNTED = (
    "How many of these findings does this ECG show?",
    "How many of the following are present on this ECG?",
    "Count the findings in this list that the recording shows.",
    "Of the findings below, how many do you see?",
    "Tell me how many of the listed findings are there.",
    "Some of these may be on the ECG: what is their number?",
    "Go through the list; how many of its entries does the tracing confirm?",
    "For each finding below decide if the ECG shows it, then give the total.",
    "If you ticked every listed finding that is present, how many ticks would there be?",
    "State the number of entries on this list that hold for the electrocardiogram.",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "shown": SHOWN, "possible": POSSIBLE, "which": WHICH, "all": ALL, "listed": LISTED,
    "listed_possible": LISTED_POSSIBLE, "blank": BLANK, "counted": COUNTED,
}  # fmt: skip
NONE_CHANCE = 0.3  # of lists put to an ECG that shows nothing, so that "none" is not the usual answer
NUMBERS = ("none", "one", "two", "three", "four", "five")


def _ask(case: Case, asker: Asker) -> Iterator[Asked]:
    known = sure(case)
    form = Form("finding", "morphology", WORDINGS, asker)
    there = tuple(code for code in known.there if code != "NORM")
    order = asker.shuffled(known.absent - {"NORM"})
    families = {FINDINGS[code].family for code in there}
    near = [code for code in order if FINDINGS[code].family in families]
    far = [code for code in order if FINDINGS[code].family not in families]
    for code in there:
        yield _single(form, "shown", code, True)
    for code in order:  # all of them: who builds chooses so that the question does not tell the answer
        yield _single(form, "shown", code, False)
    for code in (*_suspected(known, case), *_telling(there)[:1]):
        yield _single(form, "possible", code, True)
    for code in (*near[:1], *far[:1]):
        yield _single(form, "possible", code, False)
    if len(order) >= 7:
        yield from _among(form, there, (*near[:3], *far, *near[3:]))
    if len(case.stated) >= MANY_STATED:
        yield from _everything(form, known, case)


def _single(form: Form, name: str, code: str, yes: bool) -> Asked:
    key = f"finding:{code}" if name == "shown" else f"{name}:{code}"
    question = form.text(name, agreeing(code))
    answer = YES_NO[0] if yes else YES_NO[1]
    return Asked(key, category_of(code), "closed", name, question, answer, YES_NO, about=code)


def _among(form: Form, there: Sequence[str], absent: Sequence[str]) -> Iterator[Asked]:
    """Ask for findings out of lists, which hold some that are absent; these follow in the order of likeness."""
    asker = form.asker
    telling = _telling(there)
    for code in telling[:2]:
        yield _which(form, code, _distractors(code, absent))
        yield _blank(form, code, _distractors(code, absent))
    if not telling and asker.dice.random() > NONE_CHANCE:
        return
    yield _none(form, absent[3:7])
    held = telling[:4]
    options = asker.shuffled(map(bare, (*held, *absent[: int(asker.dice.integers(5, 9)) - len(held)])))
    yield form.several("all", options, map(bare, held))
    held = telling[: int(asker.dice.integers(0, 4))]
    options = asker.shuffled(map(bare, (*held, *absent[-5 + len(held) :])))
    question = form.text("counted") + "\nFindings: " + "; ".join(options)
    yield Asked("finding:counted", "morphology", "closed", "counted", question, NUMBERS[len(held)], NUMBERS)


def _suspected(known: Facts, case: Case) -> tuple[str, ...]:
    """Return what the source calls uncertain; labels that contradict each other are open too, and no suspicion."""
    return tuple(code for code in known.open if not is_certain(case.found[code]) and code != "NORM")


def _telling(there: Sequence[str]) -> tuple[str, ...]:
    """Return the findings that tell an ECG from others: without sinus rhythm, which nearly every one has."""
    return tuple(code for code in there if code != "SR")


def _distractors(code: str, absent: Sequence[str]) -> Sequence[str]:
    """Return three absent findings, those of its own family first."""
    family = FINDINGS[code].family
    like = [other for other in absent if FINDINGS[other].family == family][:3]
    return (*like, *(other for other in absent if other not in like))[:3]


def _which(form: Form, code: str, others: Sequence[str]) -> Asked:
    """Ask for one of four; in half of the questions "none of these" is the fourth, so that it is not always right."""
    asker = form.asker
    if asker.dice.random() < 0.5:
        options = asker.shuffled(map(bare, (code, *others)))
    else:
        options = (*asker.shuffled(map(bare, (code, *others[:2]))), NONE_OF_THESE)
    question = form.text("which") + letter_block(options)
    said = said_with_letters(options, (bare(code),))
    return Asked(f"which:{code}", category_of(code), "choice", "which", question, bare(code), options,
                 said=said, about=code)  # fmt: skip


def _none(form: Form, absent: Sequence[str]) -> Asked:
    options = (*form.asker.shuffled(map(bare, absent[:3])), NONE_OF_THESE)
    return replace(form.choice("which", options, NONE_OF_THESE), key="which:none")


def _blank(form: Form, code: str, others: Sequence[str]) -> Asked:
    asked, options = form.blank("blank", bare(code)), form.asker.shuffled(map(bare, (code, *others)))
    question = asked.question + option_line(options)
    return replace(
        asked, key=f"blank:{code}", category=category_of(code), question=question, options=options, about=code
    )


def _everything(form: Form, known: Facts, case: Case) -> Iterator[Asked]:
    if in_doubt(case):  # a list without what the report mentions would leave something out
        return
    if known.there and not known.open:
        yield form.free("listed", ", ".join(map(bare, specific(known.there))))
    elif known.open and not any(is_certain(case.found[code]) for code in known.open):
        every = sorted((code for code in case.found if code in FINDINGS), key=report_rank().__getitem__)
        yield form.free("listed_possible", ", ".join(map(bare, every)))


FINDINGS_FAMILY = Family("findings", "morphology", _ask, WORDINGS)
