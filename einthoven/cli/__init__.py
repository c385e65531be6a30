"""The command line: one file a command; errors are one line on stderr and exit code 2."""

import os
import sys

import typer

from einthoven.cli.ask import ask
from einthoven.cli.audit import audit
from einthoven.cli.bench import bench
from einthoven.cli.build import build
from einthoven.cli.fetch import fetch
from einthoven.cli.measure import measure
from einthoven.cli.render import render
from einthoven.cli.results import results
from einthoven.cli.simulate import simulate
from einthoven.cli.train import train

NOTICE = "Research use only; not a medical device, not for diagnosis."

app = typer.Typer(
    help=f"Einthoven reads an electrocardiogram and answers questions about it. {NOTICE}",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(fetch)
app.command()(ask)
app.command()(measure)
app.command()(render)
app.command()(bench)
app.command()(audit)
app.command()(results)
app.command()(simulate)
app.command()(build)
app.command()(train)


def main() -> None:
    """Run a command; every foreseen mistake is one line that says what is wrong and what would be right."""
    from einthoven.core.errors import EcgError

    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing is fetched behind the user's back
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        code = app(standalone_mode=False)
    except EcgError as error:
        code = _fail(str(error))
    except typer.Abort:
        code = _fail("interrupted; what was finished is kept", 130)
    except typer.TyperException as error:
        code = _fail(f"{error.format_message()} See einthoven --help.")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code or 0)


def _fail(text: str, code: int = 2) -> int:
    line = " ".join(text.split())
    print(f"einthoven: {line}", file=sys.stderr)
    return code
