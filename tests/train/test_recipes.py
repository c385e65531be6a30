"""A recipe from a folder of recordings to a model that answers, claimed once and resumed to the same weights."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from einthoven.ask import ask
from einthoven.core.errors import InputError, JobError
from einthoven.core.seen import read_seen
from einthoven.records.simulate import simulate
from einthoven.train import recipes
from einthoven.train.pack import Pack
from einthoven.train.recipes import RECIPES, Recipe, recipe, run


@pytest.fixture(scope="module")
def settings(language_model: Path) -> Recipe:
    rehearsal = recipe("rehearsal")
    assert isinstance(rehearsal, Recipe)
    return replace(rehearsal, language_model=str(language_model))


@pytest.fixture(scope="module")
def out(settings: Recipe, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "out"
    assert run(settings, data, folder, resume=False) == folder / "model"
    return folder


def test_the_model_of_a_rehearsal_answers(out: Path) -> None:
    files = {path.name for path in (out / "model").iterdir()}
    assert files == {
        "config.json",
        "model.safetensors",
        "adapter_config.json",
        "adapter_model.safetensors",
        "calibration.json",
        "seen.json",
    }
    seen = read_seen(out / "model")
    assert seen is not None
    assert seen.trained
    assert seen.chosen
    assert not seen.trained & seen.chosen
    answer = ask(simulate([], seed=1).ecg, "Is this ECG normal?", ["yes", "no"], model=str(out / "model"))
    assert answer.answer in ("yes", "no")
    assert sum((answer.options or {}).values()) == pytest.approx(1.0)


def test_it_fits_into_a_repository(out: Path) -> None:
    assert sum(path.stat().st_size for path in (out / "model").iterdir()) < 15e6


def test_taken_up_after_its_end_it_gives_the_same_bytes(settings: Recipe, data: Path, out: Path) -> None:
    before = {path.name: path.read_bytes() for path in (out / "model").iterdir()}
    run(settings, data, out, resume=True)
    assert {path.name: path.read_bytes() for path in (out / "model").iterdir()} == before


def test_a_run_killed_in_its_last_stage_leaves_the_model_that_was_there(
    settings: Recipe, data: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(folder: Path, pack: Pack) -> None:
        assert not (folder / "calibration.json").exists()
        raise KeyboardInterrupt

    before = {path.name: path.read_bytes() for path in (out / "model").iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(recipes, "calibrate", killed)
        with pytest.raises(KeyboardInterrupt):
            run(settings, data, out, resume=True)
    assert {path.name: path.read_bytes() for path in (out / "model").iterdir()} == before
    run(settings, data, out, resume=True)
    assert sorted(path.name for path in out.iterdir()) == ["language", "model", "pack", "recipe.json", "tower"]


def test_a_folder_of_another_run_is_refused_and_left_alone(settings: Recipe, data: Path, out: Path) -> None:
    before = (out / "recipe.json").read_bytes()
    with pytest.raises(JobError, match="holds a run already; continue it with --resume"):
        run(settings, data, out, resume=False)
    with pytest.raises(JobError, match="holds a run of other settings"):
        run(replace(settings, seed=1), data, out, resume=True)
    assert (out / "recipe.json").read_bytes() == before


def test_data_that_are_none_make_nothing(settings: Recipe, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ptbxl_database\.csv"):
        run(settings, tmp_path, tmp_path / "out", resume=False)
    assert not (tmp_path / "out").exists()


def test_an_unknown_recipe_names_those_that_are() -> None:
    with pytest.raises(InputError, match="no recipe 'cake'; there are foundation, rehearsal"):
        recipe("cake")


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_named_as_it_is_called_and_can_be_stored(name: str) -> None:
    assert recipe(name).name == name
    assert recipe(name) == recipe(name)
    assert json.loads(json.dumps(asdict(recipe(name))))["name"] == name
