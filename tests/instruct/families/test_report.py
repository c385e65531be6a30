"""Reports invent nothing: their numbers are measured, their findings found, and what is uncertain is "possible"."""

import re
from dataclasses import replace

import pytest

from einthoven.core.findings import FINDINGS
from einthoven.core.mentions import find_mentions
from einthoven.core.rng import rng
from einthoven.instruct.case import Case
from einthoven.instruct.families.report import REPORT, WORDINGS
from einthoven.instruct.families.report_parts import named_in, texts_of
from einthoven.instruct.families.sentences import bare
from einthoven.instruct.family import Asked, Asker
from einthoven.instruct.wording import of_split
from tests.instruct.cases import case, measured
from tests.instruct.many import many

NAMES = tuple(one.name for one in FINDINGS.values())
CODES = tuple(FINDINGS)
# What wider names a finding carries along, so that "bigeminy" or "LBBB" of a machine's words is no invention.
IMPLIED = {"CLBBB": {"LBBB"}, "CRBBB": {"RBBB"}}


def reports(of: Case, name: str | int = 0) -> dict[str, Asked]:
    return {asked.key: asked for asked in REPORT.ask(of, Asker(of.split, rng("report", of.id, name)))}


@pytest.mark.parametrize("of", many(), ids=lambda of: of.id)
def test_nothing_is_invented(of: Case) -> None:
    figures = of.measured.figures if of.measured else {}
    rounded = {round(value) for value in figures.values() if value is not None}
    shifts = {f"{abs(one.st_j or 0.0):.2f}" for one in of.measured.amplitudes_mv.values()} if of.measured else set()
    for key, asked in reports(of).items():
        if key == "report:machine":
            continue
        text = str(asked.answer)
        for number in re.findall(r"-?\d+(?:\.\d+)?", re.sub(r"\b(?:aV|V)[\dRLF]", "", text)):
            assert number in shifts if "." in number else int(number) in rounded, (key, number, text)
        for mention in find_mentions(text, NAMES):
            code = CODES[mention.option]
            said = code in of.found or any(code in IMPLIED.get(found, ()) for found in of.found)
            assert said or mention.stance != "said", (key, code, text)


@pytest.mark.parametrize("of", many(), ids=lambda of: of.id)
def test_what_is_denied_is_not_found(of: Case) -> None:
    denied = {"myocardial infarction": "infarction", "hypertrophy": "hypertrophy"}
    for asked in reports(of).values():
        for sentence in re.split(r"(?<=\.)\s", str(asked.answer)):
            for words, family in denied.items():
                if words in sentence and re.match(r"(There is no|No |The tracing gives no)", sentence):
                    assert not [code for code in of.found if FINDINGS[code].family == family]


def test_an_uncertain_finding_is_possible_in_every_sentence_that_names_it() -> None:
    of = case(found={"SR": None, "IMI": 50.0, "LVH": 100.0})
    for name in range(30):
        for key, asked in reports(of, name).items():
            for sentence in re.split(r"(?<=\.)\s", str(asked.answer)):
                if "inferior myocardial infarction" in sentence.lower():
                    assert re.search(r"possib|may be", sentence.lower()), (key, sentence)
    assert "possible inferior myocardial infarction" in str(reports(of)["report:conclusion"].answer)


def test_the_age_of_the_one_infarction_stands_before_its_place() -> None:
    of = case(found={"SR": None, "AMI": None, "MI": None, "OLDMI": None})
    for name in range(10):
        for key, asked in reports(of, name).items():
            assert "old anterior myocardial infarction" in str(asked.answer).lower(), key
            assert "old myocardial infarction" not in str(asked.answer).lower(), key
    two = case(found={"SR": None, "AMI": None, "IMI": None, "OLDMI": None})
    assert "old myocardial infarction" in str(reports(two)["report:conclusion"].answer)


def test_a_rate_without_a_rhythm_has_its_article_in_a_sentence() -> None:
    told = {str(reports(case(found={"LVOLT": None}), name)["report:short"].answer) for name in range(40)}
    assert any("The ECG shows a heart rate of 75 bpm." in text for text in told)
    assert not any("shows heart rate" in text for text in told)


def test_a_premature_beat_is_named_once_by_its_origin() -> None:
    for name in range(10):
        for asked in reports(case(found={"SR": None, "PVC": None, "PRC(S)": None}), name).values():
            assert "premature complexes" not in str(asked.answer)


def test_a_normal_ecg_beside_bradycardia_is_otherwise_normal_and_a_likely_one_probably_normal() -> None:
    slow = case(found={"NORM": None, "BRADY": None})
    assert all("therwise normal ECG" in str(reports(slow, name)["report:short"].answer) for name in range(10))
    assert "therwise" not in str(reports(case())["report:short"].answer)
    for likelihood, word in ((80.0, "probably"), (50.0, "possibly")):
        of = case(found={"NORM": likelihood, "SR": None})
        assert reports(of)["report:impression"].answer == f"{word} normal ECG"


def test_a_figure_that_its_finding_contradicts_is_left_out() -> None:
    of = case(found={"SR": None, "1AVB": 100.0}, measured=measured(figures={"pr_ms": 180.0}))
    longer = case(found={"SR": None, "1AVB": 100.0}, measured=measured(figures={"pr_ms": 230.0}))
    for name in range(10):
        assert not any("180" in str(asked.answer) for asked in reports(of, name).values())
        assert "230 ms" in str(reports(longer, name)["report:structured"].answer)


def test_an_unsure_figure_is_left_out() -> None:
    sees = measured()
    of = case(measured=replace(sees, confidence={**sees.confidence, "qrs_ms": 0.7}))
    assert "QRS 92 ms" not in str(reports(of)["report:structured"].answer)
    assert "QRS 92 ms" in str(reports(case())["report:structured"].answer)


def test_normal_reports_are_not_one_string() -> None:
    texts = {str(reports(case(), name)["report:full"].answer) for name in range(1000)}
    assert len(texts) > 400  # the same figures each time: only the words differ


def test_the_archives_own_report_is_not_copied() -> None:
    of = case(report="sinusrhythmus linkstyp sonst normales ekg")
    assert not any("linkstyp" in str(asked.answer) for asked in reports(of).values())


def test_a_report_ends_with_its_conclusion_and_the_short_one_is_short() -> None:
    for of in many():
        told = reports(of)
        if "report:full" in told:
            last = re.split(r"(?<=\.)\s", str(told["report:full"].answer))[-1]
            assert re.match(r"(Conclusion|In conclusion|In summary|Final|Impression|Overall|To conclude)", last)
        if "report:short" in told:
            assert str(told["report:short"].answer).count(". ") <= 1
            assert not str(told["report:impression"].answer).endswith(".")


def test_no_findings_no_report() -> None:
    assert not reports(case(found={}))


def test_a_machine_is_quoted_as_a_machine_only_where_it_speaks_in_words() -> None:
    assert texts_of(("NSR", "Normal sinus rhythm; Normal ECG")) == ("Normal sinus rhythm", "Normal ECG")
    assert "report:machine" not in reports(case(statements=("NSR", "NML")))
    told = reports(case(statements=("Normal sinus rhythm", "Normal ECG")))["report:machine"]
    assert told.answer == "Normal sinus rhythm; Normal ECG"


def test_a_machines_words_enter_a_report_only_where_every_finding_is_there() -> None:
    assert named_in("Atrial fibrillation with rapid ventricular response") == frozenset(("AFIB",))
    assert named_in("Possible Left atrial enlargement") is None
    assert named_in("RSR' pattern in V1") is None
    fast = measured(figures={"heart_rate_bpm": 130.0, "pr_ms": None})
    statement = "Atrial fibrillation with rapid ventricular response"

    def ever(of: Case) -> bool:
        return any("rapid" in str(reports(of, name)["report:full"].answer) for name in range(30))

    assert ever(case(found={"AFIB": None}, statements=(statement,), measured=fast))
    assert not ever(case(found={"AFIB": None}, statements=(statement,), measured=measured(figures={"pr_ms": None})))
    assert not ever(case(found={"LVH": None}, statements=(statement,), measured=fast))


@pytest.mark.parametrize("name", WORDINGS)
def test_no_two_splits_share_a_sentence(name: str) -> None:
    sentences = WORDINGS[name]
    assert len(sentences) % 10 == 0
    shares = [set(of_split(sentences, split)) for split in ("train", "valid", "test")]
    assert len(set.union(*shares)) == len(sentences) == sum(map(len, shares))


def test_every_finding_has_a_name_for_sentences() -> None:
    for code in FINDINGS:
        assert [CODES[mention.option] for mention in find_mentions(bare(code), NAMES)] == [code]
