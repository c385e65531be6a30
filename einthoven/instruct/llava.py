"""Samples with drawn pages as LLaVA's conversations, as ECGInstruct is published, and back.

{"id", "image", "conversations": [{"from": "human", "value": "<image>\\n..."}, {"from": "gpt", "value": ...}]}; of two
pages "image" is a list of two paths, and two <image> tags stand in their order.
"""

from collections.abc import Callable
from typing import Any

from einthoven.core.errors import InputError
from einthoven.core.sample import Part, Role, Sample, Turn

TAG = "<image>"
_FROM: dict[Role, str] = {"user": "human", "assistant": "gpt"}
_ROLES: dict[str, Role] = {"human": "user", "gpt": "assistant"}


def llava_of(sample: Sample, image_of: Callable[[int], str]) -> dict[str, Any]:
    """Return the line of a sample; image_of: number of a page to the path of its picture.

    Options, answer and what the sample is about have no place in this form. Raises InputError for a sample that shows
    no page, shows its pages out of order, shows an ECG that is not drawn, or says "<image>".
    """
    pages = [part.page for turn in sample.turns for part in turn.parts if part.page is not None]
    if not pages or pages != list(range(len(pages))):
        raise InputError(f"sample {sample.id}: its pages are {pages}, must be 0, 1, ... in this order, at least one")
    images = [image_of(page) for page in pages]
    turns = [{"from": _FROM[turn.role], "value": _value(sample, turn)} for turn in sample.turns]
    return {"id": sample.id, "image": images[0] if len(images) == 1 else images, "conversations": turns}


def sample_of_llava(line: dict[str, Any]) -> Sample:
    """Return the sample of a line: pages for its tags, their paths as `ecgs`, the last answer as `answer`.

    Raises InputError for a line that is not of this form, or has more or fewer tags than pictures.
    """
    try:
        id, image, told = line["id"], line["image"], line["conversations"]
        turns = [(_ROLES[turn["from"]], str(turn["value"])) for turn in told]
    except (KeyError, TypeError) as error:
        raise InputError(
            f"a conversation needs id, image and turns from human and gpt with a value: {error}"
        ) from error
    images = (image,) if isinstance(image, str) else tuple(image) if isinstance(image, list) else (None,)
    if not all(isinstance(path, str) for path in images):
        raise InputError(f"{id}: image is {str(image)[:80]!r}, must be a path or a list of paths")
    tags = sum(text.count(TAG) for _, text in turns)
    if tags != len(images) or not turns:
        raise InputError(f"{id}: {tags} {TAG} tags in {len(turns)} turns for {len(images)} pictures")
    found, shown = [], 0
    for role, text in turns:
        found.append(Turn(role, _parts(text, shown)))
        shown += text.count(TAG)
    answer = turns[-1][1] if turns[-1][0] == "assistant" else None
    return Sample(str(id), images, tuple(found), answer=answer)


def _value(sample: Sample, turn: Turn) -> str:
    for part in turn.parts:
        if part.ecg is not None:
            raise InputError(f"sample {sample.id}: it shows ECG {part.ecg} as a signal; draw it as a page first")
        if part.text is not None and TAG in part.text:
            raise InputError(f"sample {sample.id}: a text says {TAG}, which marks a picture in this form")
    return "\n".join(TAG if part.text is None else part.text for part in turn.parts)


def _parts(text: str, shown: int) -> tuple[Part, ...]:
    """Return the texts and pages of one turn; `shown` pages came before."""
    parts = []
    for place, piece in enumerate(text.split(TAG)):
        if place:
            parts.append(Part(page=shown + place - 1))
        if words := piece.strip("\n"):
            parts.append(Part(text=words))
    return tuple(parts)
