"""A long list in a chat: a page at a time, and a button for the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.messages import Choice

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """What is shown at once; `start` is how many stand before it, `onward` the button, if there is more."""

    start: int
    shown: Sequence[T]
    onward: tuple[Choice, ...]


def page(choice: str, meaning: str, found: Sequence[T], size: int) -> Page[T]:
    """The page that `choice` means, "<meaning>:<start>"; the first for every other choice."""
    said = choice.removeprefix(f"{meaning}:")
    start = int(said) if said != choice and said.isdecimal() else 0
    end = start + size
    onward = (Choice(f"{meaning}:{end}", "Berikutnya"),) if end < len(found) else ()
    return Page(start, found[start:end], onward)
