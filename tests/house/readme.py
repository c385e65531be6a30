"""The README as its parts: fenced blocks by language, console commands with what they print, the file tree."""

import re
from dataclasses import dataclass

from tests.support import ROOT

README = ROOT / "README.md"


@dataclass(frozen=True)
class Command:
    """One `$ einthoven ...` line and the lines that stand below it, up to the next one."""

    line: str
    prints: str


def blocks(language: str) -> list[str]:
    """The fenced blocks of README.md in one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands() -> list[Command]:
    """Every `$ einthoven` command of the console blocks; a line that ends in a backslash goes on."""
    found = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            line, _, prints = part.partition("\n")
            if line.startswith("einthoven "):
                found.append(Command(line.strip(), prints.strip()))
    return found


def tree() -> set[str]:
    """The paths of the file tree: the ```text block that has a line `einthoven/`.

    A name is a line's first word; depth is its indentation (spaces or the strokes of `tree`); folders end with `/`.
    """
    (block,) = [text for text in blocks("text") if re.search(r"^\W*einthoven/(\s|$)", text, re.MULTILINE)]
    paths: set[str] = set()
    above: list[tuple[int, str]] = []  # (indentation, folder) of the folders around this line
    for line in filter(str.strip, block.splitlines()):
        bare = line.lstrip(" │├└─")
        indent, name = len(line) - len(bare), bare.split()[0]
        while above and above[-1][0] >= indent:
            above.pop()
        path = "".join(folder for _, folder in above) + name
        if name.endswith("/"):
            above.append((indent, name))
        paths.add(path)
    return paths
