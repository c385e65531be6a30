"""Questions about infarction: is there one, where, which leads face it, how old, on which side, or only ischemia."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from einthoven.core.findings import FINDINGS
from einthoven.core.leads import TWELVE
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts
from einthoven.instruct.families.forms import Form
from einthoven.instruct.families.sentences import bare
from einthoven.instruct.families.sure import INFARCTS, SCP_DIAGNOSTIC, among, sure, untouched
from einthoven.instruct.family import Asked, Asker, Family

ANY = (
    "Is there a myocardial infarction?",
    "Does this ECG show a myocardial infarction, of whatever age?",
    "Do you see signs of an infarction, old or recent?",
    "Would you report an infarction here?",
    "Has there been a myocardial infarction, as far as this recording tells?",
    "Does the tracing carry the marks of an infarct?",
    "Is infarction, fresh or healed, among the diagnoses of this ECG?",
    "Search all leads for an infarct: is there one?",
    "Did this heart lose muscle to an infarction, judging by its electrocardiogram?",
    "Should the patient be told that the ECG points to an infarct, past or present?",
)
TERRITORY = (
    "Which territory is infarcted?",
    "Where is the infarction?",
    "Name the territory of the myocardial infarction on this ECG.",
    "In which territory do you find the infarct?",
    "Locate the infarction of this recording.",
    "What part of the heart does the infarction concern?",
    "From the leads that are changed, tell the site of the infarct.",
    "The report says myocardial infarction and leaves its place open; which one is it?",
    "A patient had an infarction: which wall or walls took part, by this electrocardiogram?",
    "Assign the infarct on this tracing to a territory.",
)
CHOICE = (
    "Which infarction does this ECG show?",
    "Choose the infarction that is present.",
    "Which of these infarctions do you find on the recording?",
    "Select the diagnosis that fits the infarct on this tracing.",
    "What kind of infarction is this?",
    "Which of the following infarctions would you report?",
    "Decide by the leads concerned which of these infarcts it is.",
    "Only one of the infarctions below agrees with these twelve leads; give it.",
    "An infarct was diagnosed from this ECG. How is it named?",
    "Give the letter of the infarction that the electrocardiogram speaks for.",
)
_GROUPS = "Usual groups: septal V1, V2; anterior V3, V4; lateral I, aVL, V5, V6; inferior II, III, aVF."
FACING = (
    "Which leads face the infarcted territory?",
    "Name the leads that look at the infarcted territory of this heart.",
    "In which leads, by their position, would you look for the infarction that this ECG shows?",
    "Locate the infarction and list the leads that face it.",
    "What leads lie over the infarcted territory?",
    "List the leads that belong to the territory of the infarct.",
    "First find the infarct, then say which leads look straight at it.",
    "Teach a student: the leads over the infarction of this electrocardiogram are which?",
    "By the rule of lead groups, where does the infarcted wall show itself?",
    "Where must electrodes look to see this infarct? Answer with the leads of its groups.",
)
AGE = (
    "Is the infarction acute or old?",
    "Acute or old: how do you judge this infarction?",
    "Would you call the infarct on this ECG acute or old?",
    "Is this an old or an acute myocardial infarction?",
    "Decide whether the infarction is old or acute.",
    "Does the recording show an acute or an old infarct?",
    "How much time has passed since the infarction: is it acute or old?",
    "The word before infarction is missing in the report, acute or old. Which is right?",
    "ST segments and Q waves tell the age of an infarct; what is it here, old or acute?",
    "Must someone hurry, because this infarction is acute, or is it old?",
)
SIDE = (
    "Is the infarction anterior or inferior, or both?",
    "Anterior, inferior or both: where is the infarct?",
    "Would you place this infarction in the anterior or the inferior wall, or in both?",
    "Does the tracing show an inferior or an anterior infarction, or both?",
    "Which wall is infarcted, anterior, inferior or both?",
    "Decide between inferior, anterior and both for the site of the infarct.",
    "Compare the chest leads with II, III and aVF: is the infarct anterior, inferior or both?",
    "Septal and lateral parts aside, did the inferior wall infarct, the anterior wall or both?",
    "If the infarct had to be filed under inferior, anterior or both, where would it go?",
    "Going by Q waves, ST segments and T waves, which is this infarction: inferior, anterior or both?",
)
TERRITORIES_OF = (
    "In which of these territories is there an infarction, if in any?",
    "Select every territory that this ECG shows to be infarcted, or say none.",
    "Which of the territories below are infarcted, if any?",
    "Name all infarcted territories from the list; the answer may be none.",
    "For which of these territories would you report an infarction? There may be none.",
    "Mark each listed territory in which the recording shows an infarct, or answer none.",
    "Of these territories, does any hold an infarct, and which?",
    "Territory by territory, look for an infarct and keep those where you find one, perhaps none.",
    "Several, one or none of the territories listed may be infarcted on this tracing: which are?",
    "Cross out every territory without an infarction. What is left, if anything?",
)
ISCHEMIA = (
    "Does this ECG show ischemia, infarction or both?",
    "Infarction, ischemia or both: what do you find?",
    "Would you report ischemia, an infarction, or both?",
    "Is it ischemia, infarction or both that this recording shows?",
    "Decide between infarction, ischemia and both.",
    "Are the changes on this tracing those of ischemia, of infarction, or of both?",
    "Which is present here: an infarction, ischemia, or both?",
    "Has muscle been lost or does it merely lack blood: infarction, ischemia, or both?",
    "The coronary arteries left their mark on these leads; was it infarction, ischemia or both?",
    "A report must name ischemia, infarction or both for this electrocardiogram. Which is correct?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "any": ANY, "territory": TERRITORY, "choice": CHOICE, "facing": tuple(f"{one} {_GROUPS}" for one in FACING),
    "age": AGE, "side": SIDE, "territories": TERRITORIES_OF, "ischemia": ISCHEMIA,
}  # fmt: skip
PLACED = frozenset(code for code in INFARCTS if FINDINGS[code].territory)
SCP_PLACED = PLACED & SCP_DIAGNOSTIC
SIDES: Mapping[str, frozenset[str]] = {
    side: frozenset(code for code in PLACED if (FINDINGS[code].territory or "").startswith(stem))
    for side, stem in (("anterior", "anter"), ("inferior", "infer"))
}
EITHER = ("ischemia", "infarction", "both")
LISTED = 4  # always as many, so that their number tells nothing
TERRITORIES = tuple(sorted({FINDINGS[code].territory or "" for code in PLACED}))
ALL_MI = frozenset(code for code, one in FINDINGS.items() if one.superclass == "MI")
ISCHEMIAS = frozenset(code for code in FINDINGS if code.startswith("ISC"))
MAY_BE_ONE = frozenset(("QWAVE", "ANEUR", "PRWP", "STE_", "CLBBB", "LBBB", "PACE", "WPW", "LVH"))
_SEPTAL, _ANTERIOR, _LATERAL = ("V1", "V2"), ("V3", "V4"), ("I", "aVL", "V5", "V6")
_INFERIOR = ("II", "III", "aVF")
LEADS_OF: Mapping[str, frozenset[str]] = {  # a posterior wall faces none of the twelve
    "anterior": frozenset(_ANTERIOR),
    "anteroseptal": frozenset(_SEPTAL + _ANTERIOR),
    "anterolateral": frozenset(_ANTERIOR + _LATERAL),
    "inferior": frozenset(_INFERIOR),
    "inferolateral": frozenset(_INFERIOR + _LATERAL),
    "lateral": frozenset(_LATERAL),
}
LEAD_OPTIONS = tuple(f"lead {lead}" for lead in TWELVE)


def _ask(case: Case, asker: Asker) -> Iterator[Asked]:
    known = sure(case)
    form = Form("infarction", "morphology", WORDINGS, asker)
    held = among(known.there, INFARCTS)
    free = known.absent >= SCP_PLACED and untouched(known, ALL_MI | MAY_BE_ONE)
    if (held or free) and "MI" not in case.stated:  # else "finding:MI" is this question
        yield form.yes_no("any", bool(held), "MI")
    if case.stated >= SCP_PLACED and untouched(known, ALL_MI - set(held)):
        placed = among(held, PLACED)
        if placed or free:
            yield from _territories(form, known, placed)
        if placed:
            yield from _place(form, known, placed)
        if len(placed) == 1:
            yield from _single(form, known, placed[0])
    ages = among(held, frozenset(("ACUTEMI", "OLDMI")))
    if len(ages) == 1 and case.stated >= {"ACUTEMI", "OLDMI"} and untouched(known, ALL_MI - set(held)):
        yield form.one("age", ("acute", "old"), "acute" if ages == ("ACUTEMI",) else "old")
    ischemic = among(known.there, ISCHEMIAS)
    if held and ischemic:
        yield form.one("ischemia", EITHER, "both")
    elif ischemic and free:
        yield form.one("ischemia", EITHER, "ischemia")
    elif held and case.stated >= ISCHEMIAS and known.absent >= ISCHEMIAS - {"ISC_"}:  # nor is there an ST-T change
        yield form.one("ischemia", EITHER, "infarction")


def _territories(form: Form, known: Facts, placed: tuple[str, ...]) -> Iterator[Asked]:
    """Ask for any number of territories, out of those that are surely infarcted or surely not."""
    held = {FINDINGS[code].territory or "" for code in placed}
    others = {FINDINGS[code].territory or "" for code in known.absent & SCP_PLACED} - held
    if others and len(held) + len(others) >= LISTED:
        listed = form.asker.shuffled((*held, *form.asker.shuffled(others)[: LISTED - len(held)]))
        yield form.several_listed("territories", listed, held)


def _place(form: Form, known: Facts, placed: tuple[str, ...]) -> Iterator[Asked]:
    """Ask for the wall; that it is not the other one as well is to be certain."""
    sides = tuple(side for side, codes in SIDES.items() if not codes.isdisjoint(placed))
    if len(sides) == 2 or (sides and known.absent >= frozenset().union(*SIDES.values()) - SIDES[sides[0]]):
        yield form.one("side", (*SIDES, "both"), "both" if len(sides) == 2 else sides[0])


def _single(form: Form, known: Facts, code: str) -> Iterator[Asked]:
    """Ask where the only infarction is."""
    territory = FINDINGS[code].territory or ""
    yield form.one_listed("territory", form.asker.shuffled(TERRITORIES), territory)
    others = form.asker.shuffled(known.absent & PLACED)
    if len(others) >= 3:
        name = bare(code)
        yield form.choice("choice", form.asker.shuffled((name, *map(bare, others[:3]))), name, code)
    if territory in LEADS_OF:
        leads = tuple(f"lead {lead}" for lead in TWELVE if lead in LEADS_OF[territory])
        yield replace(form.one("facing", LEAD_OPTIONS, ""), answer=leads, pick="any")


INFARCTION = Family("infarction", "morphology", _ask, WORDINGS)
