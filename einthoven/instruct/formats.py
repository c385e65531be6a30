"""How an answer is to be given, asked for inside the question: a phrase, a list, JSON, a table, a letter, a sentence.

A format is used only where the answer reader still finds the right answer in it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from einthoven.core.reading import read_number, read_options
from einthoven.instruct.families.forms import LETTERS
from einthoven.instruct.families.sentences import joined, pick
from einthoven.instruct.family import Asked, Asker

LONGEST_SHORT_ANSWER = 80  # letters; more is no phrase, and its explanation would be lost in a format

INSTRUCTIONS: Mapping[str, tuple[str, ...]] = {
    "phrase": (
        "Answer with a single word or phrase.",
        "Give only the answer, in one word or phrase.",
        "Reply with the bare answer.",
        "Keep the answer to one phrase.",
        "No explanation, only a word or a short phrase.",
        "Respond in as few words as the answer needs.",
        "Write the answer and nothing more.",
        "The answer goes into a narrow field of a form, so a phrase must do.",
        "Please leave explanations away; the shortest possible reply is wanted.",
        "Whatever you conclude, put it in a word or a phrase.",
    ),
    "semicolons": (
        "Separate the items of your answer with semicolons.",
        "Give the answer as a list separated by semicolons.",
        "Write all that apply, with a semicolon between them.",
        "Use semicolons between the answers.",
        "List the answers in one line, divided by semicolons.",
        "Put a semicolon after each answer but the last.",
        "Return one line of answers, semicolons in between.",
        "A program will split your reply at each semicolon; write it so.",
        "Of several answers, ';' is to stand between any two.",
        "Format: first answer; second answer; and so on.",
    ),
    "commas": (
        "Separate the items of your answer with commas.",
        "Give the answer as a list separated by commas.",
        "Write all that apply, with a comma between them.",
        "Use commas between the answers.",
        "List the answers in one line, divided by commas.",
        "Put a comma after each answer but the last.",
        "Return one line of answers, commas in between.",
        "A spreadsheet will split your reply at each comma; write it so.",
        "Of several answers, ',' is to stand between any two.",
        "Format: first answer, second answer, and so on.",
    ),
    "slashes": (
        "Separate the items of your answer with slashes.",
        "Give the answer as a list separated by slashes.",
        "Write all that apply, with a slash between them.",
        "Use slashes between the answers.",
        "List the answers in one line, divided by slashes.",
        "Put a slash after each answer but the last.",
        "Return one line of answers, slashes in between.",
        "A script will split your reply at each '/'; write it so.",
        "Of several answers, '/' is to stand between any two.",
        "Format: first answer/second answer, and so on.",
    ),
    "json": (
        "Answer as a JSON object with the key \"answer\".",
        "Return JSON: one object whose key \"answer\" holds the answer.",
        "Reply in JSON, with the field \"answer\".",
        "Give the answer as JSON under the key \"answer\".",
        "Output a JSON object with the member \"answer\" and nothing else.",
        "Write your reply as JSON; call the field \"answer\".",
        "Use JSON with a single key, \"answer\".",
        "Your reply is parsed by json.loads, and its member \"answer\" is read; answer accordingly.",
        "Machine-readable, please: an object in JSON notation that has just the member \"answer\".",
        "What you find belongs in the \"answer\" property of a JSON object.",
    ),
    "table": (
        "Present the answer as a Markdown table with one column, Answer.",
        "Answer in a Markdown table headed Answer, one line per item.",
        "Give a table in Markdown with the column Answer.",
        "Put the answer into a Markdown table whose only column is called Answer.",
        "Format your answer as a one-column table (Markdown, heading Answer).",
        "Use a Markdown table, column Answer, for the reply.",
        "Show the answer as the rows of a Markdown table named Answer at the top.",
        "The reply is pasted into a wiki: write it as a Markdown table under the heading Answer.",
        "Rows under a column \"Answer\", in Markdown notation, are what is wanted.",
        "Tabulate what you find, in Markdown and with Answer as the title of the column.",
    ),
    "letter": (
        "Answer with the letter only.",
        "Give just the letter of the right option.",
        "Reply with a single letter.",
        "Only the option's letter is wanted.",
        "State the letter and nothing else.",
        "Respond with one capital letter.",
        "Your answer is the letter in front of the option, without its text.",
        "Do not repeat the option; its letter is enough.",
        "Mark the answer sheet: which single capital goes in the box?",
        "One character, the label of the option you choose, is all that should come back.",
    ),
    "numbered": (
        "Give the answer as a numbered list.",
        "Number the items of your answer, one a line.",
        "Answer in a numbered list, one item per line.",
        "List the answers with numbers 1, 2, 3 in front.",
        "Write a numbered list.",
        "Put every answer on a line of its own, numbered from 1.",
        "Use numbers and line breaks to list the answers.",
        "The reply should count its items: 1. for the first, 2. for the next, each starting a line.",
        "Enumerate what applies, line by line.",
        "Lay the answers out one below the other and give each its number.",
    ),
    "sentence": (
        "Answer in one complete sentence.",
        "Give the answer as a full sentence.",
        "Reply with a single sentence.",
        "Put your answer into one sentence.",
        "Answer in a whole sentence, not in keywords.",
        "Use exactly one sentence.",
        "Write one sentence that contains the answer.",
        "Your reply will be read aloud, so make it a proper sentence, and only one.",
        "A bare keyword is not enough; one sentence is right.",
        "Subject, verb, full stop: please phrase the answer so.",
    ),
}  # fmt: skip
_SENTENCES = ("The answer is {}.", "The right answer is {}.", "The correct answer is {}.", "My answer is {}.")


def formatted(asked: Asked, asker: Asker) -> Asked:
    """Return the question with a format asked for and its answer said so; unchanged where no format fits.

    With "letter" the options get their letters, which is how the reader knows them.
    """
    for name in asker.shuffled(_fitting(asked)):
        changed = _FORMATS[name](asked, asker)
        if changed is not None and reads_back(changed, asked):
            return replace(changed, question=f"{asked.question}\n{asker.words(INSTRUCTIONS[name])}")
    return asked


def reads_back(changed: Asked, asked: Asked) -> bool:
    """Tell whether the reader finds the gold answer in what is said."""
    said = spoken(changed)
    if changed.options is None:
        return not any(sign.isdigit() for sign in spoken(asked)) or read_number(said) == read_number(spoken(asked))
    gold = changed.answer if isinstance(changed.answer, tuple) else (changed.answer,)
    return read_options(said, changed.options, changed.pick) == gold


def spoken(asked: Asked) -> str:
    """Return what the assistant says: `said`, else the answer; several are joined by commas, none is "none"."""
    if asked.said is not None:
        return asked.said
    return asked.answer if isinstance(asked.answer, str) else ", ".join(asked.answer) or "none"


def _fitting(asked: Asked) -> tuple[str, ...]:
    """Return the formats that make sense for a question; a fill-in or an explained answer keeps its form."""
    if asked.kind == "fill" or asked.category == "report" or (asked.said and "\n" in asked.said):
        return ()
    if asked.said is not None and len(asked.said) > LONGEST_SHORT_ANSWER and asked.pick == "one":
        return ()
    if isinstance(asked.answer, str):
        if len(asked.answer) > LONGEST_SHORT_ANSWER or (asked.options is None and "," in asked.answer):
            return ()
        lettered = asked.kind == "choice" and asked.options is not None
        if "letter" in asked.question.casefold():
            return ("letter",) if lettered else ()
        sentence = () if asked.answer.startswith("cannot") else ("sentence",)
        return ("phrase", "json", "table", *sentence, *(("letter",) if lettered else ()))
    if not asked.answer:
        return ("json", "phrase")
    commas = any("," in option or "/" in option for option in asked.options or ())
    return ("json", "table", "numbered", "semicolons", *(() if commas else ("commas", "slashes")))


def _one(asked: Asked) -> str:
    """Return a single answer, without its letter; of free text as it is said, with its unit."""
    return asked.answer if isinstance(asked.answer, str) else ", ".join(asked.answer) or "none"


def _items(asked: Asked) -> tuple[str, ...]:
    return asked.answer if isinstance(asked.answer, tuple) else (asked.answer,)


def _list_with(between: str) -> Callable[[Asked, Asker], Asked | None]:
    return lambda asked, asker: replace(asked, said=between.join(_items(asked)))


def _phrase(asked: Asked, asker: Asker) -> Asked | None:
    return replace(asked, said=_one(asked))


def _json(asked: Asked, asker: Asker) -> Asked | None:
    answer = list(asked.answer) if isinstance(asked.answer, tuple) else asked.answer
    if not answer and "none" in asked.question.casefold():
        answer = "none"  # the question wants this word
    return replace(asked, said=json.dumps({"answer": answer}, ensure_ascii=False))


def _table(asked: Asked, asker: Asker) -> Asked | None:
    items = _items(asked)
    return None if any("|" in item for item in items) else replace(
        asked, said="\n".join(("| Answer |", "| --- |", *(f"| {item} |" for item in items)))
    )  # fmt: skip


def _letter(asked: Asked, asker: Asker) -> Asked | None:
    """Return the question with lettered options, if it shows them so."""
    options = asked.options or ()
    lettered = tuple(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False))
    if asked.answer not in options or not all(line in asked.question for line in lettered):
        return None
    place = options.index(str(asked.answer))
    return replace(asked, options=lettered, answer=lettered[place], said=LETTERS[place])


def _numbered(asked: Asked, asker: Asker) -> Asked | None:
    return replace(asked, said="\n".join(f"{number}. {item}" for number, item in enumerate(_items(asked), 1)))


def _sentence(asked: Asked, asker: Asker) -> Asked | None:
    return replace(asked, said=pick(asker.dice, _SENTENCES).format(joined(_items(asked))))


_FORMATS: Mapping[str, Callable[[Asked, Asker], Asked | None]] = {
    "phrase": _phrase,
    "semicolons": _list_with("; "),
    "commas": _list_with(", "),
    "slashes": _list_with("/"),
    "json": _json,
    "table": _table,
    "letter": _letter,
    "numbered": _numbered,
    "sentence": _sentence,
}
