"""Plain JSON objects of a platform, read field by field.

Dictionaries are read instead of a library's classes, so that one unknown or broken field never costs
the rest.  What cannot be read is named by its path only: the content may be personal.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

from bot.errors import Unreadable

LARGEST = 2**63
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_KIND = re.compile(r"[a-z0-9]{1,20}/[a-z0-9][a-z0-9.+-]{0,80}")
_DIGITS = re.compile(r"[0-9]{1,18}")
#: A platform's own names have small letters only; ids of people have others, or digits.
_TERM = re.compile(r"[a-z_]{1,60}")
_YEAR_3000 = 32_503_680_000


def clean(text: str) -> str:
    """Without what no database and no other program can keep: NUL and half characters."""
    return _BROKEN.sub("\ufffd", text)


def media_type(said: str) -> str:
    """What sort of file it is said to be, as in "image/jpeg": it goes out again in headers; else empty."""
    found = said.partition(";")[0].strip().lower()
    return found if _KIND.fullmatch(found) else ""


class Part:
    """One object of an event.  A field of the wrong type raises `Unreadable` with its path only."""

    __slots__ = ("_fields", "_path")

    def __init__(self, fields: object, path: str) -> None:
        if not isinstance(fields, dict):
            raise Unreadable(path)
        self._fields = cast("dict[str, object]", fields)
        self._path = path

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._fields.get(name) is not None

    def one_of(self, names: Iterable[str]) -> str:
        """The first of the names that is there, or nothing."""
        return next((name for name in names if self.has(name)), "")

    def part(self, name: str) -> "Part":
        """The object in this field; it must be there."""
        return Part(self._fields.get(name), f"{self._path}.{name}")

    def maybe(self, name: str) -> "Part | None":
        """The object in this field, if there is one."""
        return self.part(name) if self.has(name) else None

    def parts(self, name: str, *, some: bool = False) -> "list[Part]":
        """The objects of the list in this field; none if it is not there, unless there must be `some`."""
        items = self._fields.get(name, [])
        if not isinstance(items, list) or (some and not items):
            raise Unreadable(f"{self._path}.{name}")
        return [Part(item, f"{self._path}.{name}") for item in items]

    def number(self, name: str, default: int | None = None) -> int:
        """The whole number in this field; without a default it must be there."""
        value = self._fields.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= LARGEST:
            raise Unreadable(f"{self._path}.{name}")
        return value

    def id(self, name: str) -> str:
        """The number in this field as an id, empty if it is not there."""
        return str(self.number(name)) if self.has(name) else ""

    def text(self, name: str) -> str:
        """The text in this field, empty if it is not there."""
        value = self._fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Unreadable(f"{self._path}.{name}")
        return clean(value)

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        """The text in this field, empty if it is not there; all of it must match."""
        value = self.text(name)
        if value and not pattern.fullmatch(value):
            raise Unreadable(f"{self._path}.{name}")
        return value

    def needed(self, name: str, pattern: re.Pattern[str]) -> str:
        """The text in this field; it must be there and match."""
        value = self.matching(name, pattern)
        if not value:
            raise Unreadable(f"{self._path}.{name}")
        return value

    def word(self, name: str) -> str:
        """A text or a whole number as text; empty for everything else."""
        value = self._fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | str):
            return ""
        return clean(value) if isinstance(value, str) else str(value) if abs(value) < LARGEST else ""

    def kind(self, name: str) -> str:
        """The sort of file in this field; empty where it is none."""
        return media_type(self.word(name))

    def term(self, name: str) -> str:
        """The text in this field where it is a name of the platform's own, to be told to the log; else "?"."""
        value = self.text(name)
        return value if _TERM.fullmatch(value) else "?"

    def flag(self, name: str) -> bool:
        """Whether the field says true."""
        return self._fields.get(name) is True

    def moment(self, name: str) -> datetime:
        """The Unix time in this field, as a number or in digits."""
        digits = self.word(name)
        if not _DIGITS.fullmatch(digits) or int(digits) >= _YEAR_3000:
            raise Unreadable(f"{self._path}.{name}")
        return datetime.fromtimestamp(int(digits), UTC)
