"""Questions about the frontal QRS axis: its class, its side, and what leads I and aVF tell; not near a border."""

from collections.abc import Iterator, Mapping

from einthoven.core.measurements import Amplitudes
from einthoven.instruct.case import Case
from einthoven.instruct.families.figures import readable
from einthoven.instruct.families.forms import Form
from einthoven.instruct.families.sure import sure
from einthoven.instruct.family import Asked, Asker, Family

CLASS = (
    "How is the QRS axis directed?",
    "Classify the electrical axis of this ECG.",
    "In which class does the frontal QRS axis fall?",
    "Is the axis normal or deviated, and to which side?",
    "Determine the axis from the limb leads and classify it.",
    "Describe the electrical axis of this recording.",
    "Where does the QRS axis point?",
    "Using leads I and aVF, which of these describes the axis?",
    "For the report: what is to be written about the heart's electrical axis?",
    "Sort this tracing by its mean QRS vector in the frontal plane.",
)
CHOICE = (
    "Which option describes the QRS axis?",
    "Choose the right description of the electrical axis.",
    "Select the class of the frontal axis of this ECG.",
    "Which statement about the axis of this recording is true?",
    "Pick the axis that the limb leads show.",
    "What is the electrical axis, out of these?",
    "Estimate the mean QRS vector; which letter stands for its class?",
    "Of the four classes of axis, give the one of this tracing.",
    "Look at the QRS complexes of I, II and aVF and decide on one of the lines below.",
    "An examiner asks for the axis of this electrocardiogram and offers four answers. Which one is correct?",
)
SIDE = (
    "The axis of this ECG deviates: to the left or to the right?",
    "To which side is the QRS axis deviated, left or right?",
    "Is this axis deviation a left or a right one?",
    "Left or right: in which direction has the electrical axis turned?",
    "Would you report the deviated axis as left or as right?",
    "Does the mean QRS vector lean too far to the left or to the right?",
    "Name the side, right or left, of the axis deviation on this recording.",
    "The limb leads show an axis outside its normal range. On which side, right or left?",
    "Compare leads I and aVF: has the axis been shifted right or left?",
    "One word is missing before axis deviation in this report; is it right or left?",
)
LEAD = (
    "Is the QRS complex in lead {lead} mainly positive or mainly negative?",
    "Mainly positive or mainly negative: how is QRS in lead {lead}?",
    "To judge the axis, is lead {lead} mainly positive or mainly negative?",
    "Does the QRS complex of lead {lead} turn out mainly positive or mainly negative?",
    "In lead {lead}, would you call the QRS complex mainly positive or mainly negative?",
    "Weigh R against Q and S in lead {lead}: mainly positive or mainly negative?",
    "Look at the net QRS deflection of lead {lead}. Is it mainly negative or mainly positive?",
    "Before the axis can be estimated: what is lead {lead}, mainly negative or mainly positive?",
    "Set what rises against what falls in the QRS of lead {lead}; is it mainly negative or mainly positive?",
    "A student reads the axis from the limb leads and begins with {lead}. Mainly negative or mainly positive?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {"class": CLASS, "choice": CHOICE, "side": SIDE, "lead": LEAD}
FIGURE = "axis_deg.qrs"
NORMAL_AXIS, LEFT_AXIS, RIGHT_AXIS = "normal axis", "left axis deviation", "right axis deviation"
EXTREME_AXIS = "extreme axis deviation"
CLASSES = (NORMAL_AXIS, LEFT_AXIS, RIGHT_AXIS, EXTREME_AXIS)
BORDERS_DEG, MARGIN_DEG = (-180, -90, -30, 90, 180), 5
SIDES = {LEFT_AXIS: "left", RIGHT_AXIS: "right"}
POINTS = ("mainly positive", "mainly negative")
LEADS_DEG = {"I": 0, "aVF": 90}  # where each lead points in the frontal plane
CLEAR_MV, CLEAR_TIMES, CLEAR_DEG = 0.3, 1.5, 15  # smaller deflections, or nearly equal ones, are neither


def axis_class(degrees: float) -> str:
    """Return the class of an axis: normal from -30 to 90, left to -90, right to 180, extreme beyond both.

    >>> axis_class(41), axis_class(-45), axis_class(120), axis_class(-120)
    ('normal axis', 'left axis deviation', 'right axis deviation', 'extreme axis deviation')
    """
    if -30 <= degrees <= 90:
        return NORMAL_AXIS
    if degrees > 90:
        return RIGHT_AXIS
    return LEFT_AXIS if degrees >= -90 else EXTREME_AXIS


def _ask(case: Case, asker: Asker) -> Iterator[Asked]:
    known = sure(case)
    degrees = known.figures.get(FIGURE)
    if degrees is None:
        return
    form = Form("axis", "feature", WORDINGS, asker)
    yield from _leads(form, case, degrees)
    if any(abs(degrees - border) <= MARGIN_DEG for border in BORDERS_DEG):
        return
    name = axis_class(degrees)
    yield form.one_listed("class", CLASSES, name)
    yield form.choice("choice", asker.shuffled(CLASSES), name)
    if name in SIDES:
        yield form.one("side", ("left", "right"), SIDES[name])


def _leads(form: Form, case: Case, degrees: float) -> Iterator[Asked]:
    """Ask where I and aVF point, if their own deflections are clear and the axis says the same."""
    seen = readable(case)
    for lead, at in LEADS_DEG.items():
        apart = abs((degrees - at + 180) % 360 - 180)
        positive = _positive(seen[lead]) if lead in seen else None
        if positive is not None and abs(apart - 90) > CLEAR_DEG and positive == (apart < 90):
            answer = POINTS[0] if positive else POINTS[1]
            question = form.text("lead", {"lead": lead})
            yield Asked(f"axis:lead_{lead}", "feature", "closed", "lead", question, answer, POINTS)


def _positive(of: Amplitudes) -> bool | None:
    """Tell whether what goes up clearly outweighs what goes down, None where neither does."""
    if of.r is None or of.q is None or of.s is None:
        return None
    up, down = of.r, -(of.q + of.s)
    if max(up, down) < CLEAR_MV or max(up, down) < CLEAR_TIMES * min(up, down):
        return None
    return up > down


AXIS = Family("axis", "feature", _ask, WORDINGS)
