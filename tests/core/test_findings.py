"""The vocabulary agrees with PTB-XL's own table and with the code and text pairs that other data sets print."""

import csv
import subprocess
import sys
from collections.abc import Iterator

import pytest

from einthoven.core.errors import QuestionError
from einthoven.core.findings import FINDINGS, SUPERCLASS_NAMES, by_name, finding, severity, superclasses
from tests.support import data_root


def ptbxl_rows() -> dict[str, dict[str, str]]:
    with (data_root() / "ptbxl" / "scp_statements.csv").open(encoding="utf-8") as file:
        return {row[""]: row for row in csv.DictReader(file)}


def test_the_codes_classes_and_kinds_are_those_of_ptbxl() -> None:
    rows = ptbxl_rows()
    ours = {code: found for code, found in FINDINGS.items() if found.vocabulary == "SCP-ECG"}
    assert set(ours) == set(rows)
    assert len(ours) == 71
    for code, row in rows.items():
        found = ours[code]
        assert (found.superclass or "") == row["diagnostic_class"], code
        assert (found.subclass or "") == row["diagnostic_subclass"], code
        assert found.kinds == {kind for kind in ("diagnostic", "form", "rhythm") if row[kind]}, code


def test_the_words_of_ptbxl_mean_the_same_code() -> None:
    for code, row in ptbxl_rows().items():
        # "in anterior leads" alone, of injury or of ischemia, is no name
        for text in {row["description"], row["SCP-ECG Statement Description"]}:
            if not text.startswith(("in ", "compatible with ", "(complete)")):
                said = by_name(text)
                assert said is not None, (code, text)
                assert said.code == code or text == "ischemic ST-T changes"


def test_the_answers_of_ecg_qa_are_names() -> None:
    with (data_root() / "ecgqa" / "ptbxl" / "answers.csv").open(encoding="utf-8") as file:
        answers = {int(row["index"]): row["class"] for row in csv.DictReader(file)}
    said = {index: by_name(answers[index]) for index in range(8, 67)}  # the answers that are SCP statements
    assert [answers[index] for index, found in said.items() if found is None] == []
    assert len({found.code for found in said.values() if found}) == 59


def challenge_pairs() -> Iterator[tuple[str, str]]:
    for folder in ("cpsc_extra", "georgia", "chapman_ningbo"):
        for path in sorted((data_root() / folder).rglob("*.hea")):
            notes = dict(
                line[1:].strip().split(": ", 1)
                for line in path.read_text().splitlines()
                if line[:1] == "#" and ": " in line
            )
            if "Dx" in notes and "Text" in notes:
                yield from zip(notes["Dx"].split(","), notes["Text"].split("; "), strict=True)


def test_snomed_codes_are_those_that_the_challenge_headers_print() -> None:
    by_code = {found.snomed_ct: found for found in FINDINGS.values() if found.snomed_ct}
    seen = set()
    for code, text in challenge_pairs():
        if code in by_code:
            seen.add(code)
            assert by_name(text) == by_code[code], (code, text)
    assert len(seen) >= 20


def test_snomed_codes_are_well_formed_and_each_stands_once() -> None:
    codes = [found.snomed_ct for found in FINDINGS.values() if found.snomed_ct]
    assert len(set(codes)) == len(codes) > 50
    assert all(verhoeff(code) == 0 for code in codes)


def verhoeff(digits: str) -> int:
    """The check digit of SNOMED CT identifiers (Verhoeff 1969), from products in the dihedral group D5; 0 is right."""

    def times(a: int, b: int) -> int:
        turned = (a + b) % 5 if a < 5 else (a - b) % 5
        return turned + 5 * ((a < 5) != (b < 5))

    permuted, check = list(range(10)), 0
    step = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
    for digit in reversed(digits):
        check = times(check, permuted[int(digit)])
        permuted = [step[value] for value in permuted]
    return check


def test_no_name_means_two_findings() -> None:
    names = [name.casefold().replace("-", " ") for found in FINDINGS.values() for name in (found.name, *found.synonyms)]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert all(by_name(name) is found for found in FINDINGS.values() for name in (found.name, *found.synonyms))


def test_every_row_is_complete() -> None:
    families = {"normal", "infarction", "st_t", "conduction", "hypertrophy", "rhythm", "form"}
    of_class = {"NORM": "normal", "MI": "infarction", "STTC": "st_t", "CD": "conduction", "HYP": "hypertrophy"}
    for code, found in FINDINGS.items():
        assert found.code == code
        assert found.family in families
        assert found.superclass is None or found.superclass in SUPERCLASS_NAMES
        assert found.superclass is None or found.family == of_class[found.superclass]
        assert 0 <= found.urgency <= 4
        assert (found.urgency == 0) == (code in ("NORM", "SR"))
        assert found.name.strip() == found.name
        assert found.territory is None or found.territory in found.name
    assert {found.territory for found in FINDINGS.values() if found.superclass == "MI"} > {"anterior", "posterior"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Atrial  fibrillation.", "AFIB"),
        ("AF", "AFIB"),
        ("1dAVb", "1AVB"),
        ("st-segment elevation", "STE_"),
        ("complete heart block", "3AVB"),
        ("RBBB", "RBBB"),
        ("right bundle branch block", "RBBB"),
        ("incomplete RBBB", "IRBBB"),
        ("bigeminal pattern (unknown origin, supraventricular, or ventricular)", "BIGU"),
        ("no atrial fibrillation", None),
        ("", None),
    ],
)
def test_by_name(text: str, code: str | None) -> None:
    found = by_name(text)
    assert (found.code if found else None) == code


def test_severity_is_the_greatest_urgency() -> None:
    assert severity([]) == 0
    assert severity(["NORM", "SR"]) == 0
    assert severity(["SR", "PAC", "AFIB"]) == 2
    assert severity([finding("IMI"), "3AVB", "PVC"]) == 4


def test_superclasses() -> None:
    assert superclasses(["IMI", "AFIB", "LVH", "AMI"]) == {"MI", "HYP"}
    assert superclasses([]) == set()


def test_an_unknown_code_is_told_with_its_neighbours() -> None:
    with pytest.raises(QuestionError, match=r"'AFIBB'; did you mean AFIB"):
        finding("AFIBB")
    with pytest.raises(QuestionError, match="'zzz'"):
        severity(["zzz"])


def test_the_table_is_read_on_first_use_only() -> None:
    code = "import einthoven.core.findings as f; print(f._table.cache_info().currsize, len(f.FINDINGS))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert shown.split() == ["0", "90"]
