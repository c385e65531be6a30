"""What is measured on the ECGs of questions for free text, so that figures in an answer can be held against it."""

from collections.abc import Iterable
from dataclasses import replace

from einthoven.core.errors import EcgError
from einthoven.core.progress import Progress
from einthoven.evaluate.item import Item


def with_figures(items: Iterable[Item]) -> list[Item]:
    """Return the items; those for free text about one ECG get `facts["figures"]`, {} where it cannot be measured.

    Only where a figure is not there already: half a tenth of a second an ECG.
    """
    listed = list(items)
    wanted = dict.fromkeys(item.sample.ecgs[0] for item in listed if _asks(item))
    if not wanted:
        return listed
    progress = Progress("measure", len(wanted))
    found: dict[str, dict[str, float | None]] = {}
    for ecg in wanted:
        found[ecg] = _figures(ecg)
        progress.step(failed=not found[ecg])
    progress.close()
    return [
        replace(item, facts={**item.facts, "figures": found[item.sample.ecgs[0]]}) if _asks(item) else item
        for item in listed
    ]


def _asks(item: Item) -> bool:
    return item.kind == "text" and len(item.sample.ecgs) == 1 and "figures" not in item.facts


def _figures(ecg: str) -> dict[str, float | None]:
    from einthoven.measure.entry import measure
    from einthoven.records.read import is_picture, read

    try:
        return {} if is_picture(ecg) else dict(measure(read(ecg)).figures)
    except EcgError:
        return {}
