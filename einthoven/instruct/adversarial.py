"""The same question made harder: turned round, its options in another order, inside a case, or with typing errors.

None of them changes what is asked. A case tells only what has nothing to do with the heart; no sex, and of the age
only that it is adult, since the page may print both. Typing errors fall on plain words, never on findings, options,
figures or leads.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from einthoven.core.findings import FINDINGS
from einthoven.instruct.families import noise, unanswerable
from einthoven.instruct.families.figures import SPOKEN
from einthoven.instruct.families.forms import NONE_OF_THESE, YES_NO, letter_block, option_line, said_with_letters
from einthoven.instruct.families.sentences import FIGURE_WORDS, agreeing, noun
from einthoven.instruct.family import Asked, Asker
from einthoven.instruct.formats import reads_back

FREE_OF = (
    "Is this ECG free of {x}?",
    "Is this tracing without {x}?",
    "Can you rule out {x} on this recording?",
    "Is it true that this ECG does not show {x}?",
    "Is the electrocardiogram negative for {x}?",
    "Would you say that {x} {is_} absent here?",
    "{Is} {x} missing from what this recording shows?",
    "Could a report of this ECG truthfully deny {x}?",
    "Someone claims that {x} {is_} not to be seen on this tracing; is the claim right?",
    "Does a search through all leads for {x} come back with nothing?",
)
NOT_NORMAL = (
    "Does this ECG fail to be normal?",
    "Is it wrong to call this ECG normal?",
    "Would it be a mistake to report this recording as normal?",
    "Is this tracing anything but normal?",
    "Would you object if someone called this electrocardiogram normal?",
    "Is the word normal out of place for this ECG?",
    "Must a reader withhold the verdict of a normal ECG here?",
    "A colleague signs this recording as normal; does the colleague err?",
    "Should the stamp that says normal be kept away from this tracing?",
    "Is there a reason why this electrocardiogram cannot pass as normal?",
)
NOTHING_ABNORMAL = (
    "Is this ECG free of abnormalities?",
    "Is nothing abnormal on this recording?",
    "Is it true that this ECG shows no abnormality?",
    "Is this tracing without any abnormality?",
    "Would you say that no abnormal finding is present?",
    "Are abnormalities absent from this electrocardiogram?",
    "Can every abnormality be ruled out on this ECG?",
    "Could a reader search these leads for faults and find none?",
    "Does the list of abnormal findings of this recording stay empty?",
    "Someone says that there is nothing to object to in this tracing; is this so?",
)
VIGNETTES = (
    "An adult patient with a painful knee is seen before an operation, and an ECG is recorded. {q}",
    "At the first visit to a new family doctor, an adult with a stiff shoulder also has an ECG. {q}",
    "Before a cataract operation on an adult with blurred sight, this ECG is recorded. {q}",
    "In the emergency room an adult waits with a sprained ankle; an ECG is taken there. {q}",
    "At a visit for travel vaccinations, an adult asks about a mosquito bite, and an ECG is taken as well. {q}",
    "During an appointment because of lasting back pain, an adult patient has an ECG. {q}",
    "An ECG is sent from a skin clinic, where an adult has an itching rash treated. {q}",
    "The archive holds an ECG from the ward for hand surgery, of an adult with a broken finger. {q}",
    "A trainee presents the ECG of an adult who came to have a cast removed and says that it itches. {q}",
    "A study of recording devices collects ECGs in an eye clinic; this one is of an adult with a stye. {q}",
    "An adult with an aching tooth sees the dentist of a hospital, where an ECG is on file. {q}",
    "In an eye clinic an adult complains that small print is hard to read. An ECG was recorded. {q}",
    "An adult wants to have a mole removed that rubs on the collar, and the surgeon orders an ECG. {q}",
    "A rehabilitation centre sends the ECG of an adult whose new hip is still a little stiff. {q}",
    "With a running nose, an adult comes to a practice where an ECG is recorded. {q}",
    "Sent to the company doctor for a wrist that hurts from typing, an adult has an ECG. {q}",
    "An adult with ringing in one ear is seen in the hearing clinic, an ECG among the papers. {q}",
    "Imagine the plaster room of a hospital: an adult with a broken wrist sits there, the ECG in hand. {q}",
    '"My elbow hurts from tennis", says an adult at the desk of a practice and hands over an ECG. {q}',
    "Foot clinic; adult; complaint: an ingrown toenail; ECG enclosed. {q}",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "free_of": FREE_OF, "not_normal": NOT_NORMAL, "nothing_abnormal": NOTHING_ABNORMAL, "vignettes": VIGNETTES,
}  # fmt: skip


# Yes/no questions that ask for just one finding, beside "finding:...": their denial asks for its absence.
_OF_ONE_FINDING = frozenset(("infarction:any", "axis:left", "axis:right", "rhythm:paced", "conduction:preexcited"))
_NORMALITY = {"class:normal": NOT_NORMAL, "class:abnormal": NOTHING_ABNORMAL}
_OF_TWO_ECGS = ("consecutive:", "two_patients:")  # how templates of such questions begin

SHORTEST_MISTYPED = 5  # letters
_AROUND_A_WORD = ".,;:?!()\"'"
# Words that a question turns on, and those that a slip might turn into one of them ("there", "three").
_KEPT_WORDS = (
    "first second third previous recent earlier later three seven eight there these seconds milliseconds degrees "
    "beats minute millivolts millimetres small squares longer shorter faster slower greater above below under "
    "uncertain certain suspected without neither either twelve"
)


@cache
def _kept_words() -> frozenset[str]:
    """Return the words that are never mistyped, whatever is asked: of findings, figures, noise, units, comparisons."""
    names = (name for code, one in FINDINGS.items() for name in (one.name, noun(code), *one.synonyms))
    figures = (*FIGURE_WORDS.values(), *(one.words for one in SPOKEN.values()))
    others = (*noise.SPOKEN.values(), *unanswerable.DATA, *unanswerable.TESTS)
    kept = frozenset((*_words(" ".join((*names, *figures, *others))), *_KEPT_WORDS.split()))
    return kept - {"present", "tracing", "electrocardiogram"}  # of names that are said in other words


def polarity(asked: Asked, asker: Asker) -> Asked | None:
    """Ask for the absence instead: the answer is turned round. Only of a single finding, of normal and of abnormal."""
    if asked.options != YES_NO:
        return None
    if asked.key in _NORMALITY:
        question = asker.words(_NORMALITY[asked.key])
    elif asked.about is not None and (asked.key == f"finding:{asked.about}" or asked.key in _OF_ONE_FINDING):
        question = asker.words(FREE_OF, **agreeing(asked.about))
    else:
        return None
    turned = YES_NO[1] if asked.answer == YES_NO[0] else YES_NO[0]
    return replace(asked, question=question, answer=turned, said=None)


def reordered(asked: Asked, asker: Asker) -> Asked | None:
    """Put the options that a question lists into another order, "none of these" last; letters go with the places."""
    if asked.options is None or asked.options == YES_NO:
        return None
    block = next((show for show in (letter_block, option_line) if asked.question.endswith(show(asked.options))), None)
    movable = [option for option in asked.options if option != NONE_OF_THESE]
    if block is None or len(movable) < 2:
        return None
    turn = 1 + int(asker.dice.integers(len(movable) - 1))  # every option leaves its place
    options = (*movable[turn:], *movable[:turn], *(option for option in asked.options if option == NONE_OF_THESE))
    several = isinstance(asked.answer, tuple)
    answer = tuple(option for option in options if option in _held(asked))
    said = asked.said
    if said is not None and block is letter_block:
        if said != said_with_letters(asked.options, _held(asked)):
            return None
        said = said_with_letters(options, answer)
    question = asked.question.removesuffix(block(asked.options)) + block(options)
    return replace(asked, question=question, answer=answer if several else asked.answer, options=options, said=said)


def _held(asked: Asked) -> tuple[str, ...]:
    return asked.answer if isinstance(asked.answer, tuple) else (asked.answer,)


def vignette(asked: Asked, asker: Asker) -> Asked | None:
    """Tell first who was seen where and why, which says nothing of what the ECG shows; not before two ECGs."""
    if asked.template.startswith(_OF_TWO_ECGS):
        return None
    return replace(asked, question=asker.words(VIGNETTES, q=asked.question))


def typing(asked: Asked, asker: Asker) -> Asked | None:
    """Mistype one or two words of the question: two letters change places, or one is lost."""
    head, line, rest = asked.question.partition("\n")
    instruction, colon, sentence = head.rpartition(": ") if asked.kind == "fill" else (head, "", "")
    kept = frozenset(_words(" ".join(asked.options or ())))  # those of the vocabulary are kept in any case
    pieces = instruction.split(" ")
    plain = [place for place, piece in enumerate(pieces) if _may_slip(piece.strip(_AROUND_A_WORD), kept)]
    if not plain:
        return None
    count = min(len(plain), 1 + int(asker.dice.integers(2)))
    for chosen in asker.dice.permutation(len(plain))[:count].tolist():
        word = pieces[plain[chosen]].strip(_AROUND_A_WORD)
        pieces[plain[chosen]] = pieces[plain[chosen]].replace(word, _mistyped(word, asker), 1)
    return replace(asked, question=" ".join(pieces) + colon + sentence + line + rest)


def _words(text: str) -> Iterator[str]:
    """Return the words of a text in small letters, without signs; those with a hyphen whole and in parts."""
    for piece in text.casefold().replace("/", " ").split():
        yield piece.strip(_AROUND_A_WORD)
        yield from piece.strip(_AROUND_A_WORD).split("-")


def _may_slip(word: str, kept: frozenset[str]) -> bool:
    """Tell whether a word is long enough, of plain letters, and none that the question turns on."""
    small = word.casefold()
    plain = len(word) >= SHORTEST_MISTYPED and word.isascii() and word.isalpha() and word[1:].islower()
    return plain and small not in kept and small not in _kept_words()


def _mistyped(word: str, asker: Asker) -> str:
    """Return a word with two neighbours exchanged, or one letter lost; the first one stays."""
    places = [place for place in range(1, len(word) - 1) if word[place] != word[place + 1]]
    place = places[int(asker.dice.integers(len(places)))]
    if asker.dice.random() < 0.5:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


ADVERSARIES: Mapping[str, Callable[[Asked, Asker], Asked | None]] = {
    "polarity": polarity,
    "reordered": reordered,
    "vignette": vignette,
    "typing": typing,
}


def adversarial(asked: Asked, asker: Asker, name: str | None = None) -> Asked | None:
    """Return a question made harder in the way named, or in any that it allows; None where there is none.

    Its key ends in "~" and the way. The answer reader finds its right answer, or it is not returned.
    """
    for way in asker.shuffled(ADVERSARIES) if name is None else (name,):
        harder = ADVERSARIES[way](asked, asker)
        if harder is not None and reads_back(harder, asked):
            return replace(harder, key=f"{asked.key}~{way}")
    return None
