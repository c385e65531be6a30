"""ECG-QA in ECGBench as published: options count wherever their letters stand, and sets are compared, or their letters.

Source: scorer of arXiv 2410.19008, and the variant of it that GEM, ECG-R1 and TRACE-ECG use. The first looks for the
options as they are in the output in lower case: no lead is ever found. The second compares the *letters* of the
options that it finds with those of the gold: lead I is lead II.
"""

from collections.abc import Callable, Sequence

from einthoven.evaluate.official.lines import Gold, Line, Scored, Stop, habits, said, share

FORMAT_SENTENCE = "Only answer based on the given Options without any explanation."
_OPTIONS = "Options:"


def candidates_in(prompt: str) -> list[str]:
    """Return what stands after the last "Options:" (the whole prompt where it does not), split at commas.

    >>> candidates_in("Which? Options: lead I, bigeminal pattern (unknown origin, or ventricular)")
    ['lead I', 'bigeminal pattern (unknown origin', 'or ventricular)']
    """
    listed = prompt.rsplit(_OPTIONS, 1)[-1].replace(FORMAT_SENTENCE, "")
    return [candidate.strip() for candidate in listed.split(",")]


def found_strictly_cased(output: str, candidates: Sequence[str]) -> list[str]:
    """Return the candidates that the output in lower case holds, letter for letter."""
    folded = output.lower()
    return [candidate for candidate in candidates if candidate in folded]


def found_any_case(output: str, candidates: Sequence[str]) -> list[str]:
    """Return the candidates that the output holds, whatever their case."""
    folded = output.lower()
    return [candidate for candidate in candidates if candidate.lower() in folded]


def right_as_sets(found: Sequence[str], gold: Gold) -> bool:
    """Compare sets of options. A gold that is one text falls into its letters here, as in the published scorer."""
    return set(found) == set(gold)


def right_as_letters(found: Sequence[str], gold: Gold) -> bool:
    """Compare the letters of the options that were found with those of the gold."""
    return set("".join(found)) == set("".join(gold))


def ecgbench_scored(lines: Sequence[Line]) -> Scored:
    """Score as ECGBench does."""
    return _scored(lines, lambda line: found_strictly_cased(line.output or "", _candidates(line)), right_as_sets)


def lax_scored(lines: Sequence[Line]) -> Scored:
    """Score as GEM does. An output under "response" is still looked through for options in their own case."""

    def read(line: Line) -> list[str]:
        find = found_any_case if line.key == "text" else found_strictly_cased
        return find(line.output or "", _candidates(line))

    return _scored(lines, read, right_as_letters)


def _candidates(line: Line) -> list[str]:
    if line.prompt is None:
        raise Stop("the first line has no 'prompt'; options are read from it")
    return candidates_in(line.prompt)


def _falls_apart(gold: Gold) -> bool:
    return isinstance(gold, str) or (len(gold) > 1 and all(len(one) == 1 for one in gold))


def _scored(
    lines: Sequence[Line], read: Callable[[Line], list[str]], right: Callable[[Sequence[str], Gold], bool]
) -> Scored:
    found = said(lines, read)
    hits = sum(right(one, line.gold) for one, line in zip(found, lines, strict=True))
    unlisted = sum(_OPTIONS not in (line.prompt or "") for line in lines)
    texts = sum(_falls_apart(line.gold) for line in lines)
    notes = (
        (unlisted, f'{unlisted} prompts have no "{_OPTIONS}"; all of the prompt is taken for options'),
        (texts, f"{texts} gold answers are a text or its letters, not a list of options"),
    )
    about = (*(note for count, note in notes if count), *habits(lines))
    return Scored({"accuracy": share(hits, len(lines))}, about, n=len(lines))
