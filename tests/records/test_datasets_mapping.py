"""From makers' codes to findings: likelihoods, what is left open, what absence decides; and the report of a set."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from einthoven.core.ecg import Person
from einthoven.core.errors import FormatError, InputError
from einthoven.core.findings import FINDINGS
from einthoven.records.datasets import Machine, Row, Rows, load_dataset
from einthoven.records.datasets.checks import checked
from einthoven.records.datasets.mapping import findings_of, load_table, machine_findings_of, stated_by
from einthoven.records.datasets.ptbxl_plus import statements_12sl, text_of
from einthoven.records.datasets.tables import inside, table_lines

TEXTS = {
    "SRTH": "Sinus rhythm", "OCC": "with occasional", "PVC": "premature ventricular complexes", "$SAND": "and",
    "PAC": "premature atrial complexes", "LVH2": "Left ventricular hypertrophy", "2": "with repolarization abnormality",
    "LPAREN": "(", "RAVL": "R in aVL", "COMMA": ",", "CORNPROD": "Cornell Product", "RPAREN": ")",
    "CRO": "Cannot rule out", "IMI": "Inferior infarct", "MAFB": "(masked by fascicular block?)",
    "AU": ", age undetermined", "AB": "Abnormal ECG",
}  # fmt: skip


def _row(name: str = "1", patient: str = "p", split: str = "train", **labels: float | None) -> Row:
    return Row(name, Path(f"{name}.hea"), patient, Person(patient), split=split, labels=labels)


def _of(codes: Mapping[str, float | None]) -> Row:
    return Row("1", Path("1.hea"), "p", Person("p"), labels=dict(codes))


def test_every_snomed_code_of_the_vocabulary_is_in_the_table() -> None:
    table = load_table("snomed")
    for code, found in FINDINGS.items():
        if found.snomed_ct:
            assert next(iter(table[found.snomed_ct].findings)) == code


@pytest.mark.parametrize("name", ["12sl", "code15", "cpsc", "ludb", "mimic", "ptbdb", "snomed"])
def test_tables_are_whole(name: str) -> None:
    table = load_table(name)
    assert len(table) >= 7
    for code, entry in table.items():
        assert code == code.strip()
        assert entry.findings.keys() | entry.open <= FINDINGS.keys()
        assert not entry.findings.keys() & entry.open
        assert all(value is None or 0 < value < 100 for value in entry.findings.values())
        assert bool(entry.findings) >= bool(entry.stated)
    path = Path(__file__).parents[2] / "einthoven" / "records" / "datasets" / f"labels_{name}.csv"
    lines = list(table_lines(path, ("code", "findings", "stated", "source", "note"), "this project"))
    assert len(lines) == len(table)  # no code stands twice
    assert all(line["source"] for line in lines)


def test_likelihoods_are_kept_and_of_two_the_surer() -> None:
    ptbxl = load_dataset("ptbxl")
    assert findings_of(ptbxl, _row(NORM=80.0, SR=None)).found == {"NORM": 80.0, "SR": None}
    georgia = load_dataset("georgia")
    both = _of({"284470004": 50.0, "63593006": 80.0, "164889003": 35.0, "195080001": None})
    assert findings_of(georgia, both).found == {"PAC": 80.0, "AFIB": None, "AFLT": None}


def test_all_codes_of_ptbxl_are_decided_but_those_near_a_finding() -> None:
    ptbxl = load_dataset("ptbxl")
    assert len(stated_by(ptbxl)) == 71
    assert stated_by(ptbxl) - findings_of(ptbxl, _row(SBRAD=None)).stated == {"SR"}
    assert findings_of(ptbxl, _row(XYZ=None)).unknown == ("XYZ",)
    assert findings_of(ptbxl, _row(RBBB=None)).unknown == ("RBBB",)  # a finding, but no code of this set


def test_absence_decides_only_what_a_set_states() -> None:
    georgia, chapman = load_dataset("georgia"), load_dataset("chapman_ningbo")
    assert "SR" in stated_by(chapman) - stated_by(georgia)
    assert {"AFIB", "LBBB", "NSSTTA"} <= stated_by(georgia)
    assert not {"MI", "VFIB", "BRADY", "NORM", "CLBBB"} & stated_by(georgia)  # rarely coded there or never
    assert stated_by(load_dataset("ptbdb")) == stated_by(load_dataset("qtdb")) == frozenset()


def test_wider_narrower_and_unsided_findings_are_left_open() -> None:
    chapman = load_dataset("chapman_ningbo")
    assert {"RBBB", "LBBB", "CRBBB"} <= findings_of(chapman, _of({"426783006": None})).stated
    assert "RBBB" not in findings_of(chapman, _of({"713427006": None})).stated
    assert "CRBBB" not in findings_of(chapman, _of({"59118001": None})).stated
    unsided = findings_of(chapman, _of({"6374002": None}))
    assert unsided.nameless == ("6374002",)
    assert not {"RBBB", "LBBB", "CRBBB"} & unsided.stated


def test_12sl_statements_are_joined_as_the_device_prints_them() -> None:
    codes = ["SRTH", "OCC", "PVC", "$SAND", "PAC", "LVH2", "2ST", "LPAREN", "RAVL", "COMMA", "CORNPROD", "RPAREN"]
    codes += ["CRO", "IMI", "MAFB", "AU", "AB"]
    assert text_of(codes, TEXTS) == (
        "Sinus rhythm with occasional premature ventricular complexes and premature atrial complexes; Left ventricular "
        "hypertrophy with repolarization abnormality (R in aVL, Cornell Product); Cannot rule out Inferior infarct "
        "(masked by fascicular block?), age undetermined; Abnormal ECG"
    )
    assert text_of(["SRTH", "NEW"], TEXTS) == "Sinus rhythm; NEW"
    assert text_of([], TEXTS) == ""


def test_12sl_findings_are_less_likely_behind_possible_and_cannot_rule_out() -> None:
    said = ("SRTH", "PO", "LAE", "CRO", "IMI", "AU", "RSR", "ZZZ")
    row = Row("1", Path("1.hea"), "p", Person("p"), machine=Machine("12sl", said, ""))
    mapped = machine_findings_of(row)
    assert mapped.found == {"SR": None, "LAO/LAE": 50.0, "IMI": 15.0}
    assert mapped.unknown == ("ZZZ",)
    assert "IRBBB" not in mapped.stated  # RSR leaves it open
    assert "AFIB" in mapped.stated
    assert machine_findings_of(_row()).found == {}
    doubly = Row("1", Path("1.hea"), "p", Person("p"), machine=Machine("12sl", ("PO", "QESPMI"), ""))
    assert machine_findings_of(doubly).found == {"PMI": 35.0}  # to be considered, and only possible


def test_12sl_tables_are_read_for_the_wanted_only(tmp_path: Path) -> None:
    assert statements_12sl(tmp_path, frozenset("1")) == {}
    folder = tmp_path / "labels"
    (folder / "mapping").mkdir(parents=True)
    (folder / "12sl_statements.csv").write_text(
        "ecg_id,statements\n1,\"['NSR', 'AB']\"\n2,\"['NSR']\"\n3,__import__('os')\n4,\n"
    )
    (folder / "mapping" / "12slv23ToSNOMED.csv").write_text(
        "\ufeffStatementNumber,Acronym,FullText\n22,NSR,*** Normal sinus rhythm\n1,AB,Abnormal ECG\n,,\n",
        encoding="utf-8",
    )
    found = statements_12sl(tmp_path, frozenset("134"))
    assert found == {"1": Machine("12sl", ("NSR", "AB"), "Normal sinus rhythm; Abnormal ECG")}
    (folder / "12sl_statements.csv").write_text("ecg_id,other\n")
    with pytest.raises(InputError, match="no column statements"):
        statements_12sl(tmp_path, frozenset("1"))


def test_phrases_of_mimic_are_split_only_where_every_part_is_known() -> None:
    mimic = load_dataset("mimic_iv_ecg")
    whole = _of(
        {
            "rbbb with left anterior fascicular block": None,
            "sinus rhythm with frequent pacs with 1st degree a-v block": None,
        }
    )
    assert set(findings_of(mimic, whole).found) == {"RBBB", "LAFB", "SR", "PAC", "1AVB"}
    assert findings_of(mimic, _of({"sinus rhythm with hiccups": None})).unknown == ("sinus rhythm with hiccups",)
    either = findings_of(mimic, _of({"lateral st-t changes may be due to hypertrophy and/or ischemia": None}))
    assert not {"LVH", "ISCLA"} & (either.found.keys() | either.stated)


def test_what_is_wrong_with_a_set_is_told_and_the_rest_goes_on() -> None:
    rows = Rows(
        (
            _row("1", "a", "train", NORM=100.0),
            _row("1", "a", "train", NORM=100.0),
            _row("2", "b", "train", NORM=100.0),
            _row("3", "b", "test", ZZZ=None),
            _row("4", "c", "valid"),
        ),
        missing=7,
        left_out=("x.csv: row 9 is bad",),
        left_out_count=1,
    )
    kept, problems = checked(load_dataset("ptbxl"), rows)
    assert [(row.id, row.split) for row in kept] == [("1", "train"), ("3", "test"), ("4", "valid")]
    assert (problems.doubled, problems.both_sides, problems.unknown) == (("1",), ("b",), {"ZZZ": 1})
    assert problems.lines == (
        "ptbxl: 3 recordings kept; 1 of 2 labels are findings",
        "7 of the table have no file here",
        "1 left out, as they could not be used:",
        "  x.csv: row 9 is bad",
        "1 ids stand more than once; the first is kept: 1",
        "1 patients are in two splits; kept only where most is held back (test, then valid): b",
        "1 codes are unknown: ZZZ (1)",
    )
    assert str(problems) == "\n".join(problems.lines)
    again, none = checked(load_dataset("ptbxl"), kept)
    assert again == kept
    assert not (none.doubled or none.both_sides)


def test_codes_without_a_finding_are_counted_apart() -> None:
    problems = checked(load_dataset("georgia"), Rows((_of({"251139008": None, "1": None}),)))[1]
    assert (problems.nameless, problems.unknown, problems.labels_read) == ({"251139008": 1}, {"1": 1}, 0)


def test_tables_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with pytest.raises(InputError, match=r"t\.csv: not there; give the folder of X that holds t\.csv"):
        list(table_lines(path, ("a",), "X"))
    path.write_text("")
    with pytest.raises(InputError, match="no column a"):
        list(table_lines(path, ("a",), "X"))
    path.write_text('a\n"' + "y" * 200_000 + '"\n')
    with pytest.raises(FormatError, match="not a CSV table"):
        list(table_lines(path, ("a",), "X"))


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "", "a//b", "a b", "a\0b", "http://x"])
def test_paths_of_tables_stay_inside(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="plain path"):
        inside(tmp_path, name)
    assert inside(tmp_path, "a/b.c", ".hea") == tmp_path / "a" / "b.c.hea"
