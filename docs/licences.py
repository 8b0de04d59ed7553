"""Writes docs/licences.md: what the program is built on, and under which licences: `python -m docs.licences`.

Names and versions are those of the lock file; the licences stand in what is installed.
"""

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "licences.md"
#: A package of a lock file, whose hashes follow on lines of their own.
PINNED = re.compile(r"(?m)^([A-Za-z0-9._-]+)==([A-Za-z0-9._+-]+)(?: ;[^\n]*)? \\$")
#: The words of classifiers and of free texts, as SPDX names them.
SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
HEAD = """# Licences

Payung Desa itself is under the [MIT licence](../LICENSE). It is installed together with these packages, each from its own
author, unchanged (`requirements.lock`; this table is written by `python -m docs.licences`, and a test holds it equal):

| package | version | licence |
| --- | --- | --- |
"""
TAIL = """
`python-telegram-bot` is under the LGPL: it is used as a library and can be replaced by another version. The fonts in
`bot/reports/fonts` come with their own text ([LICENSES.md](../bot/reports/fonts/LICENSES.md)). The packages that read photos of
identity cards (`requirements-ocr.lock`) are installed by who wants them; those of developers (`requirements-dev.lock`)
go to no office.
"""


def pinned(lock: Path) -> list[tuple[str, str]]:
    """Names and versions in a lock file."""
    return PINNED.findall(lock.read_text(encoding="utf-8"))


def licence(name: str) -> str:
    """What the installed package says of itself."""
    told = metadata.metadata(name)
    expression, words = told.get("License-Expression"), told.get("License") or ""
    if expression:
        return str(expression)
    classified = [
        each.split(" :: ")[-1] for each in told.get_all("Classifier") or () if each.startswith("License")
    ]
    if words and "\n" not in words and words not in ("UNKNOWN", "Dual License"):
        return SPDX.get(words, words)
    return " OR ".join(SPDX.get(each, each) for each in sorted(classified)) or "unknown"


def text() -> str:
    """The whole page."""
    return HEAD + "".join(_rows()) + TAIL


def _rows() -> Iterator[str]:
    for name, version in pinned(ROOT / "requirements.lock"):
        yield f"| {name} | {version} | {licence(name)} |\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"{FILE} is written.")
