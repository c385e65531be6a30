"""What may be asked as absent: not beside a finding that may bring it along, nor where a figure speaks for it."""

import pytest

from einthoven.instruct.families.sure import specific, sure
from tests.instruct.cases import measured
from tests.instruct.families.labelled import of


@pytest.mark.parametrize(
    ("code", "brought"), [("CRBBB", "INVT"), ("IMI", "ISC_"), ("AFIB", "LAO/LAE"), ("PACE", "SR"), ("DIG", "EL")]
)
def test_what_a_finding_may_bring_is_not_surely_absent(code: str, brought: str) -> None:
    assert brought in sure(of()).absent
    assert brought not in sure(of(code)).absent
    assert brought not in sure(of(uncertain=(code,))).absent


@pytest.mark.parametrize(
    ("figure", "value", "code"),
    [("pr_ms", 230.0, "1AVB"), ("qrs_ms", 140.0, "CLBBB"), ("heart_rate_bpm", 50.0, "SBRAD"),
     ("axis_deg.qrs", -50.0, "LAFB"), ("qtc_ms.fridericia", 490.0, "LNGQT")],
)  # fmt: skip
def test_a_figure_that_speaks_for_a_finding_leaves_its_absence_open(figure: str, value: float, code: str) -> None:
    assert code in sure(of(measured=measured())).absent
    assert code not in sure(of(measured=measured(figures={figure: value}))).absent


def test_clashing_labels_are_open() -> None:
    known = sure(of("AFIB", "SR", "PVC"))
    assert known.there == ("PVC",) and set(known.open) == {"AFIB", "SR"}
    assert "NORM" in sure(of("NORM", "IMI")).open and "NORM" in sure(of("NORM", "SR")).there


def test_what_is_said_more_precisely_is_not_said_again() -> None:
    assert specific(["MI", "IMI", "SR"]) == ["IMI", "SR"]
    assert specific(["MI", "INJAS", "LBBB"]) == ["MI", "INJAS", "LBBB"]
    assert specific(["AVB", "2AVB", "MOBITZ1"]) == ["MOBITZ1"]
    assert specific(["TRIGU", "PVC", "PRC(S)"]) == ["TRIGU", "PVC"] and specific(["PRC(S)"]) == ["PRC(S)"]
