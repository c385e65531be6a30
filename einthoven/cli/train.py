"""`einthoven train`: carry out a recipe."""

from pathlib import Path
from typing import Annotated

import typer


def train(
    recipe: Annotated[str, typer.Argument(help="name of a recipe, e.g. foundation")],
    data: Annotated[Path, typer.Option(help="a folder that holds ptbxl/ (and ludb/), or a pack made from one")],
    out: Annotated[Path, typer.Option(help="folder for checkpoints and the finished model")],
    resume: Annotated[bool, typer.Option("--resume", help="go on where the run in --out stopped")] = False,
) -> None:
    """Train a model by a named recipe; on a GPU if there is one. Stops and resumes at any step."""
    from einthoven.core.errors import ModelError

    try:
        from einthoven.train import recipes
    except ImportError as error:
        raise ModelError(f"training needs {error.name}; install it with: pip install 'einthoven[train]'") from error
    print(recipes.run(recipes.recipe(recipe), data, out, resume))
