"""`einthoven build`: instruction data from archives and simulated recordings, without a language model."""

from pathlib import Path
from typing import Annotated, Any

import typer


def build(  # noqa: PLR0913  # a command has as many parameters as flags
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="ecginstruct, ecgqa or debiased")],
    data: Annotated[Path, typer.Option(help="folder with one sub-folder a dataset: ptbxl, georgia, ..")],
    out: Annotated[Path, typer.Option(help="folder for train-00000.jsonl, .. and manifest.json")],
    samples: Annotated[int | None, typer.Option(help="how many; without it the recipe's own number")] = None,
    sampling: Annotated[str, typer.Option(help="single findings: naive, independent or matched")] = "naive",
    placebo: Annotated[bool, typer.Option("--placebo", help="balance on severities that changed hands")] = False,
    adversarial: Annotated[
        bool, typer.Option("--adversarial", help="valid and test ask some questions harder")
    ] = False,
    records: Annotated[
        bool, typer.Option("--records", help="write the simulated recordings too: OUT/simulated")
    ] = False,
    pages: Annotated[str | None, typer.Option(help="draw pages in this preset: OUT/pages, OUT/llava")] = None,
    exclude: Annotated[
        Path | None, typer.Option(help="what is not to be taught: exclude.json of bench --questions-only")
    ] = None,
    workers: Annotated[int, typer.Option(help="processes; the bytes do not depend on it")] = 1,
    seed: Annotated[int, typer.Option(help="another seed asks other questions")] = 0,
) -> None:
    """Build instruction samples from labelled archives. Research use only."""
    from einthoven.core.errors import JobError
    from einthoven.instruct.build import build as make
    from einthoven.instruct.exclude import read_exclusions
    from einthoven.instruct.order import Order

    if workers < 0:
        raise JobError(f"--workers {workers}: 0 works in this process, 1 or more in as many others")
    chosen: Any = sampling
    held = None if exclude is None else read_exclusions(exclude)
    order = Order(samples, chosen, seed, placebo, page=pages is not None, adversarial=adversarial, exclude=held)
    settings = None
    if pages is not None:
        from einthoven.render.settings import Settings

        settings = Settings(preset=pages)  # a preset that is not known is told before anything is built
    manifest = make(recipe, data, out, order, workers)
    if records or settings is not None:
        from einthoven.instruct.records import write_records

        written = write_records(recipe, data, out, order, workers)
        print(f"{written} simulated recordings: {out / 'simulated'}")
    if settings is not None:
        from einthoven.instruct.pages import draw_pages

        shards = [name.removesuffix(".jsonl") for name in manifest["files"]]
        print(f"{draw_pages(data, out, shards, settings, workers)} pages: {out / 'pages'}")
    left = f", {manifest['left_out_count']} recordings left out" if manifest["left_out_count"] else ""
    splits = ", ".join(f"{count} {split}" for split, count in manifest["counts"]["split"].items())
    print(f"{manifest['samples']} samples ({splits}){left}: {out / 'manifest.json'}")
    for note in manifest["notes"]:
        print(f"Note: {note}.")
    print("Research use only; not for diagnosis.")
