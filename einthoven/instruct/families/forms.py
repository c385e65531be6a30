"""The forms of a question about findings: yes or no, one of a list, lettered, several of a list, a blank, free text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from einthoven.instruct.family import Asked, Asker, Category, Wordings

YES_NO = ("yes", "no")
LETTERS = "ABCDEFGHIJKLMNOP"
NONE_OF_THESE = "none of these"
Slots = Mapping[str, object]
_NO_SLOTS: Slots = {}


def lettered(options: Sequence[str]) -> tuple[str, ...]:
    """Return options with letters before them, as a question shows them.

    >>> lettered(["atrial flutter", "sinus rhythm"])
    ('A. atrial flutter', 'B. sinus rhythm')
    """
    return tuple(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False))


def letter_block(options: Sequence[str]) -> str:
    """Return lettered options as they stand under a question."""
    return "\n" + "\n".join(lettered(options))


def option_line(options: Sequence[str]) -> str:
    """Return options as they stand under a question that gives them no letters."""
    return "\nOptions: " + "; ".join(options)


def said_with_letters(options: Sequence[str], held: Sequence[str]) -> str:
    """Return an answer with its letters: "B. sinus rhythm", "A. x, C. y", "none"."""
    return ", ".join(line for line, option in zip(lettered(options), options, strict=True) if option in held) or "none"


@dataclass(frozen=True)
class Form:
    """Puts the questions of one family about one recording. A question is named as its sentences are in `wordings`."""

    family: str
    category: Category
    wordings: Wordings
    asker: Asker

    def text(self, name: str, slots: Slots = _NO_SLOTS) -> str:
        return self.asker.words(self.wordings[name], **slots)

    def key(self, name: str) -> str:
        return f"{self.family}:{name}"

    def yes_no(self, name: str, yes: bool, about: str | None = None, said: str | None = None) -> Asked:
        """Return a question with "yes" or "no"; said: more than that, after "Yes" or "No"."""
        answer = YES_NO[0] if yes else YES_NO[1]
        spoken = None if said is None else f"{answer.capitalize()}, {said}"
        return Asked(self.key(name), self.category, "closed", name, self.text(name), answer, YES_NO,
                     said=spoken, about=about)  # fmt: skip

    def one(self, name: str, options: tuple[str, ...], answer: str, said: str | None = None) -> Asked:
        """Return a question whose sentence names its few options."""
        return Asked(self.key(name), self.category, "closed", name, self.text(name), answer, options, said=said)

    def one_listed(self, name: str, options: tuple[str, ...], answer: str, slots: Slots = _NO_SLOTS) -> Asked:
        """Return a question with a list under it, of which one holds."""
        question = self.text(name, slots) + option_line(options)
        return Asked(self.key(name), self.category, "closed", name, question, answer, options)

    def several_listed(self, name: str, options: tuple[str, ...], held: Iterable[str]) -> Asked:
        """Return a question with a list under it, of which any number holds."""
        chosen, question = set(held), self.text(name) + option_line(options)
        answer = tuple(option for option in options if option in chosen)
        return Asked(self.key(name), self.category, "closed", name, question, answer, options, "any")

    def choice(self, name: str, options: tuple[str, ...], answer: str, about: str | None = None) -> Asked:
        """Return a question with lettered options, of which one is right."""
        question = self.text(name) + letter_block(options)
        said = said_with_letters(options, (answer,))
        return Asked(self.key(name), self.category, "choice", name, question, answer, options, said=said, about=about)

    def several(self, name: str, options: tuple[str, ...], held: Iterable[str]) -> Asked:
        """Return a question with lettered options, of which any number is right."""
        chosen, question = set(held), self.text(name) + letter_block(options)
        answer = tuple(option for option in options if option in chosen)
        said = said_with_letters(options, answer)
        return Asked(self.key(name), self.category, "choice", name, question, answer, options, "any", said)

    def free(self, name: str, answer: str, said: str | None = None, slots: Slots = _NO_SLOTS) -> Asked:
        return Asked(self.key(name), self.category, "open", name, self.text(name, slots), answer, said=said)

    def blank(self, name: str, answer: str, slots: Slots = _NO_SLOTS) -> Asked:
        """Return a sentence with a gap after the last colon of the instruction; the answer is that sentence, whole."""
        question = self.text(name, slots)
        said = question.rpartition(": ")[2].replace("____", answer)
        return Asked(self.key(name), self.category, "fill", name, question, answer, said=said)
