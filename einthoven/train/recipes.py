"""The recipes: a named function returns all settings of a run, and one function carries any of them out."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import InputError, JobError
from einthoven.core.seen import patient_key, write_seen
from einthoven.model.config import EinthovenConfig
from einthoven.model.loading import load_language_model, save_parts, text_config
from einthoven.model.modeling import EinthovenForConditionalGeneration
from einthoven.records.datasets import load_dataset
from einthoven.train.calibrate import calibrate
from einthoven.train.delineator import DelineatorRecipe, train_delineator
from einthoven.train.language_stage import LanguageStage, train_language
from einthoven.train.loop import Schedule, best_device
from einthoven.train.pack import Pack, is_pack, make_pack, open_pack
from einthoven.train.tower_stage import TowerStage, train_tower

CALIBRATION_FOLD = 0  # see calibrate.py


@dataclass(frozen=True)
class Recipe:
    """All that decides the weights beside the data."""

    name: str
    tower: TowerStage = field(default_factory=TowerStage)
    language: LanguageStage = field(default_factory=LanguageStage)
    language_model: str = "default"
    seed: int = 0


def foundation() -> Recipe:
    """The first default: PTB-XL findings, one ECG a question. About an hour and a half on two CPU cores."""
    return Recipe(
        "foundation",
        TowerStage(Schedule(steps=1200, peak_rate=3e-3)),
        LanguageStage(Schedule(steps=800, peak_rate=6e-4, warmup=0.05)),
    )


def rehearsal() -> Recipe:
    """A few steps of everything, to see that a machine can run it; its answers mean nothing."""
    return Recipe(
        "rehearsal",
        TowerStage(Schedule(steps=3, peak_rate=1e-3), batch=4, least=1, channels=(8, 8, 8, 8, 8, 16)),
        LanguageStage(Schedule(steps=2, peak_rate=1e-3), ecgs=2, views=1),
    )


def delineator() -> DelineatorRecipe:
    """The delineator that `measure` ships with: LUDB, fibrillation and flutter of PTB-XL, simulated rhythms."""
    return DelineatorRecipe("delineator")


RECIPES: dict[str, Callable[[], Recipe | DelineatorRecipe]] = {
    "foundation": foundation,
    "rehearsal": rehearsal,
    "delineator": delineator,
}


def recipe(name: str) -> Recipe | DelineatorRecipe:
    """Return a recipe by name. Raises InputError for a name that is none."""
    if name not in RECIPES:
        raise InputError(f"no recipe {name!r}; there are {', '.join(RECIPES)}")
    return RECIPES[name]()


def run(settings: Recipe | DelineatorRecipe, data: Path, out: Path, resume: bool) -> Path:
    """Carry out a recipe; returns the model folder `out/model`.

    data: a pack, or a folder that holds ptbxl/ (packed into out/pack first); for the delineator one that holds ludb/
    and, where it is at hand, ptbxl/. A second run needs `resume`, and takes up each stage where it stopped.
    Raises JobError when `out` holds another run, InputError for data that are none.
    """
    if isinstance(settings, DelineatorRecipe):
        load_dataset("ludb").load(data / "ludb")
        _claim(settings, out, resume)
        return train_delineator(settings, data, out)
    if not is_pack(data):
        load_dataset("ptbxl").load(data / "ptbxl")  # refuses before anything is made
    _claim(settings, out, resume)
    pack = open_pack(data) if is_pack(data) else _packed(data, out / "pack")
    device = best_device()
    tower, findings = train_tower(pack, settings.tower, settings.seed, out / "tower", device)
    language_model = load_language_model(settings.language_model, training_dtype(device))
    config = EinthovenConfig(
        tower_channels=settings.tower.channels,
        findings=findings,
        text_config=text_config(language_model),
        language_model=settings.language_model,
        tower_width=settings.tower.width,
        tower_dropout=settings.tower.dropout,
        lora_rank=settings.language.rank,
        lora_alpha=settings.language.alpha,
    )
    model = EinthovenForConditionalGeneration(config, language_model)
    model.tower.load_state_dict(tower.state_dict())
    model.tower.float()
    model.projector.float()
    model = model.to(device)
    train_language(model, pack, settings.language, settings.seed, out / "language")
    part = _write(model, out / "model.part")
    calibrate(part, pack)
    say_seen(part, pack.rows)
    folder = out / "model"
    if folder.exists():
        shutil.rmtree(folder)
    return part.rename(folder)


def say_seen(folder: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write whom a model has seen: trained on all folds of train but 0, calibrated and selected on fold 0 and valid."""
    trained: set[str] = set()
    chosen: set[str] = set()
    for row in rows:
        key = patient_key("ptbxl", str(row["patient"]))
        if row["split"] == "train":
            (chosen if row["fold"] == CALIBRATION_FOLD else trained).add(key)
        elif row["split"] == "valid":
            chosen.add(key)
    write_seen(folder, trained, chosen)


def _name_base(path: Path, language_model: str) -> None:
    """Let the adapters name their language model as the configuration does, not by a path of this machine."""
    values = json.loads(path.read_text()) | {"base_model_name_or_path": language_model}
    path.write_text(json.dumps(values, indent=1, sort_keys=True) + "\n")


def training_dtype(device: torch.device) -> torch.dtype:
    """Frozen weights in bfloat16 where the hardware is fast at it."""
    fast = device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if fast else torch.float32


def _packed(root: Path, folder: Path) -> Pack:
    return open_pack(folder) if is_pack(folder) else make_pack(root, folder)


def _claim(settings: Recipe | DelineatorRecipe, out: Path, resume: bool) -> None:
    path = out / "recipe.json"
    values = json.loads(json.dumps(asdict(settings)))
    if path.is_file():
        if not resume:
            raise JobError(f"{out}: holds a run already; continue it with --resume or give another --out")
        if json.loads(path.read_text()) != values:
            raise JobError(f"{out}: holds a run of other settings; give another --out")
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"{out}: cannot be made ({error.strerror})") from error
    atomic_write(path, json.dumps(values, indent=1).encode())


def _write(model: EinthovenForConditionalGeneration, folder: Path) -> Path:
    """Write tower, projector and adapters (float16) as a model folder; what a killed run left there is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    adapters = model.language_model
    for name, parameter in adapters.named_parameters():
        if "lora_" in name:
            parameter.data = parameter.data.half()
    adapters.save_pretrained(str(folder))
    for extra in folder.glob("*.md"):
        extra.unlink()
    save_parts(model, folder)
    return folder
