"""The official files of ECG-QA 1.0.2 as samples, file by file: both archives, both versions, all splits.

Layout: {ptbxl,mimic-iv-ecg}/{template,paraphrased}/{train,valid,test}/NNNNNN.json, each a list of items; and single
files in the layout of anyECG-chat (record paths, the answer as one string).
"""

import ast
import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.core.errors import FormatError, InputError
from einthoven.core.reading import split_options
from einthoven.core.sample import Sample
from einthoven.instruct.ecgqa.generate import SOURCE, about, qa_sample
from einthoven.instruct.ecgqa.templates import Template, templates
from einthoven.instruct.ecgqa.vocabulary import LATER_SPELLING, NONE, official

ARCHIVES = ("ptbxl", "mimic-iv-ecg")
VERSIONS = ("template", "paraphrased")
SPLITS = ("train", "valid", "test")
MAX_FILE_BYTES = 64 * 2**20  # official files have up to 6 MB
_BRIEFLY = re.compile(r"\s*Please answer briefly\.\s*$")
_RECORD_PATH = re.compile(r"[\w\-]+(?:/[\w\-]+)*")


@dataclass(frozen=True)
class _File:
    """One file: where its items come from, and the candidates of its archive, by template."""

    path: Path
    archive: str
    version: str
    split: str
    candidates: Mapping[int, tuple[str, ...]]


def read_official(folder: Path, *, version: str | None = None, split: str | None = None) -> Iterator[Sample]:
    """Yield the samples of a folder of ECG-QA, of one version and split or of all, in the order of the files.

    An answer is a tuple in the order of its options, empty for "none": the same in both versions. ECGs of PTB-XL are
    named by record path; those of MIMIC-IV-ECG, whose paths the files do not hold, by study id. Raises InputError.
    """
    for what, allowed in ((version, VERSIONS), (split, SPLITS)):
        if what is not None and what not in allowed:
            raise InputError(f"{what!r} is none of {', '.join(allowed)}")
    files = [
        (archive, one_version, one_split, path)
        for archive in ARCHIVES
        for one_version in VERSIONS
        for one_split in SPLITS
        if version in (None, one_version) and split in (None, one_split)
        for path in sorted((Path(folder) / archive / one_version / one_split).glob("*.json"))
    ]
    if not files:
        raise InputError(f"{folder}: no ECG-QA files; give the folder that holds ptbxl/template/train/000000.json")
    for archive, one_version, one_split, path in files:
        candidates = _candidates(Path(folder) / archive / "answers_for_each_template.csv")
        file = _File(path, archive, one_version, one_split, candidates)
        for number, item in enumerate(_items(path)):
            yield _sample(item, number, file)


def read_anyecg(path: Path, split: str = "train") -> Iterator[Sample]:
    """Yield the samples of one file in the layout of anyECG-chat, without its plea for a brief answer."""
    file = _File(Path(path), "ptbxl", "paraphrased", split, _candidates(Path("/nowhere")))
    for number, item in enumerate(_items(file.path)):
        yield _sample(item, number, file)


def _items(path: Path) -> list[Any]:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise FormatError(f"{path}: more than {MAX_FILE_BYTES >> 20} MiB; an ECG-QA file has 10,000 items in 6 MB")
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}: not JSON in UTF-8 ({error}); an ECG-QA file is a list of items") from error
    if not isinstance(items, list):
        raise FormatError(f"{path}: a JSON {type(items).__name__}; an ECG-QA file is a list of items")
    return items


def _candidates(path: Path) -> Mapping[int, tuple[str, ...]]:
    """Return template -> the candidates of its archive, from its table where that is there, else those of PTB-XL."""
    if not path.is_file():
        return {number: template.answers for number, template in templates().items()}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = {int(line["template_id"]): ast.literal_eval(line["classes"]) for line in csv.DictReader(file)}
    except (ValueError, SyntaxError, KeyError, TypeError, MemoryError, RecursionError) as error:
        raise FormatError(f"{path}: not the table template_id,classes of ECG-QA ({type(error).__name__})") from error
    return {number: tuple(str(name) for name in names if name != NONE) for number, names in lines.items()}


def _sample(item: Any, number: int, file: _File) -> Sample:
    where = f"{file.path}, item {number}"
    try:
        named = f" (sample_id {item['sample_id']})" if isinstance(item, dict) and "sample_id" in item else ""
        return _read(item, number, file)
    except KeyError as error:
        raise FormatError(f"{where}{named}: no field {error}; an item has the fields of ECG-QA 1.0.2") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"{where}{named}: {error}") from error


def _read(item: Mapping[str, Any], number: int, file: _File) -> Sample:
    template = templates().get(item["template_id"])
    if template is None:
        raise ValueError(f"template_id is {item['template_id']!r}, must be 1 to 70")
    if item["question_type"] != template.question_type:
        raise ValueError(
            f"question_type is {item['question_type']!r}, that of T{template.id} is {template.question_type}"
        )
    question = _question(item["question"])
    attribute = item.get("attribute")
    candidates = file.candidates.get(template.id, template.answers)
    options = _options(template, candidates, question, attribute)
    said = _answers(item["answer"], candidates)
    if strange := [answer for answer in said if answer not in options]:
        raise ValueError(f"answer {strange[0]!r} is not among the options {', '.join(options)[:200]}")
    if template.yes_no and len(said) != 1:
        raise ValueError(f"{len(said)} answers, a question to verify has one")
    told = {"attribute": attribute, "archive": file.archive, "version": file.version,
            "sample_id": item.get("sample_id"), "question_id": item.get("question_id")}  # fmt: skip
    key = item.get("sample_id", number)
    return qa_sample(
        f"{SOURCE}-{file.archive}-{file.version}-{file.split}-{key}",
        question,
        _ecgs(item, template, file.archive),
        (options, tuple(option for option in options if option in said)),
        about(template, file.split) | told,
    )


def _question(text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"question is {str(text)[:60]!r}, must be a sentence")
    text = _BRIEFLY.sub("", text.strip())
    for old, new in LATER_SPELLING.items():
        text = text.replace(old, new)
    return str(text)


def _answers(answer: Any, candidates: Sequence[str]) -> tuple[str, ...]:
    """Return a list of answers, or the answers in one string, whose own commas stand in parentheses; () for none."""
    said = split_options(answer) if isinstance(answer, str) else answer
    if not isinstance(said, list | tuple) or not said or not all(isinstance(one, str) for one in said):
        raise ValueError(
            f"answer is {str(answer)[:80]!r}, must be a list of one or more of {', '.join(candidates)[:120]}"
        )
    names = official(one.strip() for one in said)
    if NONE in names:
        if len(names) > 1:
            raise ValueError(f"answer is {list(names)}, {NONE!r} stands alone")
        return ()
    return names


def _options(template: Template, candidates: tuple[str, ...], question: str, attribute: Any) -> tuple[str, ...]:
    """Return yes and no, the two that a question gives to choose from, or all candidates."""
    if template.yes_no:
        return template.decisions
    if template.mode == "query":
        return candidates
    known = {name.casefold(): name for name in candidates}
    longest_first = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    found = re.findall(rf"(?<!\w)(?:{longest_first})(?!\w)", question.casefold())
    named = tuple(dict.fromkeys(known[name] for name in found))
    if len(named) != 2 and isinstance(attribute, list):
        named = tuple(name for name in official(map(str, attribute)) if name in candidates)
    # public copies hold a few questions with a garbled option; the answer is then one of all candidates
    return named if len(named) == 2 else candidates


def _ecgs(item: Mapping[str, Any], template: Template, archive: str) -> tuple[str, ...]:
    """Return the record paths of PTB-XL, the study ids of MIMIC-IV-ECG."""
    if "ecg_path" in item:
        ecgs = item["ecg_path"]
        if not isinstance(ecgs, list) or not all(
            isinstance(path, str) and _RECORD_PATH.fullmatch(path) for path in ecgs
        ):
            raise ValueError(f"ecg_path is {str(ecgs)[:80]!r}, must be a list of record paths")
    else:
        ids = item["ecg_id"]
        if not isinstance(ids, list) or not all(type(one) is int and one > 0 for one in ids):
            raise ValueError(f"ecg_id is {str(ids)[:80]!r}, must be a list of one or two numbers")
        ecgs = [ptbxl_path(one) if archive == "ptbxl" else str(one) for one in ids]
    if len(ecgs) != template.ecgs:
        raise ValueError(f"{len(ecgs)} ECGs, T{template.id} is about {template.ecgs}")
    return tuple(ecgs)


def ptbxl_path(ecg_id: int) -> str:
    """Return where PTB-XL keeps a recording.

    >>> ptbxl_path(9350), ptbxl_path(21835)
    ('records500/09000/09350_hr', 'records500/21000/21835_hr')
    """
    return f"records500/{ecg_id // 1000:02}000/{ecg_id:05}_hr"
