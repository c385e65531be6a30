"""Reports: the text as it stands is the gold, in the language of its author, beside the codes of the labels."""

from pathlib import Path

import pytest

from einthoven.core.errors import InputError
from einthoven.evaluate.tasks.report import OTHER, QUESTION, REPORT, WORDS, language_of
from tests.evaluate.tasks.made_ptbxl import Made, write_ptbxl
from tests.support import data_root

GERMAN = "sinusrhythmus lagetyp normal unvollstÄndiger rechtsschenkelblock sonst normales ekg"
MADE = (
    Made({"NORM": 100.0, "SR": 0.0}, 1, report="sinus rhythm. normal ecg."),
    Made({"IRBBB": 100.0, "SR": 0.0}, 2, report=GERMAN),
    Made({"NORM": 100.0}, 3, report="  "),
    Made({"LVH": 100.0}, 4, "valid", "sinusrytm vÄnster kammarhypertrofi"),
)


def test_a_report_is_asked_of_each_recording_that_has_one(tmp_path: Path) -> None:
    root = write_ptbxl(tmp_path, MADE)
    english, german = REPORT.items(root, None)
    assert (english.sample.answer, german.sample.answer) == ("sinus rhythm. normal ecg.", GERMAN)
    assert (english.type, german.type) == ("English", "German")
    assert (english.kind, english.patients, english.group) == ("text", ("ptbxl/1",), "report")
    assert (english.severity, german.severity) == (0, 1)
    assert german.facts["labels"] == ["IRBBB", "SR"]
    assert "AFIB" in german.facts["decided"] and not {"IRBBB", "SR"} & set(german.facts["decided"])
    assert "figures" not in german.facts
    assert REPORT.notes(root, None)[0] == "1 recordings have no report"
    (swedish,) = REPORT.items(root, "valid")
    assert swedish.type == "Swedish"


def test_nothing_of_the_gold_stands_in_the_question(tmp_path: Path) -> None:
    for item in REPORT.items(write_ptbxl(tmp_path, MADE), None):
        assert [turn.text for turn in item.sample.turns] == [QUESTION]
        assert item.sample.options is None and not item.sample.about


@pytest.mark.parametrize(
    ("text", "language"),
    [("sinusrhythmus normales ekg", "German"), ("tachykardes vorhofflimmern linkstyp", "German"),
     ("Sinus rhythm. Left axis deviation.", "English"), ("atrial fibrillation with rapid response", "English"),
     ("sinusrytm normalt ekg", "Swedish"), ("fÖrmaksflimmer med hÖg kammarfrekvens", "Swedish"),
     ("", OTHER), ("QRS 90, PR 160", OTHER), ("pacemaker ekg", OTHER)],
)  # fmt: skip
def test_the_language_is_that_of_most_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_word_tells_one_language_only() -> None:
    names = sorted(WORDS)
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            assert not WORDS[one] & WORDS[other], (one, other)


def test_without_the_archive_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no folder ptbxl/"):
        REPORT.items(tmp_path, None)


def test_real_reports_are_german_english_or_swedish() -> None:
    items = REPORT.items(data_root(), "train")
    shares = {name: sum(item.type == name for item in items) / len(items) for name in (*WORDS, OTHER)}
    # what the folder's own description says: roughly 60 % German, 33 % English, 6 % Swedish
    assert 0.55 < shares["German"] < 0.75 and 0.2 < shares["English"] < 0.4 and 0.03 < shares["Swedish"] < 0.1
    assert shares[OTHER] < 0.02
