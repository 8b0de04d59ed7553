"""What the documents say of themselves and of the program: headings, links, and commands that exist."""

import re
from collections import Counter
from pathlib import Path

import click
import pytest

from bot.__main__ import main

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
#: A command line that is shown: its words, and what follows on the line.
_SHOWN = re.compile(r"python -m bot ([a-z]+(?: [a-z]+)?)([^`\n#|&]*)")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def headings(path: Path) -> list[str]:
    """Outside of blocks of code, as they are written."""
    plain = re.sub(r"^ *```.*?^ *```", "", text_of(path), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ +(.+)$", plain, re.MULTILINE)


def anchor(heading: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [each for each in DOCUMENTS if each.name != "CHANGELOG.md"], ids=name)
def test_nothing_is_told_under_two_headings_of_one_name(path: Path) -> None:
    bare = Counter(re.sub(r"^[0-9.]+ +", "", heading).casefold() for heading in headings(path))
    assert [heading for heading, count in bare.items() if count > 1] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text_of(path)):
        place, _, part = (target[0] or target[1]).partition("#")
        if re.match(r"[a-z]+:", place):
            continue
        there = (path.parent / place).resolve() if place else path
        assert there.exists(), f"{place}: is not there"
        assert not part or part in map(anchor, headings(there)), f"#{part}: no such heading"


def command_of(words: str) -> click.Command:
    """The deepest command that these words name."""
    found: click.Command = main
    for word in words.split():
        if isinstance(found, click.Group) and word in found.commands:
            found = found.commands[word]
    return found


def test_every_command_that_is_shown_exists_with_its_options() -> None:
    shown = [found for path in DOCUMENTS for found in _SHOWN.findall(text_of(path))]
    for words, rest in shown:
        command = command_of(words)
        assert command is not main, words
        known = {option for param in command.params for option in param.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, words + rest
    assert len(shown) > 40
