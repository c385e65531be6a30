"""Questions about exchanged electrodes, of made recordings only: of no other is it known that none were exchanged."""

from collections.abc import Iterator, Mapping

from einthoven.instruct.case import Case
from einthoven.instruct.families.figures import choice, yes_no
from einthoven.instruct.family import Asked, Asker, Family

SWAPPED = (
    "Are any electrodes exchanged?",
    "Were cables swapped in this recording?",
    "Do you suspect misplaced electrodes?",
    "Is there evidence of a lead reversal?",
    "Does this ECG look as if cables were interchanged?",
    "Has anyone mixed up the electrode cables?",
    "Should this ECG be repeated because electrodes were exchanged?",
    "Check electrode placement: were two or more cables confused?",
    "Is a reversal of electrodes visible in these leads?",
    "Some cables may be in each other's place here; are they?",
)
WHICH = (
    "Which electrodes were exchanged?",
    "Which cables are swapped, if any?",
    "Name the electrode reversal.",
    "What kind of cable swap do you see, if there is one?",
    "Choose how the electrodes were placed.",
    "Which of these describes the placement of the electrodes?",
    "Identify the mistake in electrode placement, should there be one.",
    "Looking at limb and chest leads together, what happened to the cables?",
    "Pick the line that tells how this ECG was cabled.",
    "If this ECG were repeated, which cables would have to change places?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {"swapped": SWAPPED, "which": WHICH}

NO_SWAP = "no electrodes exchanged"
# Swaps that leave a sign in the leads. Those left out (the left limbs, neighbours among V2..V6) look like many a
# healthy heart: nobody can tell them from one recording.
VISIBLE: Mapping[str, str] = {
    "LA-RA": "left arm and right arm exchanged",
    "RA-LL": "right arm and left leg exchanged",
    "RA-N": "right arm and right leg exchanged",
    "LA-N": "left arm and right leg exchanged",
    "arms-legs": "both arms exchanged with both legs",
    "V1-V2": "V1 and V2 exchanged",
    "V1-V3": "V1 and V3 exchanged",
    "V1..V6 backwards": "chest electrodes placed in reverse order",
}
OTHERS = 3


def ask(case: Case, asker: Asker) -> Iterator[Asked]:
    """Ask whether electrodes were exchanged, and which."""
    if case.origin != "simulator" or case.measured is None:
        return
    swap = case.measured.quality.suspected_reversal
    if swap is not None and swap not in VISIBLE:
        return
    yield yes_no("swap:any", "swapped", asker.words(SWAPPED), swap is not None)
    answer = NO_SWAP if swap is None else VISIBLE[swap]
    others = [words for words in VISIBLE.values() if words != answer]
    drawn = {others[place] for place in asker.dice.permutation(len(others))[: OTHERS - (swap is not None)]}
    options = tuple(words for words in (*VISIBLE.values(), NO_SWAP) if words in {*drawn, answer, NO_SWAP})
    yield choice("swap:which", "which", asker.words(WHICH), options, answer)


MISPLACEMENT = Family("misplacement", "feature", ask, WORDINGS)
