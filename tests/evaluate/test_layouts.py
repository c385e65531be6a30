"""The same ECG in several layouts: pages are drawn once, and an answer that follows the paper is found."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from einthoven.core.errors import InputError, JobError
from einthoven.core.sample import Answer, Sample
from einthoven.core.seen import Seen
from einthoven.evaluate.bench import Run, Who, bench
from einthoven.evaluate.layouts import laid_out, layout_scores
from einthoven.evaluate.marks import marks
from einthoven.evaluate.tasks import TASKS, load_task
from einthoven.records.read import read_page
from tests.evaluate.made_task import shows, write_ecgs

RAN = {"date": "2026-01-01"}
LAYOUTS = ("3x4", "12x1")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    write_ecgs(root)
    return root


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, "made", "tests.evaluate.made_task:MADE")


def page_reader(samples: Iterable[Sample]) -> Iterator[Answer]:
    """Reads pages rightly, but every fourth one in twelve rows it takes for another."""
    for sample in samples:
        patient = int(Path(sample.ecgs[0]).name.partition("-")[0])
        there = shows(patient, 1 if "finding 1" in sample.question else 2)
        there ^= "/12x1/" in sample.ecgs[0] and patient % 4 == 0
        yield Answer(sample.id, "yes" if there else "no", None, None, False, None, "page reader", 0.0)


def test_an_answer_that_changes_with_the_paper_is_counted(data: Path, tmp_path: Path) -> None:
    run = Run("made", data, layouts=LAYOUTS)
    found = bench(run, Who("page reader", page_reader, seen=Seen()), tmp_path / "out", RAN)
    assert found["layout_changed"].value == 0.25
    assert found["accuracy|3x4"].value == 1.0
    assert found["accuracy|12x1"].value == 0.75
    assert found["accuracy"].value == pytest.approx(0.875)
    pages = sorted((tmp_path / "out" / "pages" / "3x4").iterdir())
    assert len(pages) == 40, "one a recording, not one a question"
    assert read_page(pages[0]).pixels.shape[0] > 1000


def test_what_cannot_be_drawn_is_told(data: Path, tmp_path: Path) -> None:
    items = load_task("made").items(data, None)[:4]
    with pytest.raises(InputError, match="two or more"):
        laid_out(items, ("3x4",), tmp_path)
    with pytest.raises(InputError, match="not known"):
        laid_out(items, ("3x4", "5x5"), tmp_path)
    with pytest.raises(JobError, match="not the items"):
        layout_scores(marks(items, {}), LAYOUTS)
