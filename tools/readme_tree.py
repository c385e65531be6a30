"""Print the file tree of the README: every file of the package with the one idea that its first line states.

python tools/readme_tree.py            print the tree
python tools/readme_tree.py --write    put it into README.md
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
OTHERS = {
    ".ci/": "what continuous integration runs",
    ".gitignore": "what stays out",
    "CHANGELOG.md": "what changed for users",
    "CONTRIBUTING.md": "how to work on it",
    "LICENSE": "Apache-2.0",
    "LOG.md": "dated experiments with numbers, negative ones too",
    "Makefile": "demo, test, check, docs, clean",
    "SECURITY.md": "what is promised, where to report",
    "constraints.txt": "versions known to work together",
    "docs/": "how to add a kind, cards, decisions",
    "examples/": "the demo",
    "perf/": "measurements of speed",
    "pyproject.toml": "the package",
    "tests/": "mirrors the package; house/ holds its guards",
    "tools/": "tables, trees and figures made anew",
}
FILES = {".csv": "a table", ".json": "settings or a tokenizer", ".safetensors": "weights", ".typed": "marks types"}
PLACE = re.compile(r"```text\neinthoven/.*?```", re.DOTALL)


def first_line(path: Path) -> str:
    """Return the first sentence of a module's docstring, or what kind of file it is."""
    if path.suffix != ".py":
        return FILES.get(path.suffix, "")
    doc = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines() or [""]
    return doc[0].rstrip(".")


def tree(files: list[str]) -> str:
    """Return the tree of these tracked files, folders first named, two spaces a level."""
    lines, seen = [], set()
    for name in sorted((f for f in files if f.startswith("einthoven/")), key=lambda f: (Path(f).parent.parts, f)):
        path = Path(name)
        for depth, folder in enumerate(reversed(path.parents[:-1])):
            if folder not in seen:
                seen.add(folder)
                init = ROOT / folder / "__init__.py"
                lines.append(f"{'  ' * depth}{folder.name}/  {first_line(init) if init.is_file() else ''}".rstrip())
        if path.name != "__init__.py":
            lines.append(f"{'  ' * (len(path.parts) - 1)}{path.name}  {first_line(ROOT / path)}".rstrip())
    tops = sorted({f"{head}/" if rest else head for head, _, rest in (f.partition("/") for f in files)})
    lines += [f"{top}  {OTHERS.get(top, '')}".rstrip() for top in tops if top not in ("einthoven/", "README.md")]
    return "\n".join(lines)


def main() -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    block = f"```text\n{tree([name for name in listed if (ROOT / name).exists()])}\n```"
    if "--write" in sys.argv:
        readme = ROOT / "README.md"
        readme.write_text(PLACE.sub(lambda _: block, readme.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(block)


if __name__ == "__main__":
    main()
