"""Questions about the quality of a recording: what people noted of noise, and a lead that cannot be read."""

from collections.abc import Iterator, Mapping

from einthoven.core.leads import TWELVE
from einthoven.instruct.case import Case
from einthoven.instruct.families.figures import among, choice, yes_no
from einthoven.instruct.families.forms import option_line
from einthoven.instruct.family import Asked, Asker, Family

ANY = (
    "Is there any noise in this recording?",
    "Does the tracing show noise or artefacts?",
    "Is the signal disturbed in any lead?",
    "Do you see any disturbance of the recording?",
    "Is the quality of this ECG impaired by noise?",
    "Are there technical disturbances in this recording?",
    "Would you note a problem of signal quality?",
    "Apart from the heart, does anything else disturb the tracing?",
    "Judge the recording as a technician: is there noise in it?",
    "Does at least one lead suffer from an artefact?",
)
KIND = (
    "Does this recording show {x}?",
    "Do you find {x} in any lead?",
    "Would you note {x} here?",
    "Tell me whether there is evidence of {x}.",
    "Is the quality reduced by {x}?",
    "Can you see {x} in this ECG?",
    "Does any lead suffer from {x}?",
    "Check the signal for {x}: is it disturbed that way?",
    "Should a technician write down {x} for this tracing?",
    "Among possible disturbances, does {x} apply to this recording?",
)
WHICH_KINDS = (
    "Which kinds of noise does this recording show?",
    "What disturbs this recording?",
    "List the disturbances of the signal.",
    "Name the kinds of noise in this ECG.",
    "Which of these quality problems are present?",
    "What kind of noise do you see?",
    "Select every disturbance that applies to the tracing.",
    "How would you describe the noise in this ECG, if there is any?",
    "Go through the possible quality problems and pick those that are there.",
    "As a technician, what would you write down about noise?",
)
WHERE = (
    "Which leads show {x}?",
    "In which leads do you see {x}?",
    "List the leads with {x}.",
    "Name every lead that has {x}.",
    "Where is {x} found?",
    "Mark the leads affected by {x}.",
    "Among the twelve leads, which suffer from {x}?",
    "Go through the leads and pick those with {x}.",
    "For {x}, select all leads in which it is noted.",
    "A technician wants to know which leads have {x}.",
)
IN_LEAD = (
    "Does lead {lead} show {x}?",
    "Do you see {x} in lead {lead}?",
    "Is lead {lead} affected by {x}?",
    "Does {x} disturb lead {lead}?",
    "Looking at lead {lead}, do you find {x}?",
    "Would you note {x} for lead {lead}?",
    "Check lead {lead} for {x}: does it have that problem?",
    "In lead {lead}, is the signal impaired by {x}?",
    "Can lead {lead} be counted among the leads with {x}?",
    "A technician notes {x}; does this concern lead {lead}?",
)
UNREADABLE = (
    "Which lead cannot be read?",
    "One lead carries no usable signal: which?",
    "Name the lead that cannot be used.",
    "Which lead is missing its signal?",
    "Which of these leads is unreadable?",
    "In which lead is no ECG to be seen?",
    "Find the lead without a usable trace.",
    "Before reading this ECG, which lead would you leave out?",
    "All leads but one are readable; which is the exception?",
    "Where did the recording fail: which lead gives nothing to read?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "any": ANY, "kind": KIND, "which_kinds": WHICH_KINDS, "where": WHERE, "in_lead": IN_LEAD, "unreadable": UNREADABLE,
}  # fmt: skip

KINDS = ("baseline drift", "static noise", "burst noise", "electrodes problems")  # as noted in PTB-XL
SPOKEN = {kind: kind for kind in KINDS} | {"electrodes problems": "a problem with electrodes"}
CLEARLY_GOOD = 0.7  # score of all other leads, where one cannot be read


def ask(case: Case, asker: Asker) -> Iterator[Asked]:
    """Ask what people noted of noise, where they looked, and for one lead without a signal among good ones."""
    if case.noise is not None:
        noted = {kind: case.noise[kind] or TWELVE for kind in KINDS if kind in case.noise}
        yield from _kinds(noted, asker)
        for kind, leads in noted.items():
            yield from _places(kind, leads, asker)
    yield from _unreadable(case, asker)


def _kinds(noted: Mapping[str, tuple[str, ...]], asker: Asker) -> Iterator[Asked]:
    yield yes_no("noise:any", "any", asker.words(ANY), bool(noted))
    for kind in KINDS:
        yield yes_no(f"noise:{kind}", "kind", asker.words(KIND, x=SPOKEN[kind]), kind in noted)
    options = tuple(SPOKEN.values())
    held = tuple(SPOKEN[kind] for kind in KINDS if kind in noted)
    said = ", ".join(held) if held else "none"
    question = asker.words(WHICH_KINDS) + option_line(options)
    yield Asked("noise:kinds", "feature", "closed", "which_kinds", question, held, options, "any", said)


def _places(kind: str, leads: tuple[str, ...], asker: Asker) -> Iterator[Asked]:
    options, held, said = among(TWELVE, leads)
    question = asker.words(WHERE, x=SPOKEN[kind])
    yield Asked(f"leads:{kind}", "feature", "closed", "where", question, held, options, "any", said)
    yes = bool(asker.dice.integers(2))
    fitting = [lead for lead in TWELVE if (lead in leads) is yes]
    if fitting:
        lead = fitting[int(asker.dice.integers(len(fitting)))]
        yield yes_no(f"lead:{kind}", "in_lead", asker.words(IN_LEAD, lead=lead, x=SPOKEN[kind]), yes)


def _unreadable(case: Case, asker: Asker) -> Iterator[Asked]:
    """One lead alone is flat or missing, and all others are good."""
    if case.measured is None:
        return
    leads = {lead: one for lead, one in case.measured.quality.leads.items() if lead in TWELVE}
    dead = [lead for lead, one in leads.items() if one.fault is not None and one.score == 0]
    good = [lead for lead, one in leads.items() if one.fault is None and one.score >= CLEARLY_GOOD]
    if len(dead) == 1 and len(good) == len(leads) - 1 >= 3:
        shown = {dead[0], *(good[place] for place in asker.dice.permutation(len(good))[:3])}
        options = tuple(f"lead {lead}" for lead in TWELVE if lead in shown)
        yield choice("lead:unreadable", "unreadable", asker.words(UNREADABLE), options, f"lead {dead[0]}")


NOISE = Family("noise", "feature", ask, WORDINGS)
