"""What a run of hours said, kept beside the program it was said of: a run that was cut off goes on where it was."""

import ast
import hashlib
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: What every result depends on: all that runs at an operator's.
PROGRAM = ("bot", "handlers", "templates", "requirements.lock")
#: What a bench depends on besides what it imports: it starts the tests that a table names.
BESIDES = {"bench.attacks": ("tests", "docs/asvs.md")}


@cache
def program(bench: str) -> str:
    """A fingerprint of the program and of the bench that judges it, a module with all of ours that it imports: with one
    letter of them changed nothing that was kept counts.
    """
    digest = hashlib.sha256()
    files = {path for name in (*PROGRAM, *BESIDES.get(bench, ())) for path in _files(ROOT / name)}
    for path in sorted(files | _imported(bench)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(top: Path) -> Iterator[Path]:
    for path in top.rglob("*") if top.is_dir() else [top]:
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _imported(bench: str) -> set[Path]:
    """The module's file, and those of ours outside the program that it imports, and they."""
    found: set[Path] = set()
    names = [bench]
    while names:
        path = ROOT.joinpath(*names.pop().split(".")).with_suffix(".py")
        if path.is_file() and path not in found and path.relative_to(ROOT).parts[0] not in PROGRAM:
            found.add(path)
            names += _names(ast.parse(path.read_bytes()))
    return found


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


class Kept:
    """Results by command, a line each; `path` None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def get(self, command: Sequence[str]) -> dict[str, float] | None:
        """What this command said of this program, if it held."""
        if self._path is None or not self._path.exists():
            return None
        for line in self._path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if (entry["program"], entry["command"]) == (program(command[0]), shlex.join(command)):
                return dict(entry["said"])
        return None

    def keep(self, command: Sequence[str], said: Mapping[str, float]) -> None:
        """A command that was carried out whole and broke nothing."""
        if self._path is not None:
            entry = {"program": program(command[0]), "command": shlex.join(command), "said": dict(said)}
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")
