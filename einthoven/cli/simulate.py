"""`einthoven simulate`: made ECGs with stated findings, as WFDB records with their truth beside them."""

from pathlib import Path
from typing import Annotated

import typer


def simulate(  # noqa: PLR0913  # a command has as many parameters as flags
    out: Annotated[Path, typer.Option(help="folder for NAME.hea, NAME.dat and NAME.json")],
    findings: Annotated[str, typer.Option(help="codes with commas, e.g. 'AFIB,LVH' or 'IMI:acute'")] = "",
    count: Annotated[int, typer.Option(help="how many ECGs")] = 1,
    workers: Annotated[int, typer.Option(help="processes; the bytes do not depend on it")] = 1,
    seed: Annotated[int, typer.Option(help="seed of the first ECG; the next has the next")] = 0,
    quality: Annotated[str, typer.Option(help="clean, typical or poor")] = "typical",
    seconds: Annotated[float, typer.Option(help="length of each ECG")] = 10.0,
    rate: Annotated[float, typer.Option(help="samples a second")] = 500.0,
) -> None:
    """Make twelve-lead ECGs with stated findings and their exact truth. Research use only."""
    from einthoven.core.jobs import ERRORS_FILE
    from einthoven.records.simulate_files import Order, simulate_files, split_findings

    order = Order(split_findings(findings), quality, seconds, rate)
    tally = simulate_files(order, out, count=count, seed=seed, workers=workers)
    why = f", see {out / ERRORS_FILE}" if tally.failed else ""
    print(f"{tally.made} made, {tally.kept} already there, {tally.failed} failed{why}: {out}")
