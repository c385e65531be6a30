"""`einthoven render`: pages of an ECG, or of a list of them, as they come from printer, scanner or phone."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from einthoven.render.files import RenderWork

ONE = "give an ECG and a picture: einthoven render RECORD OUT.png, or --batch LIST.txt --out DIR"
MANY = "a batch is: einthoven render --batch LIST.txt --out DIR [--workers N] [--format png|jpg]"


def render(  # noqa: PLR0913  # a command has as many parameters as flags
    ecg: Annotated[str | None, typer.Argument(metavar="ECG", help="record: WFDB, CSV, NumPy, MATLAB")] = None,
    picture: Annotated[Path | None, typer.Argument(metavar="OUT", help="picture to write: .png or .jpg")] = None,
    layout: Annotated[str | None, typer.Option(help="3x4, 3x4+II, 3x4+3, 6x2, 12x1, cabrera, .. (preset's)")] = None,
    preset: Annotated[str, typer.Option(help="clean, scan, photo, photo-bad, fax or ecginstruct")] = "clean",
    wear: Annotated[float | None, typer.Option(help="0 (none) to 1 (barely readable), instead of the preset's")] = None,
    speed: Annotated[float, typer.Option(help="25 or 50 mm/s")] = 25.0,
    gain: Annotated[float, typer.Option(help="5, 10 or 20 mm/mV")] = 10.0,
    chest_gain: Annotated[float | None, typer.Option(help="of V1 to V6, where it is another one")] = None,
    dpi: Annotated[float, typer.Option(help="pixels an inch, 50 to 600")] = 200.0,
    paper: Annotated[str, typer.Option(help="letter, a4 or roll")] = "letter",
    cart: Annotated[str | None, typer.Option(help="family of machines; without it the seed draws one")] = None,
    pulse: Annotated[str | None, typer.Option(help="calibration pulse: left, right or none (cart's)")] = None,
    columns: Annotated[str, typer.Option(help="sequential, simultaneous or auto")] = "auto",
    text: Annotated[str | None, typer.Option(help="header: neutral, none, own or other (of another ECG)")] = None,
    text_of: Annotated[str | None, typer.Option(help="the other ECG, for --text other")] = None,
    seed: Annotated[int, typer.Option(help="another seed is another print of the same ECG")] = 0,
    truth: Annotated[Path | None, typer.Option(help="JSON: where every sample, name and word lies")] = None,
    mask: Annotated[Path | None, typer.Option(help="PNG: which lead each pixel of ink belongs to")] = None,
    batch: Annotated[Path | None, typer.Option(help="text file with one ECG path a line")] = None,
    out: Annotated[Path | None, typer.Option(help="folder for NAME.png and NAME.json, with --batch")] = None,
    workers: Annotated[int, typer.Option(help="processes, with --batch; the bytes do not depend on it")] = 1,
    form: Annotated[str, typer.Option("--format", help="png or jpg, with --batch")] = "png",
    masks: Annotated[bool, typer.Option("--masks", help="NAME.mask.png too, with --batch")] = False,
    shard: Annotated[int, typer.Option(help="pages in a tar file (WebDataset), with --batch; 0: plain files")] = 0,
    rate: Annotated[float | None, typer.Option(help="samples a second, for files that do not say it")] = None,
    unit: Annotated[str | None, typer.Option(help="mV or uV, for files that do not say it")] = None,
) -> None:
    """Draw an ECG on paper, with the exact truth about where everything lies. Research use only."""
    from einthoven.core.errors import JobError
    from einthoven.render.files import RenderWork

    how: dict[str, Any] = {
        "layout": layout, "preset": preset, "wear": wear, "speed_mm_s": speed, "gain_mm_mv": gain,
        "chest_gain_mm_mv": chest_gain, "dpi": dpi, "paper": paper, "cart": cart, "pulse": pulse, "columns": columns,
        "text": "other" if text_of and text is None else text, "seed": seed,
    }  # fmt: skip
    if batch is not None or out is not None:
        if batch is None or out is None or any((ecg, picture, truth, mask, text_of)):
            raise JobError(MANY)
        work = RenderWork(_settings(how, masks), form, rate, unit)
        draw_batch(work, batch, out, workers, shard)
        return
    if ecg is None or picture is None or masks or shard:
        raise JobError(ONE)
    from einthoven.render.encode import form_of

    work = RenderWork(_settings(how, mask is not None), form_of(picture), rate, unit)
    draw_once(work, (ecg, text_of), picture, truth, mask)


def _settings(how: dict[str, Any], masks: bool) -> Any:
    from einthoven.render.settings import Settings

    return Settings(**how, masks=masks)


def draw_once(
    work: "RenderWork", ecg: tuple[str, str | None], picture: Path, truth: Path | None, mask: Path | None
) -> None:
    """Draw one ECG; picture, truth and mask are written when all are made."""
    from einthoven.core.atomic import atomic_write
    from einthoven.core.errors import JobError
    from einthoven.render.files import MASK, Source

    page = work.files("page", work.draw(Source(*ecg)))
    wanted = {picture: f"page.{work.form}", truth: "page.json", mask: f"page{MASK}"}
    paths = [path for path in wanted if path is not None]
    for path in paths:
        if path.is_dir():
            raise JobError(f"{path}: cannot be written: it is a folder")
        try:
            path.absolute().parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JobError(f"{path}: cannot be written: {error.strerror}") from error
    for path in paths:
        atomic_write(path, page[wanted[path]])


def draw_batch(work: "RenderWork", listed: Path, out: Path, workers: int, shard: int) -> None:
    """Draw a list: a page an ECG, resumable."""
    from einthoven.core.errors import JobError
    from einthoven.core.jobs import ERRORS_FILE
    from einthoven.render.files import render_batch, shard_errors

    if work.form not in ("png", "jpg"):
        raise JobError(f"--format {work.form}: pages are png or jpg")
    if workers < 0 or shard < 0:
        raise JobError("--workers and --shard are 0 or more")
    tally = render_batch(listed, out, work, workers, shard)
    failed, where = (len(shard_errors(out)), "pages-*.json") if shard else (tally.failed, ERRORS_FILE)
    what = "shards" if shard else "pages"
    why = f", see {out / where}" if failed else ""
    print(f"{tally.made} {what} made, {tally.kept} already there, {failed} ECGs with an error{why}: {out}")
