"""Questions about the rhythm: which, sinus or not, fibrillation or flutter, its source, early beats, regular."""

from collections.abc import Iterator, Mapping

from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts
from einthoven.instruct.families.forms import Form
from einthoven.instruct.families.sentences import bare
from einthoven.instruct.families.sure import SINUS, among, sure, untouched
from einthoven.instruct.family import Asked, Asker, Family

NAME = (
    "What is the rhythm?",
    "Name the rhythm of this ECG.",
    "Which rhythm does this recording show?",
    "Determine the heart rhythm.",
    "How would you describe the rhythm of this tracing?",
    "What rhythm do you read from the leads?",
    "State the rhythm as it would stand in the report.",
    "Before anything else: which rhythm is this electrocardiogram in?",
    "A nurse asks what rhythm the patient is in; what do you say?",
    "Look at P waves and QRS complexes and tell me the rhythm.",
)
CHOICE = (
    "Which of these is the rhythm?",
    "Choose the rhythm of this ECG.",
    "Select the heart rhythm shown here.",
    "Which option names the rhythm of this recording?",
    "What is the rhythm, out of these four?",
    "Pick the rhythm that this tracing shows.",
    "Which line below describes how this heart is beating?",
    "Four rhythms are offered; only one matches the electrocardiogram. Which?",
    "Identify the rhythm and give the letter that stands before it.",
    "Judging by the regularity and the P waves, which rhythm on the list is it?",
)
LIST = (
    "Which rhythm out of this list does the ECG show?",
    "Name the rhythm; it is one of the options.",
    "Take the rhythm of this recording from the list.",
    "To which of the listed rhythms does this ECG belong?",
    "One of the options is the rhythm of this ECG. Say which one.",
    "Compare the tracing with the rhythms listed and name the one that fits.",
    "Classify the rhythm with a term from the list.",
    "For the database, the rhythm must be one of the terms below; which do you enter?",
    "The rhythm of these twelve leads is called what, in terms of the list?",
    "Strike out all listed rhythms that do not agree with the ECG; which one stays?",
)
BLANK = (
    "Fill in the blank: The rhythm is ____.",
    "Complete the sentence: This ECG shows the rhythm ____.",
    "Fill the gap: The heart rhythm in this recording is ____.",
    "Supply the missing words: The underlying rhythm is ____.",
    "Complete the line of the report: Rhythm recorded as ____.",
    "Write the rhythm where the line is: The tracing was recorded in ____.",
    "Add what is missing: As for the rhythm, this electrocardiogram shows ____.",
    "The report begins with a gap, close it: Rhythm on this recording is ____.",
    "Repeat the sentence with the name of the rhythm: The patient's heart beats in ____.",
    "What was to stand in the empty place: From P waves and QRS complexes, the rhythm is read as ____.",
)
IS_SINUS = (
    "Is this a sinus rhythm?",
    "Does this ECG show a sinus rhythm of whatever rate?",
    "Is the rhythm of this recording a sinus rhythm?",
    "Does the sinus node drive this heart?",
    "Is the patient in sinus rhythm?",
    "Do the beats begin in the sinus node?",
    "Can you confirm a sinus rhythm, be it slow, fast or irregular?",
    "Sinus rhythm or not: would you answer yes?",
    "Does each normal beat follow a P wave that comes from the sinus node?",
    "Is the pacemaker of this heart its sinus node, as far as the tracing tells?",
)
FLUTTER = (
    "Is this atrial fibrillation, atrial flutter or neither?",
    "Atrial fibrillation, atrial flutter or neither of them: what does this ECG show?",
    "Does this recording show atrial fibrillation, atrial flutter or neither?",
    "Decide between atrial fibrillation, atrial flutter and neither.",
    "Which holds for this tracing: atrial flutter, atrial fibrillation or neither?",
    "Look at the atrial activity: fibrillation, flutter or neither?",
    "Tell atrial flutter from atrial fibrillation here, or say neither.",
    "Do the atria fibrillate or flutter, or do they do neither?",
    "If you had to choose among atrial flutter, atrial fibrillation and neither, what would it be?",
    "What are the atria doing on this electrocardiogram, fibrillation or flutter, or is neither the case?",
)
DRIVER = (
    "Where do the beats of this ECG begin?",
    "What drives this heart?",
    "From which of these does the rhythm come?",
    "Name the origin of the rhythm.",
    "Which source sets the beat on this recording?",
    "What gives the heart its rhythm here?",
    "In which place, or by what, is each ordinary beat started?",
    "Trace the rhythm of this electrocardiogram back to its source; which is it?",
    "Does the rhythm arise in the heart, and where, or does a device produce it?",
    "By its P waves and QRS complexes, to which source would you ascribe this rhythm?",
)
EARLY = (
    "Are there premature beats?",
    "Does this ECG show premature beats?",
    "Do you see ectopic beats on this recording?",
    "Are premature complexes of any origin present?",
    "Is there ectopy on this tracing, atrial or ventricular?",
    "Do any beats come too early?",
    "Is the basic rhythm interrupted by extrasystoles?",
    "Follow the beats one by one: does any of them arrive before its time?",
    "Would you mention extrasystoles, whatever their origin, in the report?",
    "Apart from the basic rhythm, are early beats to be seen in this electrocardiogram?",
)
ORIGIN = (
    "Are the premature beats on this ECG ventricular, supraventricular or both?",
    "What is the origin of the premature beats: ventricular, supraventricular or both?",
    "Premature beats were noted here; are they supraventricular, ventricular or both?",
    "Classify the ectopy on this recording as ventricular, supraventricular or both.",
    "Do the early beats arise in ventricular or supraventricular tissue, or in both?",
    "Where do the extrasystoles come from: supraventricular, ventricular or both?",
    "Name the origin of the ectopic beats (supraventricular, ventricular, both).",
    "By the shape of the early complexes, are these ventricular or supraventricular beats, or both?",
    "The report mentions extrasystoles; complete it by their origin: ventricular, supraventricular or both.",
    "Some beats come too early. Is their source supraventricular or ventricular, or are there both kinds?",
)
REGULAR = (
    "Is the rhythm regular or irregular?",
    "Are the QRS complexes regular or irregular in time?",
    "Do the beats follow each other in a regular or an irregular way?",
    "Regular or irregular: what would you call this rhythm?",
    "Is the spacing of the R waves regular or irregular?",
    "Would you describe the ventricular rhythm as irregular or as regular?",
    "Compare the RR intervals: regular or irregular?",
    "Step through the recording from beat to beat. Is the pulse irregular or regular?",
    "Put into one word, irregular or regular, what the RR intervals are.",
    "With a pair of compasses set to one RR interval, would you find the others regular or irregular?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "name": NAME, "choice": CHOICE, "list": LIST, "blank": BLANK, "is_sinus": IS_SINUS, "flutter": FLUTTER,
    "driver": DRIVER, "early": EARLY, "origin": ORIGIN, "regular": REGULAR,
}  # fmt: skip
NOT_SINUS = frozenset(("AFIB", "AFLT", "SVTAC", "PSVT", "ATACH", "JUNC", "VTACH", "VFIB"))
RHYTHMS = SINUS | NOT_SINUS | {"PACE"}
ATRIAL = frozenset(("AFIB", "AFLT"))
EARLY_BEATS = frozenset(("PVC", "PAC", "PRC(S)", "BIGU", "TRIGU"))
ORIGINS = frozenset(("PVC", "PAC"))
# Beside these nobody can call a rhythm regular; where it is irregular, one of them says why.
IRREGULAR = EARLY_BEATS | {"AFIB", "SARRH", "SVARR", "2AVB", "MOBITZ1", "MOBITZ2", "3AVB", "AVB", "VFIB"}
DRIVERS: Mapping[str, frozenset[str]] = {
    "the sinus node": SINUS, "the atria": ATRIAL | {"ATACH"}, "the AV junction": frozenset(("JUNC",)),
    "the ventricles": frozenset(("VTACH",)), "a pacemaker": frozenset(("PACE",)),
}  # fmt: skip
# Beside these the atria and the ventricles may beat each on their own, or nobody can say where the beats begin.
NO_ONE_DRIVER = frozenset(("SVTAC", "PSVT", "SVARR", "VFIB", "3AVB", "AVB", "BRADY"))
MAY_BE_EITHER = frozenset(("AFLT", "ATACH", "PACE", "VTACH"))


def _ask(case: Case, asker: Asker) -> Iterator[Asked]:
    known = sure(case)
    form = Form("rhythm", "rhythm", WORDINGS, asker)
    yield from _name(form, known)
    yield from _kinds(form, known, case)
    yield from _early(form, known, case)
    yield from _regular(form, known, case)


def _name(form: Form, known: Facts) -> Iterator[Asked]:
    """Ask for the rhythm, where what the labels say of it is certain; "sinus rhythm" yields to its kinds."""
    held = among(known.there, RHYTHMS)
    if not held or among(known.open, RHYTHMS | {"SVARR", "BRADY"}):
        return
    if "SR" in held and SINUS & set(held) != {"SR"}:
        held = tuple(code for code in held if code != "SR")
    yield form.free("name", ", ".join(map(bare, held)))
    if len(held) > 1:
        return
    name = bare(held[0])
    if held[0] != "PACE":  # would need an article in some sentences, and none in others
        yield form.blank("blank", name)
    others = form.asker.shuffled(known.absent & RHYTHMS)
    if len(others) >= 3:
        yield form.choice("choice", form.asker.shuffled((name, *map(bare, others[:3]))), name, held[0])
        yield form.one_listed("list", form.asker.shuffled((name, *map(bare, others[:6]))), name)


def _kinds(form: Form, known: Facts, case: Case) -> Iterator[Asked]:
    other = not untouched(known, NOT_SINUS | {"PACE", "SVARR"})
    if among(known.there, SINUS) and not other:
        yield form.yes_no("is_sinus", True, "SR")
    elif among(known.there, NOT_SINUS) and "SR" in case.stated and untouched(known, SINUS | {"PACE"}):
        yield form.yes_no("is_sinus", False, "SR")
    held, absent = among(known.there, ATRIAL), known.absent & ATRIAL
    if len(held) + len(absent) == 2 and len(held) < 2:
        yield form.one("flutter", (*map(bare, ("AFIB", "AFLT")), "neither"), bare(held[0]) if held else "neither")
    yield from _driver(form, known, case)


def _driver(form: Form, known: Facts, case: Case) -> Iterator[Asked]:
    """Ask what starts the beats, where all labels name one source and no spikes speak of another."""
    sources = [name for name, codes in DRIVERS.items() if codes.intersection(known.there)]
    spikes = case.measured is not None and bool(case.measured.rhythm.pacing_spikes_s)
    if len(sources) != 1 or among(known.open, RHYTHMS) or not untouched(known, NO_ONE_DRIVER):
        return
    if sources[0] == "a pacemaker" or ("PACE" in known.absent and not spikes):
        yield form.one_listed("driver", tuple(DRIVERS), sources[0])


def _early(form: Form, known: Facts, case: Case) -> Iterator[Asked]:
    measured = case.measured is not None and bool(case.measured.rhythm.premature_beats_s)
    if among(known.there, EARLY_BEATS):
        yield form.yes_no("early", True)
    elif known.absent >= ORIGINS and untouched(known, EARLY_BEATS | ATRIAL | {"SVARR"}) and not measured:
        yield form.yes_no("early", False)
    held = among(known.there, ORIGINS)
    clear = untouched(known, EARLY_BEATS - ORIGINS) and not among(known.open, ORIGINS) and case.stated >= ORIGINS
    if held and clear:
        names: Mapping[tuple[str, ...], str] = {("PVC",): "ventricular", ("PAC",): "supraventricular"}
        yield form.one("origin", ("ventricular", "supraventricular", "both"), names.get(held, "both"))


def _regular(form: Form, known: Facts, case: Case) -> Iterator[Asked]:
    regular = case.measured.rhythm.regular if case.measured else None
    if regular is None or not untouched(known, MAY_BE_EITHER):
        return
    agrees = untouched(known, IRREGULAR) if regular else bool(among(known.there, IRREGULAR))
    if agrees:
        yield form.one("regular", ("regular", "irregular"), "regular" if regular else "irregular")


RHYTHM = Family("rhythm", "rhythm", _ask, WORDINGS)
