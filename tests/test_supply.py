"""What the program is built on: pinned, hashed, declared, under licences that were looked at."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from docs import licences

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-ocr.lock")
#: Licences that an office may run without further duties, and those of libraries that are used unchanged.
FINE = {
    "MIT", "MIT-0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "MPL-2.0", "LGPL-3.0-only",
}  # fmt: skip
_ENTRY = re.compile(r"(?m)^(?![ #])\S.*(?:\n +.*)*")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_to_one_version_with_its_hashes(lock: str) -> None:
    entries = _ENTRY.findall((ROOT / lock).read_text(encoding="utf-8"))
    assert len(entries) == len(licences.pinned(ROOT / lock)) > 20
    assert [entry for entry in entries if not _HASH.search(entry)] == []
    assert [entry for entry in entries if "://" in entry.split("# via")[0]] == []


def test_the_lock_files_agree() -> None:
    base = dict(licences.pinned(ROOT / LOCKS[0]))
    for lock in LOCKS[1:]:
        other = dict(licences.pinned(ROOT / lock))
        assert {name: other[name] for name in base.keys() & other.keys() if other[name] != base[name]} == {}


def test_nothing_is_installed_without_its_hash() -> None:
    places = [
        ROOT / "Makefile",
        ROOT / ".ci" / "run",
        *(ROOT / "deploy").iterdir(),
        *(ROOT / "docs").rglob("*.md"),
    ]
    lines = [line for place in places for line in place.read_text(encoding="utf-8").splitlines()]
    installs = [line for line in lines if re.search(r"\bpip3? install\b|\bpip3? .*\binstall\b", line)]
    assert len(installs) >= 4
    assert [line for line in installs if "--require-hashes" not in line] == []


@cache
def declared() -> frozenset[str]:
    """The packages that the project names itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["ocr"]]
    return frozenset(_name(re.split(r"[<>=!~ ;\[]", each)[0]) for each in wanted)


def _name(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


#: What comes with a declared package and is imported by its own name, or is asked for where it is installed.
BESIDE = {
    "pydantic": "pydantic-settings", "pydantic_core": "pydantic-settings", "markupsafe": "jinja2",
    "rapidocr": "rapidocr", "numpy": "rapidocr", "cv2": "rapidocr",
}  # fmt: skip


def _imported(path: Path) -> set[str]:
    """The packages outside the standard library that a module names."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in names} - {"bot", "handlers"} - sys.stdlib_module_names


@pytest.mark.slow
def test_whatever_is_imported_is_declared() -> None:
    known = metadata.packages_distributions()
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    imported = {name for path in files for name in _imported(path)}
    assert {"aiohttp", "cryptography"} <= imported
    from_ = {name: {*map(_name, known.get(name, ())), BESIDE.get(name, "")} for name in imported}
    assert {name for name, packages in from_.items() if not packages & declared()} == set()


def test_the_licences_are_written_down() -> None:
    assert licences.FILE.read_text(encoding="utf-8") == licences.text(), (
        "python -m docs.licences writes it anew"
    )


def test_every_licence_was_looked_at() -> None:
    for name, _ in licences.pinned(ROOT / LOCKS[0]):
        assert set(re.split(r" (?:AND|OR) ", licences.licence(name))) <= FINE, name
