"""No pattern that reads what people typed grows with the square of it: one message would hold up everybody's."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import partial

import pytest

from bot import domain, filling, forms

pytestmark = pytest.mark.slow

#: The longest message of a platform.
LONGEST = 4096
#: Seconds of the processor: a linear pattern takes less than a thousandth of it, a quadratic one several times as much.
BOUND = 0.2
#: Ways to say one thing, which are only ever held against the whole of a short sentence.
WHOLE_ONLY = {"bot.domain.referring._CHANGES"}
RUNS = (" ", "\n", "1", ".", "a", "-", ",", "1 ", "1.", "a ", "a.", " .", ", ", "\n ", "1-")
AROUND = (("", ""), ("x", "x"), ("1", "!"), ("x ", " 1"), ("", "x"))


def _texts() -> Iterator[str]:
    for run in RUNS:
        for before, behind in AROUND:
            room = LONGEST - len(before) - len(behind)
            yield before + (run * room)[:room] + behind


def _patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern of a module, by its name; each once, where several modules have it."""
    names = [f"{domain.__name__}.{each.name}" for each in pkgutil.iter_modules(domain.__path__)]
    found: dict[re.Pattern[str], str] = {}
    for module in (*(importlib.import_module(name) for name in names), forms, filling):
        for name, value in vars(module).items():
            for pattern in _within(value):
                found.setdefault(pattern, f"{module.__name__}.{name}")
    return {f"{name} {number}": pattern for number, (pattern, name) in enumerate(found.items())}


def _within(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _within(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _within(each)


PATTERNS = _patterns()
TEXTS = tuple(_texts())


def _seconds(name: str, text: str) -> float:
    """Of the slowest way to use it; `sub` searches and matches wherever either would."""
    pattern, slowest = PATTERNS[name], 0.0
    whole_only = name.partition(" ")[0] in WHOLE_ONLY
    for use in (pattern.fullmatch, *(() if whole_only else (partial(pattern.sub, ""),))):
        start = time.process_time()
        use(text)
        slowest = max(slowest, time.process_time() - start)
    return slowest


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 150


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_reads_the_longest_message_at_once(name: str) -> None:
    for text in TEXTS:
        if _seconds(name, text) > BOUND:  # once more: the machine may have been busy
            again = min(_seconds(name, text) for _ in range(2))
            assert again < BOUND, f"{name}, {PATTERNS[name].pattern!r}: {again:.2f} s for {text[:8]!r}…"
