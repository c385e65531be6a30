"""Which recordings a stage looks at: a pack that writes down every row and signal that is taken from it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.train.pack import Pack


class _Rows(tuple[dict[str, Any], ...]):
    """Rows that note the places that are asked for one by one."""

    seen: set[int]

    def __getitem__(self, place: Any) -> Any:
        self.seen.add(int(place))
        return super().__getitem__(int(place))


class _Signals(np.ndarray):
    """Signals that note the same."""

    seen: set[int]

    def __getitem__(self, place: Any) -> Any:
        self.seen.add(int(place))
        return np.asarray(self).view(np.ndarray)[int(place)]


@dataclass(frozen=True)
class Watch:
    """A pack, and the places whose rows and signals were taken from it."""

    pack: Pack
    rows: set[int] = field(default_factory=set)
    signals: set[int] = field(default_factory=set)


def watched(pack: Pack) -> Watch:
    """Return a pack of the same content that notes what is taken from it."""
    rows = _Rows(pack.rows)
    signals: NDArray[np.int16] = pack.signal_N8S.view(_Signals)
    watch = Watch(Pack(signals, rows))
    rows.seen = watch.rows
    signals.seen = watch.signals  # type: ignore[attr-defined]
    return watch
