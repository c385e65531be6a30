"""What a result was made with: version, commit, a hash of the code; and the claim on a folder that holds one run."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import JobError

FILE = "run.json"
PACKAGE = Path(__file__).parent.parent
RAN = "ran"  # when, for how long and by which command: another run of the same differs in it


@cache
def code_hash() -> str:
    """Return 12 hex digits over all code of the package."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def commit(folder: Path = PACKAGE.parent) -> str | None:
    """Return the commit that a working copy is at, None outside of one; read from its files, no program is run."""
    git = folder / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head[:12]
        name = head.removeprefix("ref: ")
        if (git / name).is_file():
            return (git / name).read_text(encoding="utf-8").strip()[:12]
        packed = (git / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0][:12] for line in packed if line.endswith(f" {name}")), None)
    except (OSError, UnicodeDecodeError):
        return None


def claim(out: Path, about: Mapping[str, Any], ran: Mapping[str, Any]) -> None:
    """Write run.json, by which a later run knows whose answers lie here.

    Raises JobError where the folder holds answers of another model, task, split or data, or cannot be made.
    """
    path = out / FILE
    before = read_run(out)
    plain = json.loads(json.dumps(dict(about)))
    if (out / "answers.jsonl").exists():
        if before is None:
            raise JobError(f"{out}: holds answers, and no {FILE} says whose; give another --out")
        differ = sorted(key for key in {*before, *plain} - {RAN} if before.get(key) != plain.get(key))
        if differ:
            raise JobError(f"{out}: holds answers of another {', '.join(differ)}; give another --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"{out}: cannot be made ({error.strerror})") from error
    atomic_write(path, json.dumps({**plain, RAN: dict(ran)}, indent=1).encode() + b"\n")


def read_run(out: Path) -> dict[str, Any] | None:
    """Return what lies in run.json of a folder, None where there is none. Raises JobError for what is none."""
    path = out / FILE
    if not path.is_file():
        return None
    try:
        about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {**about}
    except (OSError, ValueError, TypeError) as error:
        raise JobError(f"{path}: is not what a benchmark writes ({error}); give another folder") from error
