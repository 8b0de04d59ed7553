"""Every refusal of the domain has its sentences, and says something else the second time."""

import re
from pathlib import Path

import pytest

from bot.texts import FOLDER, plain, render

DOMAIN = Path(__file__).parents[2] / "bot" / "domain"
RAISED = sorted(
    {t for path in DOMAIN.glob("*.py") for t in re.findall(r'"(invalid/\w+)"', path.read_text("utf-8"))}
)
TEMPLATES = sorted(path.stem for path in (FOLDER / "invalid").glob("*.txt"))


def declared(name: str) -> set[str]:
    first_line = (FOLDER / "invalid" / f"{name}.txt").read_text("utf-8").partition("\n")[0]
    assert first_line.startswith(f"{{# invalid/{name}: ")
    return set(re.findall(r"(\w+) \(", first_line.partition("Values:")[2]))


@pytest.mark.parametrize("template", RAISED)
def test_what_the_domain_raises_has_a_template(template: str) -> None:
    assert (FOLDER / f"{template}.txt").is_file()


@pytest.mark.parametrize("name", TEMPLATES)
def test_both_attempts_are_short_and_differ(name: str) -> None:
    values = {value: "13" for value in declared(name)}
    first, second = (plain(render(f"invalid/{name}", values | {"attempt": n})) for n in (1, 2))
    assert first != second
    assert all(2 <= len(text.splitlines()) <= 3 for text in (first, second))
    assert all(len(line) <= 110 for text in (first, second) for line in text.splitlines())


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_first_line_names_the_values_that_are_used(name: str) -> None:
    used = set(re.findall(r"\{\{ (\w+) \}\}", (FOLDER / "invalid" / f"{name}.txt").read_text("utf-8")))
    assert used <= declared(name)
    assert "attempt" in declared(name)
