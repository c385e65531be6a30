"""Real tables and headers beside the checkout, where there are some: counts, patients, and the share of labels read."""

from collections import Counter

import pytest

from einthoven.records.datasets import Rows, load_dataset
from einthoven.records.datasets.checks import checked
from einthoven.records.datasets.mapping import findings_of, machine_findings_of
from tests.support import data_root

# recordings, patients, labels, and the least share of the labels that must become findings
KNOWN = {
    "ptbxl": (2168, 1924, 5922, 1.0),
    "ludb": (130, 130, 718, 0.8),  # axes that are normal, and ischemia or scar
    "ptbdb": (65, 52, 132, 0.3),  # diagnoses of the patient, most of them not of the ECG
    "code15": (151, 151, 5, 1.0),
    "cpsc2018": (5, 5, 6, 0.95),
    "cpsc_extra": (32, 32, 77, 0.95),
    "georgia": (5, 5, 14, 0.95),
    "chapman_ningbo": (5, 5, 11, 0.95),
}


def _rows(name: str) -> Rows:
    folder = data_root() / name
    if not folder.is_dir():
        pytest.skip(f"no {name} beside the checkout")
    rows = load_dataset(name).load(folder)
    if len(rows) != KNOWN[name][0]:
        pytest.skip(f"another part of {name} than the one these counts are of")
    return rows


@pytest.mark.parametrize("name", KNOWN)
def test_counts_and_the_share_of_labels_that_are_findings(name: str) -> None:
    count, patients, labels, share = KNOWN[name]
    rows, problems = checked(load_dataset(name), _rows(name))
    print(problems)
    assert (len(rows), len({row.patient for row in rows}), problems.labels) == (count, patients, labels)
    assert not (problems.doubled or problems.both_sides or problems.left_out)
    assert problems.labels_read >= share * problems.labels
    if name != "ptbdb":  # whose additional diagnoses are free text
        assert not problems.unknown


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_found_is_stated(name: str) -> None:
    dataset = load_dataset(name)
    for row in _rows(name):
        mapped = findings_of(dataset, row)
        assert mapped.found.keys() <= mapped.stated


def test_reasons_of_ptb_and_codes_of_code15_are_as_they_are_known() -> None:
    reasons = Counter(label for row in _rows("ptbdb") for label in row.labels if label.startswith("reason: "))
    assert reasons["reason: healthy control"] == 28
    assert reasons["reason: bundle branch block"] == 14
    assert reasons["reason: myocardial infarction"] == 8
    assert sum(row.recorded_at is not None for row in _rows("ptbdb")) == 64
    code15 = [findings_of(load_dataset("code15"), row) for row in _rows("code15")]
    assert Counter(code for mapped in code15 for code in mapped.found) == {"1AVB": 3, "STACH": 2}
    assert all(mapped.stated == mapped.found.keys() for mapped in code15)


def test_12sl_statements_are_those_of_the_local_split() -> None:
    rows = _rows("ptbxl")
    folder = data_root() / "ptbxl"
    if not (folder / "12sl_statements.csv").is_file() or not (folder / "local_split.csv").is_file():
        pytest.skip("no 12SL statements beside PTB-XL")
    said = [row.machine for row in rows if row.machine]
    assert len(said) == 2168
    assert len({code for machine in said for code in machine.statements}) == 144
    mapped = [machine_findings_of(row) for row in rows]
    assert not any(one.unknown for one in mapped)
    for machine in said:  # punctuation and acronyms do not show, brackets close
        assert machine.text.count("(") == machine.text.count(")")
        assert not {"LPAREN", "COMMA", "$SWITH", "AU", "2ST"} & set(machine.text.replace(";", " ").split())
        assert " ," not in machine.text
        assert "( " not in machine.text
    both = [(findings_of(load_dataset("ptbxl"), row), one) for row, one in zip(rows, mapped, strict=True)]
    by_cardiologist = {index for index, (truth, _) in enumerate(both) if "AFIB" in truth.found}
    by_machine = {index for index, (_, one) in enumerate(both) if "AFIB" in one.found}
    assert len(by_machine) == 135
    assert len(by_cardiologist & by_machine) >= 0.8 * len(by_machine)  # the columns are those of the same recordings
