"""What a run of hours said, kept beside the program it was said of: a run that was cut off goes on where it was."""

import hashlib
import json
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: What a result depends on.
SOURCES = ("bot", "handlers", "templates", "bench", "requirements.lock")


@cache
def program() -> str:
    """A fingerprint of all that runs: with one letter changed, nothing that was kept counts."""
    digest = hashlib.sha256()
    for name in SOURCES:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(
                    f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest()
                )
    return digest.hexdigest()[:16]


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
            if (entry["program"], entry["command"]) == (program(), shlex.join(command)):
                return dict(entry["said"])
        return None

    def keep(self, command: Sequence[str], said: Mapping[str, float]) -> None:
        """A command that was carried out whole and broke nothing."""
        if self._path is not None:
            entry = {"program": program(), "command": shlex.join(command), "said": dict(said)}
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")
