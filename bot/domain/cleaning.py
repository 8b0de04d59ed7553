"""What people type, made plain before anybody reads a meaning into it.

Everything here is linear, and long texts are refused before they are looked at.
"""

import re
import unicodedata

from bot.errors import Invalid

LIMIT = 400  # characters; no single answer needs more
_CALLED = 60  # of a name that nobody asked for

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, bidi and zero-width marks, surrogates, private use
_SPACES = re.compile(r"\s+")
_IN_NO_NAME = re.compile(r'[\\/:*?"<>|]+')


def visible(text: str) -> str:
    """Without characters nobody sees; every run of white space becomes one space."""
    if text.isprintable():  # a blank is the only white space in it
        return " ".join(text.split())
    spaced = _SPACES.sub(" ", text)
    return _SPACES.sub(" ", "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)).strip()


def called(name: str) -> str:
    """What somebody calls themselves, as it may stand beside our own words: one line, and not a long one."""
    return visible(name)[:_CALLED].strip()


def typed(text: str) -> str:
    """The answer in compatibility form, ready for a parser of numbers, dates or words.

    Raises `Invalid` for an empty or very long text and for digits other than 0-9, which Python's
    own `int()` and `\\d` would accept in silence.
    """
    if len(text) > LIMIT:
        raise Invalid("invalid/too_long", limit=LIMIT)
    plain = visible(unicodedata.normalize("NFKC", visible(text)))
    if not plain:
        raise Invalid("invalid/empty")
    if any(c.isdigit() and not c.isascii() for c in plain):
        raise Invalid("invalid/digits")
    return plain


def words(text: str) -> list[str]:
    """The lower-case words and numbers of a text, without punctuation and signs."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", visible(text[:LIMIT])).casefold())


def file_name(text: str) -> str:
    """What may be called so, as the name of a file: a group called "RT/RW" makes no folder."""
    return _IN_NO_NAME.sub("-", visible(text)).strip(" .-") or "berkas"
