"""Questions about conduction: any disturbance, which bundle or fascicle, complete or not, degree, altered QRS."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from einthoven.core.findings import FINDINGS
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts
from einthoven.instruct.families.forms import NONE_OF_THESE, Form
from einthoven.instruct.families.sentences import bare, joined, noun, quoted
from einthoven.instruct.families.sure import LEFT_BUNDLE, RIGHT_BUNDLE, SCP_DIAGNOSTIC, among, sure, untouched
from einthoven.instruct.family import Asked, Asker, Family

ANY = (
    "Is there a conduction disturbance?",
    "Does this ECG show a disturbance of conduction, anywhere from the AV node to the ventricles?",
    "Is conduction disturbed on this recording?",
    "Do you see any block or delay of conduction?",
    "Would you report a conduction disorder here?",
    "Is impulse conduction abnormal in this tracing?",
    "Does the electrocardiogram give evidence of disturbed conduction?",
    "Going from PR interval to QRS complex, do you meet a conduction defect?",
    "Is the way from the atria through the ventricles slowed, blocked or bypassed?",
    "Must the report of these leads say something under the heading of conduction defects?",
)
CHOICE = (
    "Which conduction disturbance does this ECG show?",
    "Choose the conduction disturbance that is present.",
    "Which of these defects of conduction do you find?",
    "Select the conduction disorder of this recording.",
    "What is disturbed in the conduction of this heart?",
    "Which option describes conduction on this tracing?",
    "Only one of these conduction defects is on the ECG; name it.",
    "Conduction is not normal here. Which line below says in what way?",
    "Judge PR interval, QRS width and axis, then give the letter of the disturbance.",
    "Which diagnosis concerning conduction would a reader of this electrocardiogram make?",
)
BUNDLE = (
    "Which bundle branch is blocked: left, right or neither?",
    "Is a bundle branch blocked: left, right or neither?",
    "Left, right or neither: which bundle branch block does this ECG show?",
    "Does this recording show a block of the left bundle branch, of the right one or of neither?",
    "Is there bundle branch block, complete or incomplete, on the left, on the right or on neither side?",
    "Decide from the QRS complexes whether the left bundle branch, the right or neither is blocked.",
    "Which bundle branch conducts badly here, right, left or neither?",
    "Compare V1 with V6: is the block in the right bundle branch, in the left or in neither?",
    "On what side is the bundle branch block of this tracing, or is there neither a left nor a right one?",
    "Right bundle, left bundle or neither: where is conduction blocked, even if not completely?",
)
COMPLETE = (
    "Is the bundle branch block on this ECG complete or incomplete?",
    "Complete or incomplete: what kind of bundle branch block is this?",
    "Would you call this bundle branch block complete or incomplete?",
    "A bundle branch is blocked here; is the block complete or incomplete?",
    "Decide whether the bundle branch block is incomplete or complete.",
    "Judging by the QRS duration, is the bundle branch block complete or incomplete?",
    "Does this recording show an incomplete or a complete bundle branch block?",
    "The report says bundle branch block. Which word is missing before it, complete or incomplete?",
    "How far does the block of the bundle branch go, is it incomplete or already complete?",
    "From the width of the QRS complexes, grade the bundle branch block: incomplete or complete.",
)
DEGREE = (
    "What is the degree of AV block?",
    "Which degree of AV block does this ECG show, if any?",
    "Grade AV conduction on this recording.",
    "Is there AV block, and of what degree?",
    "Of what degree is the AV block on this tracing, or is there none?",
    "How is conduction from the atria to the ventricles?",
    "Determine whether AV block is present and how severe it is.",
    "Look at P waves and PR intervals: which of these describes AV conduction?",
    "What does the electrocardiogram tell about the AV node?",
    "Relate each P wave to a QRS complex, then name the degree of block or its absence.",
)
FASCICLE = (
    "Which fascicle of the left bundle is blocked: anterior, posterior or neither?",
    "Is the left anterior fascicle blocked, the left posterior one or neither?",
    "Does this ECG show anterior, posterior or neither fascicular block?",
    "Anterior, posterior or neither: which fascicle is blocked?",
    "Is there a left fascicular block, and is it anterior, posterior or neither?",
    "Name the hemiblock on this recording: anterior, posterior or neither.",
    "Which left fascicle fails to conduct, the posterior, the anterior or neither?",
    "From the frontal axis and the limb leads, is the block in the anterior fascicle, in the posterior or in neither?",
    "A colleague looks for a hemiblock. Should he write posterior, anterior or neither?",
    "Choose what holds for the fascicles of the left bundle: posterior block, anterior block or neither.",
)
ALTERED = (
    "What alters the QRS complexes: bundle branch block, pre-excitation, pacing or none of these?",
    "Bundle branch block, pre-excitation, pacing or none of these: what changes the QRS complexes?",
    "Do the QRS complexes show pre-excitation, bundle branch block, pacing or none of these?",
    "Which of pacing, pre-excitation and bundle branch block shapes the QRS complexes here, or is it none of these?",
    "How are the ventricles activated: with bundle branch block, with pre-excitation, by pacing or by none of these?",
    "Explain the shape of the QRS complexes by pacing, bundle branch block or pre-excitation, or say none of these.",
    "Is ventricular activation changed by pacing, by pre-excitation, by bundle branch block or by none of these?",
    "Delta waves, spikes or a blocked bundle: is it pre-excitation, pacing, bundle branch block or none of these?",
    "Three causes can deform QRS: bundle branch block, pacing, pre-excitation. Which acts here, or none of these?",
    "The path to the ventricles may be blocked in a bundle branch, bypassed by pre-excitation or replaced by pacing. "
    "Answer with bundle branch block, pre-excitation, pacing or none of these.",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "any": ANY, "choice": CHOICE, "bundle": BUNDLE, "complete": COMPLETE, "degree": DEGREE, "fascicle": FASCICLE,
    "altered": ALTERED,
}  # fmt: skip
ALL = frozenset(code for code, one in FINDINGS.items() if one.family == "conduction")
SCP = ALL & SCP_DIAGNOSTIC
NEARLY = frozenset(("LPR", "PACE", "ABQRS", "VTACH", "JUNC", "SVTAC", "PSVT", "AFLT", "BRUGADA"))
BUNDLES = LEFT_BUNDLE | RIGHT_BUNDLE
DEGREES = {"1AVB": "first degree", "2AVB": "second degree", "MOBITZ1": "second degree", "MOBITZ2": "second degree",
           "3AVB": "third degree"}  # fmt: skip
NO_BLOCK = "no AV block"
DEGREE_OPTIONS = (NO_BLOCK, "first degree", "second degree", "third degree")
AV_BLOCKS = frozenset((*DEGREES, "AVB"))
FASCICLES = {"LAFB": "anterior", "LPFB": "posterior"}
ALTERING: Mapping[str, frozenset[str]] = {
    "bundle branch block": BUNDLES, "pre-excitation": frozenset(("WPW",)), "pacing": frozenset(("PACE",)),
}  # fmt: skip
SHORT_QRS_MS = 110
NORMAL_FIGURES = ("pr_ms", "qrs_ms")


def _ask(case: Case, asker: Asker) -> Iterator[Asked]:
    known = sure(case)
    form = Form("conduction", "rhythm", WORDINGS, asker)
    yield from _any(form, known)
    yield from _bundle(form, known)
    yield from _degree(form, known)
    yield from _fascicle(form, known)
    yield from _altered(form, known)


def _with(known: Facts, figures: Sequence[str]) -> str | None:
    """Return the figures that are known, as a clause: "with a PR interval of 160 ms and a QRS duration of 90 ms"."""
    words = {"pr_ms": "a PR interval", "qrs_ms": "a QRS duration", "axis_deg.qrs": "a QRS axis"}
    told = [f"{words[name]} of {quoted(name, known.figures[name])}" for name in figures if name in known.figures]
    return "with " + " and ".join(told) if told else None


def _narrowest(held: Sequence[str]) -> tuple[str, ...]:
    """Return the findings without those that only say less than another: LBBB beside CLBBB, AVB beside its degrees."""
    wider = {"LBBB": LEFT_BUNDLE, "RBBB": RIGHT_BUNDLE, "AVB": AV_BLOCKS, "2AVB": frozenset(("MOBITZ1", "MOBITZ2"))}
    return tuple(code for code in held if not (wider.get(code, frozenset()) - {code}).intersection(held))


def _any(form: Form, known: Facts) -> Iterator[Asked]:
    held = among(known.there, ALL)
    if held:
        yield form.yes_no("any", True, said=f"there is {joined(map(noun, _narrowest(held)))}.")
        others = form.asker.shuffled(known.absent & ALL)
        narrow = _narrowest(held)
        if len(narrow) == 1 and len(others) >= 3 and not among(known.open, ALL):
            name = bare(narrow[0])
            yield form.choice("choice", form.asker.shuffled((name, *map(bare, others[:3]))), name, narrow[0])
        return
    if known.absent >= SCP and untouched(known, ALL | NEARLY) and known.figures.get("qrs_ms", 0) <= SHORT_QRS_MS:
        clause = _with(known, NORMAL_FIGURES)
        yield form.yes_no("any", False, said=clause and f"conduction is undisturbed, {clause}.")


def _bundle(form: Form, known: Facts) -> Iterator[Asked]:
    """Ask on which side, and whether completely, where the labels know of one side only."""
    held = among(known.there, BUNDLES)
    doubt = among(known.open, BUNDLES) or not untouched(known, frozenset(("PACE", "WPW", "VTACH", "IVCD", "BRUGADA")))
    sides = {bool(LEFT_BUNDLE & {code}) for code in held}
    if doubt or len(sides) > 1:
        return
    if held:
        yield form.one("bundle", ("left", "right", "neither"), "left" if sides == {True} else "right")
    elif not untouched(known, frozenset(FASCICLES)):  # part of the left bundle: neither blocked nor free
        return
    elif BUNDLES & known.absent >= {"CLBBB", "CRBBB"} or known.absent >= {"LBBB", "RBBB"}:
        yield form.one("bundle", ("left", "right", "neither"), "neither")
    grades = {code[0] for code in held if code[0] in "CI"}
    if len(grades) == 1:
        grade = "complete" if grades == {"C"} else "incomplete"
        clause = _with(known, ("qrs_ms",))
        said = f"{grade.capitalize()}, {clause}." if clause else None
        yield form.one("complete", ("complete", "incomplete"), grade, said)


def _degree(form: Form, known: Facts) -> Iterator[Asked]:
    held = {DEGREES[code] for code in among(known.there, AV_BLOCKS) if code in DEGREES}
    if among(known.open, AV_BLOCKS) or len(held) > 1:
        return
    if held:
        degree = held.pop()
        clause = _with(known, ("pr_ms",)) if degree == "first degree" else None
    elif {"1AVB", "2AVB", "3AVB"} <= known.absent and untouched(known, NEARLY | {"AFIB", "AVB", "VFIB", "BIGU", "PAC"}):
        degree, clause = NO_BLOCK, _with(known, ("pr_ms",))
    else:
        return
    said = f"{degree[0].upper()}{degree[1:]}, {clause}." if clause else None
    asked = form.one_listed("degree", DEGREE_OPTIONS, degree)
    yield replace(asked, said=said)


def _fascicle(form: Form, known: Facts) -> Iterator[Asked]:
    held, codes = among(known.there, frozenset(FASCICLES)), frozenset(FASCICLES)
    if len(held) + len(known.absent & codes) == 2 and len(held) < 2:
        answer = FASCICLES[held[0]] if held else "neither"
        clause = _with(known, ("axis_deg.qrs",)) if held else None
        said = f"{answer.capitalize()}, {clause}." if clause else None
        yield form.one("fascicle", ("anterior", "posterior", "neither"), answer, said)


def _altered(form: Form, known: Facts) -> Iterator[Asked]:
    """Ask what shapes QRS: one cause that is there, the others not even suspected; none only where all are absent."""
    held = [name for name, codes in ALTERING.items() if codes.intersection(known.there)]
    others = frozenset(("IVCD", "VTACH", "VFIB", "BRUGADA")).union(*(ALTERING[name] for name in ALTERING.keys() - held))
    if len(held) > 1 or not untouched(known, others):
        return
    bundles = known.absent >= {"CLBBB", "CRBBB", "ILBBB", "IRBBB"} or known.absent >= {"LBBB", "RBBB"}
    if held or (bundles and known.absent >= {"WPW", "PACE"} and "ABQRS" not in known.there):
        yield form.one("altered", (*ALTERING, NONE_OF_THESE), held[0] if held else NONE_OF_THESE)


CONDUCTION = Family("conduction", "rhythm", _ask, WORDINGS)
