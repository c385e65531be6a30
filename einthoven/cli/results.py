"""`einthoven results`: finished benchmark runs side by side, with paired differences and what others published."""

from pathlib import Path
from typing import Annotated

import typer


def results(
    folders: Annotated[list[Path], typer.Argument(help="folders that `einthoven bench` wrote; the first is compared")],
    out: Annotated[Path, typer.Option(help="the page, an HTML file")],
) -> None:
    """Put benchmark runs side by side on one page. Research use only."""
    from einthoven.core.atomic import atomic_write
    from einthoven.core.errors import JobError
    from einthoven.evaluate.results import results_page

    page = results_page(folders).encode()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(out, page)
    except OSError as error:
        raise JobError(f"{out}: cannot be written ({error.strerror})") from error
    print(f"{len(folders)} runs: {out}. Research use only; not for diagnosis.")
