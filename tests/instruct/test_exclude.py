"""What is held out is in no line: neither asked, nor listed, nor said; looked for by other means than `exclude`'s."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from einthoven.cli import app
from einthoven.core.errors import InputError, JobError
from einthoven.core.sample import Part, Sample, Turn
from einthoven.instruct.build import build
from einthoven.instruct.exclude import (
    FILE,
    IN_OTHER_WORDS,
    Exclusions,
    names,
    read_exclusions,
    write_exclusions,
)
from einthoven.instruct.families import FAMILIES, load_family
from einthoven.instruct.family import Asked
from einthoven.instruct.order import Order
from tests.evaluate.tasks.made_ptbxl import Made, write_ptbxl
from tests.instruct.askeds import all_asked

MADE = (
    Made({"NORM": 100.0, "SR": 0.0}, 1, "train"), Made({"AFIB": 100.0}, 1, "train"),
    Made({"CLBBB": 100.0, "SR": 0.0}, 2, "train"), Made({"LVH": 100.0, "SR": 0.0}, 3, "train"),
    Made({"LAFB": 100.0, "SR": 0.0}, 4, "valid"), Made({"AFIB": 100.0}, 5, "test"),
)  # fmt: skip
HELD = ("AFIB", "CLBBB", "LAFB", "LVH")
# How each is said, in any of these ways; not taken from the table of findings.
SAID = re.compile(
    r"fibrillat|\baf(ib)?\b|(?<!in)complete (left bundle|lbbb)|\bclbbb\b|left anterior (fascic|hemi)|\blafb\b"
    r"|left ventric\w* hypertroph|\blvh\b"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_ptbxl(tmp_path_factory.mktemp("data"), MADE, signals=True)


def _order(exclude: Exclusions | None = None, samples: int = 600) -> Order:
    return Order(samples=samples, exclude=exclude, adversarial=True)


def _lines(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(out.glob("*.jsonl")) for line in path.read_text().splitlines()]


def _text(line: dict[str, Any]) -> str:
    """Everything that a line says or lists, in small letters."""
    texts = [part.get("text", "") for turn in line["turns"] for part in turn["parts"]]
    answer = line["answer"] if isinstance(line["answer"], list) else [str(line["answer"])]
    return "\n".join((*texts, *(line["options"] or ()), *answer, str(line["about"]))).casefold()


@pytest.fixture(scope="module")
def whole(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A set with everything in it."""
    out = tmp_path_factory.mktemp("whole")
    build("ecginstruct", root, out, _order(), workers=0)
    return _lines(out)


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A set without four findings."""
    out = tmp_path_factory.mktemp("held")
    build("ecginstruct", root, out, _order(Exclusions(findings=HELD)), workers=0)
    return out, _lines(out)


def test_findings_held_out_are_in_no_line(
    whole: list[dict[str, Any]], built: tuple[Path, list[dict[str, Any]]]
) -> None:
    assert sum(bool(SAID.search(_text(line))) for line in whole) > 50
    for line in built[1]:
        assert not SAID.search(_text(line)), line
        assert line["about"] not in HELD


def test_their_recordings_stay_and_the_others_findings_are_asked(built: tuple[Path, list[dict[str, Any]]]) -> None:
    asked = {ecg for line in built[1] for ecg in line["ecgs"]}
    assert {f"ptbxl/records500/00000/{number:05d}_hr" for number in range(1, len(MADE) + 1)} <= asked
    assert {"SR", "IMI"} <= {line["about"] for line in built[1]}
    assert {"rhythm:regular", "conduction:degree"} <= {line["key"] for line in built[1]}


def test_questions_that_tell_a_finding_without_its_name_are_left_out_too(
    whole: list[dict[str, Any]], built: tuple[Path, list[dict[str, Any]]]
) -> None:
    telling = {key for key, codes in IN_OTHER_WORDS.items() if not codes.isdisjoint(HELD)}
    assert len(telling & {line["key"] for line in whole}) > 5
    assert not telling & {line["key"].partition("~")[0] for line in built[1]}


def test_every_question_listed_as_telling_is_one_that_is_asked() -> None:
    wordings = {f"{load_family(name).name}:{one}" for name in FAMILIES for one in load_family(name).wordings}
    same_family = {"report:machine": "report:report:machine"}  # the report names its sentences by the whole key
    assert [key for key in IN_OTHER_WORDS if same_family.get(key, key) not in wordings] == []


@pytest.mark.parametrize(
    ("code", "said"),
    [("AFIB", "fibrillat"), ("AFLT", "flutter"), ("PACE", r"\bpac(e|ing)"), ("WPW", "excit|wolff"),
     ("1AVB", "first degree av|1st degree av"), ("LVH", "left ventricular hypertrophy"), ("IMI", "inferior myocardial"),
     ("LNGQT", "long qt|qt prolongation|prolonged qt")],
)  # fmt: skip
def test_no_family_says_it_in_words_that_are_not_known(code: str, said: str) -> None:
    exclusions, found = Exclusions(findings=(code,)), 0
    for askeds in all_asked():
        for asked in askeds:
            answers = asked.answer if isinstance(asked.answer, tuple) else (asked.answer,)
            text = "\n".join((asked.question, asked.said or "", *answers, *(asked.options or ()))).casefold()
            if re.search(said, text):
                found += 1
                assert exclusions.forbids(asked), asked
    assert found > 3


def test_names_are_whole_words_in_any_spelling() -> None:
    for text in ("AF?", "Atrial  fibrillation.", "no AFib here", "rapid auricular fibrillation"):
        assert names(text, ("AFIB",)), text
    for text in ("after all", "atrial flutter", "a leaf", "Is it regular?"):
        assert not names(text, ("AFIB",)), text
    assert names("old inferior infarct", ("MI",)), "a longer name tells the shorter one"
    assert not names("spaced evenly", ("PACE",)) and names("paced rhythm", ("PACE",))


def test_no_comparison_is_built_where_pairs_are_held_out(root: Path, tmp_path: Path) -> None:
    build("ecginstruct", root, tmp_path, _order(Exclusions(pairs=True), 300), workers=0)
    assert _lines(tmp_path) and {len(line["ecgs"]) for line in _lines(tmp_path)} == {1}


def test_archives_and_families_are_held_out(root: Path, tmp_path: Path) -> None:
    held = Exclusions(families=("findings", "rhythm", "two_patients"), sources=("simulator",))
    manifest = build("ecginstruct", root, tmp_path, _order(held, 300), workers=0)
    lines = _lines(tmp_path)
    assert {line["source"] for line in lines} == {"ptbxl"}
    kinds = {line["key"].partition(":")[0] for line in lines} | {line["template"].partition(":")[0] for line in lines}
    assert kinds.isdisjoint({"finding", "rhythm", "two_patients"}) and "class" in kinds
    assert manifest["asked"]["exclude"] == held.to_json()
    with pytest.raises(InputError, match="no recording can be read; ptbxl: held out"):
        build("ecginstruct", root, tmp_path / "x", _order(Exclusions(sources=("ptbxl",))), workers=0)


def test_the_debiased_recipe_balances_without_them(root: Path, tmp_path: Path) -> None:
    order = Order(sampling="naive", exclude=Exclusions(findings=HELD))
    manifest = build("debiased", root, tmp_path, order, workers=0)
    assert not {line["about"] for line in _lines(tmp_path)} & set(HELD)
    assert not {code for split in manifest["balance"].values() for code in split["findings"]} & set(HELD)


def test_ecg_qa_is_built_without_templates_findings_and_pairs(root: Path, tmp_path: Path) -> None:
    build("ecgqa", root, tmp_path / "a", Order(), workers=0)
    before = _lines(tmp_path / "a")
    assert {"ecgqa:1", "ecgqa:2"} <= {line["template"] for line in before}
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "measured").rename(tmp_path / "b" / "measured")  # measured once is enough
    build("ecgqa", root, tmp_path / "b", Order(exclude=Exclusions(HELD, (2,), pairs=True)), workers=0)
    after = _lines(tmp_path / "b")
    assert 0 < len(after) < len(before)
    assert "ecgqa:2" not in {line["template"] for line in after} and "ecgqa:1" in {line["template"] for line in after}
    for line in after:
        assert len(line["ecgs"]) == 1
        assert not SAID.search(_text(line)), line


def test_an_option_that_nobody_sees_is_taken_from_the_list_and_one_that_is_shown_drops_the_sample() -> None:
    def sample(question: str, answer: tuple[str, ...]) -> Sample:
        turns = (Turn("user", (Part(text=question),)), Turn("assistant", (Part(text=", ".join(answer)),)))
        return Sample("a", (), turns, ("sinus rhythm", "atrial flutter", "atrial fibrillation"), "any", answer)

    held = Exclusions(findings=("AFIB",))
    kept = held.kept(sample("Which rhythm?", ("atrial flutter",)))
    assert kept is not None and kept.options == ("sinus rhythm", "atrial flutter")
    assert held.kept(sample("Which rhythm: flutter or atrial fibrillation?", ("atrial flutter",))) is None
    assert held.kept(sample("Which rhythm?", ("atrial fibrillation",))) is None
    assert Exclusions().kept(sample("Which rhythm?", ("atrial fibrillation",))) is not None


def test_options_that_the_question_does_not_show_count_and_so_do_questions_made_harder() -> None:
    asked = Asked("x:y", "rhythm", "closed", "y", "Which?", "atrial flutter", ("atrial flutter", "atrial fibrillation"))
    assert Exclusions(findings=("AFIB",)).forbids(asked) and not Exclusions(findings=("LVH",)).forbids(asked)
    told = {"key": "rhythm:driver~typing", "about": None}
    sample = Sample("a", (), (Turn("user", (Part(text="Whaat drives it?"),)),), ("the atria", "a node"), about=told)
    assert Exclusions(findings=("AFIB",)).kept(sample) is None
    assert Exclusions(findings=("LVH",)).kept(sample) is sample


def test_a_set_is_finished_with_the_same_list_only(built: tuple[Path, list[dict[str, Any]]], root: Path) -> None:
    out, lines = built
    (out / "train-00000.jsonl").unlink()
    build("ecginstruct", root, out, _order(Exclusions(findings=HELD)), workers=0)
    assert _lines(out) == lines
    for other in (None, Exclusions(findings=HELD[:1])):
        with pytest.raises(JobError, match="built with another exclude"):
            build("ecginstruct", root, out, _order(other), workers=0)


def test_a_list_is_written_and_read_back(tmp_path: Path) -> None:
    held = Exclusions(("AFIB",), (1, 70), ("rhythm",), True, ("georgia", "simulator"))
    path = write_exclusions(tmp_path / "new", held)
    assert path == tmp_path / "new" / FILE
    assert read_exclusions(path) == held
    path.write_text('{"pairs": true}')
    assert read_exclusions(path) == Exclusions(pairs=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "Expecting"), ("[]", "JSON list"), ('{"finding": []}', "'finding'"), ('{"findings": "AFIB"}', "'findings'"),
     ('{"templates": ["1"]}', "'templates'"), ('{"templates": [true]}', "'templates'"), ('{"pairs": 1}', "'pairs'"),
     ('{"findings": ["AFIBB"]}', "no finding 'AFIBB'"), ('{"templates": [71]}', "no template of ECG-QA '71'"),
     ('{"families": ["x"]}', "no question family 'x'"), ('{"sources": ["x"]}', "no source 'x'")],
)  # fmt: skip
def test_a_damaged_list_is_one_line(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text(text)
    with pytest.raises(InputError, match=re.escape(words)) as told:
        read_exclusions(path)
    assert str(path) in str(told.value)
    with pytest.raises(InputError, match="Is a directory"):
        read_exclusions(tmp_path)


def test_the_command_takes_the_list(root: Path, tmp_path: Path) -> None:
    path = write_exclusions(tmp_path, Exclusions(findings=("AFIB",), sources=("simulator",)))
    command = ["build", "debiased", "--data", str(root), "--out", str(tmp_path / "set"), "--exclude", str(path)]
    told = CliRunner().invoke(app, [*command, "--workers", "0"])
    assert told.exit_code == 0, told.output
    assert "AFIB" not in {line["about"] for line in _lines(tmp_path / "set")}
