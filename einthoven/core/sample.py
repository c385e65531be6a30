"""A conversation about ECGs (`Sample`) and what a model says to its last question (`Answer`); JSON in and out."""

from dataclasses import dataclass, field
from typing import Any, Literal

from einthoven.core.errors import InputError, QuestionError

Role = Literal["user", "assistant"]
Pick = Literal["one", "any"]


@dataclass(frozen=True)
class Part:
    """One piece of a turn: text, or the place of an ECG or page in the sample's list. Exactly one is given."""

    text: str | None = None
    ecg: int | None = None
    page: int | None = None

    def __post_init__(self) -> None:
        if sum(value is not None for value in (self.text, self.ecg, self.page)) != 1:
            raise InputError("a part holds exactly one of text, ecg, page")

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Turn:
    """What one side says: an ordered list of parts."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts if part.text is not None)


@dataclass(frozen=True)
class Sample:
    """Turns about zero or more ECGs (paths); the last user turn is the question.

    `options` are the allowed answers, None for free text; `pick` says whether one of them holds or any number.
    """

    id: str
    ecgs: tuple[str, ...]
    turns: tuple[Turn, ...]
    options: tuple[str, ...] | None = None
    pick: Pick = "one"
    answer: str | tuple[str, ...] | None = None
    about: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in (part for turn in self.turns for part in turn.parts):
            if part.ecg is not None and not 0 <= part.ecg < len(self.ecgs):
                raise InputError(f"sample {self.id}: a part shows ECG {part.ecg}, there are {len(self.ecgs)}")
        if self.pick not in ("one", "any"):
            raise InputError(f"sample {self.id}: pick is {self.pick!r}, must be 'one' or 'any'")

    @property
    def question(self) -> str:
        """Text of the last user turn."""
        return next((turn.text for turn in reversed(self.turns) if turn.role == "user"), "")

    def to_json(self) -> dict[str, Any]:
        """Return the form of a line of an instruction file."""
        turns = [{"role": turn.role, "parts": [part.to_json() for part in turn.parts]} for turn in self.turns]
        options = list(self.options) if self.options is not None else None
        answer = list(self.answer) if isinstance(self.answer, tuple) else self.answer
        return {"id": self.id, "ecgs": list(self.ecgs), "turns": turns, "options": options, "pick": self.pick,
                "answer": answer, **self.about}  # fmt: skip

    @classmethod
    def from_json(cls, line: dict[str, Any]) -> "Sample":
        """Read the form that `to_json` writes; further keys go to `about`. Raises InputError."""
        try:
            turns = tuple(Turn(t["role"], tuple(Part(**part) for part in t["parts"])) for t in line["turns"])
            own = {"id", "ecgs", "turns", "options", "pick", "answer"}
            answer = line.get("answer")
            return cls(
                id=str(line["id"]),
                ecgs=_strings(line["ecgs"], "ecgs"),
                turns=turns,
                options=None if line.get("options") is None else _strings(line["options"], "options"),
                pick=line.get("pick", "one"),
                answer=_strings(answer, "answer") if isinstance(answer, list) else answer,
                about={key: value for key, value in line.items() if key not in own},
            )
        except (KeyError, TypeError) as error:
            raise InputError(f"a sample needs id, ecgs and turns of parts: {error}") from error


def _strings(value: Any, what: str) -> tuple[str, ...]:
    """Return a JSON list of strings; a single string is refused, lest its letters be taken for the items."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise InputError(f"{what} of a sample is {str(value)[:80]!r}, must be a list of strings")
    return tuple(value)


def ask_sample(
    question: str, ecgs: tuple[str, ...], options: tuple[str, ...] | None = None, pick: Pick = "one", id: str = ""
) -> Sample:
    """Return the sample of one question about these ECGs. Raises QuestionError for an empty question or bad options."""
    question = question.strip()
    if not question:
        raise QuestionError("the question is empty; ask something, e.g. 'Is this ECG normal?'")
    if options is not None:
        check_options(options)
    if pick not in ("one", "any"):
        raise QuestionError(f"pick is {pick!r}; it is 'one' or 'any'")
    if pick == "any" and options is None:
        raise QuestionError("pick 'any' needs options to pick from, e.g. --options 'hypertrophy,infarction'")
    parts = (*(Part(ecg=index) for index in range(len(ecgs))), Part(text=question))
    return Sample(id, ecgs, (Turn("user", parts),), options, pick)


def check_options(options: tuple[str, ...]) -> None:
    """Raise QuestionError unless there are two or more options, none empty, none twice (case ignored)."""
    folded = [option.strip().casefold() for option in options]
    if len(options) < 2:
        raise QuestionError(f"{len(options)} option given; give two or more, e.g. --options 'yes,no'")
    if "" in folded:
        raise QuestionError("an option is empty; options are separated by commas outside parentheses")
    doubled = sorted({option for option in folded if folded.count(option) > 1})
    if doubled:
        raise QuestionError(f"option {doubled[0]!r} stands twice")


@dataclass(frozen=True)
class Answer:
    """What a model said. `options`: option -> probability, None for free text; `answer` is None when it abstained.

    measured: figure -> value of the one ECG that was asked about, None where it cannot be measured; contradictions: a
    line for each figure that the answer states and the measurement does not bear out.
    """

    id: str
    answer: str | tuple[str, ...] | None
    options: dict[str, float] | None
    confidence: float | None
    abstained: bool
    reason: str | None
    model: str
    seconds: float
    measured: dict[str, float | None] | None = None
    contradictions: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the batch-out form."""
        answer = list(self.answer) if isinstance(self.answer, tuple) else self.answer
        return {**vars(self), "answer": answer, "contradictions": list(self.contradictions)}
