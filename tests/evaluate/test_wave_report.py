"""The report page needs nothing else to be read, says what was measured, and takes no name for markup."""

import re
from html.parser import HTMLParser

import pytest

from einthoven.evaluate.intervals import Score
from einthoven.evaluate.wave_report import COLUMNS, cell, page

ABOUT = {
    "task": "ludb", "about": "12 leads", "recordings": 7, "patients": 6, "model": "delineator@0123456789ab",
    "split": "all", "note": "2 recordings are left out",
}  # fmt: skip
SHARP = "<script>alert('x')</script>&"
VOID = {"meta", "br", "img", "hr", "link", "input"}


class _Tables(HTMLParser):
    """The tables of a page as lists of rows of texts; every tag must be closed by its own kind."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.attributes: set[str] = set()
        self.heads: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        if tag in VOID:
            return
        self._open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag in ("h2", "h3"):
            self.heads.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._open):
            self.tables[-1][-1][-1] += data
        elif {"h2", "h3"} & set(self._open):
            self.heads[-1] += data


def _read(text: str) -> _Tables:
    tables = _Tables()
    tables.feed(text)
    tables.close()
    assert not tables._open
    return tables


def _scores(behind: str = "", start: float = 0.0) -> dict[str, Score]:
    """Eight values of P onset and three of QT, each told from the others."""
    border = {
        f"P_on.{column}{behind}": Score(start + n, 41, start + n - 0.5, start + n + 0.5)
        for n, column in enumerate(COLUMNS)
    }
    qt = {
        f"qt_ms.{metric}{behind}": Score(start + 10 + n, 17, 1.0, 2.0, unread=0.25)
        for n, metric in enumerate(("mean_ms", "sd_ms", "within_10_ms"))
    }
    return border | qt


def test_it_needs_nothing_from_elsewhere() -> None:
    text = page(ABOUT, _scores() | _scores("|paced") | _scores("|mains 6 dB"))
    assert text.startswith("<!doctype html>")
    assert text.endswith("</html>\n")
    assert not re.search(r"https?:|//|url\(|@import|<script|<link|<img|<iframe", text, re.IGNORECASE)
    assert not _read(text).attributes & {"src", "href", "srcset", "data", "action"}


def test_values_stand_with_their_intervals_and_their_n() -> None:
    borders, intervals = _read(page(ABOUT, _scores(start=30.0))).tables
    assert borders[1][:2] == ["P onset", "41"]
    assert borders[1][2:-1] == [f"{30 + n:.1f} [{29.5 + n:.1f}, {30.5 + n:.1f}]" for n in range(8)]
    assert borders[1][-1] == "10.2"
    assert [row[0] for row in borders[1:]] == [
        f"{wave} {side}set" for wave in ("P", "QRS", "T") for side in ("on", "off")
    ]
    assert borders[5][-1] == "none", "CSE gives no limit for the onset of T"
    assert borders[2][1:-1] == ["0", *["-"] * 8], "without a score there is a dash"
    ends = ["40.0 [1.0, 2.0]", "41.0 [1.0, 2.0]", "42.0 [1.0, 2.0]", "25", "25 / 30"]
    assert intervals[4] == ["qt_ms", "17", *ends]
    assert all(len(row) == len(table[0]) for table in (borders, intervals) for row in table)


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (None, "-"),
        (Score(None, 5), "-"),
        (Score(99.96, 5), "100.0"),
        (Score(-1.26, 5, -2.0, 0.04), "-1.3 <small>[-2.0, 0.0]</small>"),
        (Score(0.0, 5, 0.0, 0.0), "0.0 <small>[0.0, 0.0]</small>"),
    ],
)
def test_a_cell(score: Score | None, text: str) -> None:
    assert cell(score) == text


def test_what_was_run_is_said() -> None:
    text = page(ABOUT, {})
    for said in (
        "7 recordings of 6 patients",
        "12 leads",
        "split all",
        "delineator@0123456789ab",
        "2 recordings are left out",
    ):
        assert said in text
    assert "not for diagnosis" in text


@pytest.mark.parametrize("key", ["task", "about", "model", "split", "note"])
def test_names_are_no_markup(key: str) -> None:
    text = page(ABOUT | {key: SHARP}, _scores())
    assert "<script" not in text
    assert "&lt;script&gt;alert(" in text
    assert "&lt;/script&gt;&amp;" in text
    _read(text)


def test_strata_have_tables_of_their_own() -> None:
    found = _read(page(ABOUT, _scores() | _scores("|paced", 50.0) | _scores("|a<b", 70.0)))
    assert found.heads[2:] == ["a<b", "paced"]
    assert [table[1][2] for table in found.tables[::2]] == [
        "0.0 [-0.5, 0.5]", "70.0 [69.5, 70.5]", "50.0 [49.5, 50.5]",
    ]  # fmt: skip


def test_false_p_waves_and_the_ladder_stand_where_they_were_measured() -> None:
    plain = page(ABOUT, _scores())
    assert "Noise ladder" not in plain
    assert "atrial fibrillation" not in plain
    af = {"atrial fibrillation.false_p_percent": Score(12.5, 800, 10.0, 15.0)}
    found = _read(page(ABOUT, _scores() | af | _scores("|mains 6 dB", 60.0)))
    assert found.heads[2:] == [
        "P waves claimed in atrial fibrillation", "Noise ladder",
        *(f"{kind}: F1 % at 150 ms / SD ms" for kind in ("muscle", "baseline", "mains")),
    ]  # fmt: skip
    assert found.tables[2][1] == ["false_p_percent", "800", "12.5 [10.0, 15.0]"]
    mains = found.tables[-1]
    assert mains[0] == ["border", "24 dB", "18 dB", "12 dB", "6 dB", "0 dB", "-6 dB"]
    assert mains[1] == ["P onset", *["- / -"] * 3, "62.0 [61.5, 62.5] / 65.0 [64.5, 65.5]", *["- / -"] * 2]
