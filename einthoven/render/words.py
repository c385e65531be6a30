"""What may be printed on a page: whose ECG, when, its figures and statements; names and numbers come from the dice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from einthoven.core.ecg import Ecg
from einthoven.core.measurements import Measurements
from einthoven.render.statements import statements_of
from einthoven.render.wear.parts import Dice

NAMED = 0.6  # share of pages with a name on them
# Words that are no people's names together: whoever is called so was never a patient.
FAMILY = (
    "ALDER", "BEECH", "BROOK", "CEDAR", "CLOVER", "FALCON", "FERN", "HAZEL", "HERON", "HOLLY", "JUNIPER", "LARCH",
    "LINDEN", "MAPLE", "MARTEN", "MEADOW", "OSPREY", "POPLAR", "QUARRY", "ROWAN", "SPARROW", "WILLOW", "WREN",
)  # fmt: skip
GIVEN = {
    "female": ("ADA", "BEATRIX", "CLARA", "EDITH", "FLORA", "IRIS", "LENA", "MAUD", "NORA", "OLIVE", "RUTH", "VERA"),
    "male": ("ALBIN", "BRUNO", "CASPAR", "EDGAR", "FELIX", "HUGO", "IVOR", "LEON", "MILO", "OTTO", "RALPH", "VICTOR"),
}
FIGURES = {  # what is printed, and where `Measurements` has it
    "heart_rate_bpm": "heart_rate_bpm", "pr_ms": "pr_ms", "qrs_ms": "qrs_ms", "qt_ms": "qt_ms",
    "qtc_ms": "qtc_ms.bazett", "p_axis": "axis_deg.p", "qrs_axis": "axis_deg.qrs", "t_axis": "axis_deg.t",
}  # fmt: skip
DATES = ("%Y-%m-%d %H:%M:%S", "%d-%b-%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %H:%M")


@dataclass(frozen=True)
class Words:
    """What is printed; what is empty or None leaves its field empty.

    figures: any of FIGURES, None for one that cannot be measured; recorded_at: as it is printed.
    """

    name: str = ""
    id: str = ""
    age_years: float | None = None
    sex: str | None = None
    recorded_at: str = ""
    figures: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    statements: tuple[str, ...] = ()


NO_WORDS = Words()


def words_of(ecg: Ecg, measured: Measurements | None, statements: tuple[str, ...] | None, dice: Dice) -> Words:
    """Return the words of an ECG: its age, sex and date, a name and a number that are not its own.

    measured: None prints no figures; statements: None takes those that follow from the figures.
    """
    if statements is None:
        statements = () if measured is None else statements_of(measured)
    sex = ecg.person.sex
    given = GIVEN[sex] if sex else GIVEN["female"] + GIVEN["male"]
    name = f"{dice.choice(FAMILY)}, {dice.choice(given)}"
    number = "".join(map(str, dice.integers(0, 10, int(dice.integers(5, 10)))))
    named, date = dice.random() < NAMED, str(dice.choice(DATES))
    return Words(
        name=name if named else "",
        id=number,
        age_years=ecg.person.age_years,
        sex=sex,
        recorded_at="" if ecg.recorded_at is None else ecg.recorded_at.strftime(date).upper(),
        figures={} if measured is None else {key: measured.figures.get(own) for key, own in FIGURES.items()},
        statements=statements,
    )
