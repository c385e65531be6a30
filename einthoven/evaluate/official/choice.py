"""Multiple choice as published: five rules find a letter, and where they find none one is drawn at random.

Source: ECGBench (MMMU ECG, CSN, G12EC), scorer of arXiv 2410.19008. One generator of Python, seeded 42, is used up by
MMMU, then CSN, then G12EC, file after file, line after line: hand the same `draw` to each to have its numbers again.
"""

from collections.abc import Collection, Sequence

from einthoven.evaluate.official.lines import Draw, Gold, Line, Scored, Stop, Value, habits, said, share

LETTERS = tuple("ABCDEFGH")
SEED = 42
SIZES = {4: (200,), 8: (1611, 2026)}  # lines of a file of MMMU ECG; of CSN and G12EC
_PHRASE, _ANSWER = "The correct option is ", "Answer:"


def letter_in(output: str) -> str | None:
    """Return the letter that the published rules find, None where they find none. Nothing is stripped before.

    Raises Stop where nothing follows "The correct option is ": the published scorer takes the first sign of it.

    >>> letter_in("The ECG. I choose B"), letter_in("Answer: Sinus Bradycardia (H)"), letter_in("(D)")
    ('G', 'B', None)
    """
    if output in LETTERS:
        return output
    for letter in LETTERS:
        if f"{letter}." in output:
            return letter
    if _PHRASE in output:
        rest = output.rsplit(_PHRASE, 1)[-1]
        if not rest:
            raise Stop(f'an output ends with "{_PHRASE}"; nothing follows')
        return rest[0] if rest[0] in LETTERS else None
    if _ANSWER in output:
        rest = output.rsplit(_ANSWER, 1)[-1]
        return next((letter for letter in LETTERS if letter in rest), None)
    return None


def choice_scored(lines: Sequence[Line], options: int, sizes: Collection[int], draw: Draw) -> Scored:
    """Score questions with 4 or 8 options. A file with another number of lines than `sizes` has no value.

    Its draws are used up all the same. Raises Stop where the published scorer fails.
    """
    letters, drawn = LETTERS[:options], 0

    def read(line: Line) -> str:
        nonlocal drawn
        found = letter_in(line.output or "")
        if found is None:
            drawn += 1
            return draw(letters)
        return found

    found = said(lines, read)
    gold = [_gold(line.gold, options) for line in lines]
    about = (f"{drawn} of {len(lines)} answers could not be read and are drawn at random", *habits(lines))
    if len(lines) not in sizes:
        wanted = " or ".join(map(str, sizes))
        skipped = f"skipped: the file has {len(lines)} lines; the published scorer leaves out all but files of {wanted}"
        return Scored({"accuracy": Value(None, len(lines))}, (skipped, *about), drawn, len(lines))
    right = sum(one == other for one, other in zip(found, gold, strict=True))
    return Scored({"accuracy": share(right, len(lines))}, about, drawn, len(lines))


def _gold(gold: Gold, options: int) -> str:
    """Return the gold letter: the first sign of 8 options' gold, all of 4 options'."""
    text = gold if isinstance(gold, str) else ", ".join(gold)
    if options == 4:
        return text
    if not text:
        raise Stop("a gold answer is empty; its first sign is taken")
    return text[0]
