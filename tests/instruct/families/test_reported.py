"""What a report mentions and no label says is not called absent, in three languages; what is labelled is settled."""

import pytest

from einthoven.instruct.families.findings import FINDINGS_FAMILY
from einthoven.instruct.families.hypertrophy import HYPERTROPHY
from einthoven.instruct.families.reported import in_doubt
from einthoven.instruct.families.rhythm import RHYTHM
from einthoven.instruct.families.sure import sure
from tests.instruct.cases import measured
from tests.instruct.families.asked import asked
from tests.instruct.families.labelled import of


@pytest.mark.parametrize(
    ("report", "mentioned", "not_mentioned"),
    [
        ("sinusbradykardie llt sv-es st-hebung in v1-3", {"PAC", "PRC(S)", "SBRAD", "STE_"}, {"AFIB", "LVH", "IMI"}),
        ("supraventrikulÄre extrasystole(n) sinusrhythmus", {"PAC"}, {"SARRH", "RVH"}),
        ("ventrikulär(a) extrasystoli(er) förmaksflimmer/-fladder", {"PVC", "AFIB", "AFLT"}, {"PACE"}),
        ("sinusrhythmus p-sinistrocardiale lagetyp normal", {"LAO/LAE"}, {"RAO/RAE", "PAC", "LVH"}),
        ("unvollstÄndiger rechtsschenkelblock sonst normales ekg", {"IRBBB", "CRBBB"}, {"1AVB", "INVT"}),
        ("a-v block i periphere niederspannung", {"1AVB", "LVOLT"}, {"HVOLT", "CLBBB"}),
        ("inferiorer myokardschaden mÖglich", {"IMI", "AMI"}, {"LVH"}),
        ("sinus rhythm. voltages are high in chest leads suggesting lvh.", {"LVH", "VCLVH"}, {"LVOLT", "SARRH"}),
        ("sinusrytm vänstersidigt skänkelblock qt-förlängning", {"CLBBB", "LNGQT"}, {"PVC"}),
        ("sinus rhythm. normal ecg.", set(), {"PAC", "IMI", "STE_", "INVT", "SARRH"}),
        ("sinusrhythmus linkstyp sonst normales ekg", set(), {"LVH", "1AVB", "NDT", "ABQRS"}),
    ],
)
def test_what_a_report_mentions_is_in_doubt(report: str, mentioned: set[str], not_mentioned: set[str]) -> None:
    one = of("NORM", report=report)
    assert mentioned <= in_doubt(one) and not_mentioned.isdisjoint(in_doubt(one))
    absent = sure(one).absent
    assert mentioned.isdisjoint(absent) and not_mentioned & one.stated <= absent | {"SVARR"}


def test_what_is_labelled_is_settled() -> None:
    assert not in_doubt(of("IRBBB", report="unvollständiger rechtsschenkelblock"))
    assert not in_doubt(of(uncertain=("IMI",), report="inferiorer infarkt möglich"))
    assert in_doubt(of("AFIB", report="vorhofflimmern/-flattern")) == {"AFLT"}
    assert not in_doubt(of("NORM", report=""))


def test_no_question_calls_absent_what_is_mentioned() -> None:
    plain, told = of("NORM", "SR"), of("NORM", "SR", report="sinusrhythmus sv-es p-sinistrocardiale")
    assert asked(RHYTHM, plain)["rhythm:early"].answer == "no" and "rhythm:early" not in asked(RHYTHM, told)
    assert asked(HYPERTROPHY, plain)["hypertrophy:chambers"].answer == ()
    assert "hypertrophy:chambers" not in asked(HYPERTROPHY, told)
    assert asked(FINDINGS_FAMILY, plain)["finding:PAC"].answer == "no"
    assert {"finding:PAC", "finding:LAO/LAE", "finding:listed"}.isdisjoint(asked(FINDINGS_FAMILY, told))
    assert asked(FINDINGS_FAMILY, plain)["finding:listed"].answer == "normal ECG, sinus rhythm"


def test_a_measured_early_beat_that_no_label_names_is_in_doubt() -> None:
    sees = measured()
    early = measured(rhythm=type(sees.rhythm)(regular=True, mean_bpm=75.0, premature_beats_s=(3.2,)))
    assert {"PAC", "PVC"} <= sure(of("NORM", "SR", measured=sees)).absent
    assert {"PAC", "PVC"}.isdisjoint(sure(of("NORM", "SR", measured=early)).absent)
    assert "PAC" in sure(of("PVC", measured=early)).absent
