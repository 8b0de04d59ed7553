"""Cutting marked text into parts that a platform takes; lengths are counted in UTF-16 units."""

from collections.abc import Callable, Iterator

from bot.texts import plain

BORDERS = ("\n\n", "\n", " ")  # where a cut is seen least


def written(marked: str) -> int:
    """The length of marked text, its emphasis counted like other characters."""
    return len(marked.encode("utf-16-le", "surrogatepass")) // 2


def units(marked: str) -> int:
    """The length of marked text without its emphasis."""
    return written(plain(marked))


def split(marked: str, limit: int, length: Callable[[str], int] = units) -> list[str]:
    """Cut into parts no longer than `limit`: between paragraphs, lines, words, else anywhere."""
    parts = []
    rest = marked.strip()
    while len(rest) * 2 > limit and length(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest]


def last(marked: str, limit: int) -> tuple[str, str]:
    """The text in two, the second as much as fits into `limit`: paragraphs, else lines, words, anything."""
    marked = marked.strip()
    if written(marked) <= limit:
        return "", marked
    nearest = len(marked) - furthest(reversed(marked), limit)
    for border in BORDERS:
        cut = marked.find(border, nearest)
        while cut >= 0 and inside_bold(marked, cut):
            cut = marked.find(border, cut + 1)
        if cut >= 0 and (rest := marked[cut:].strip()):
            return marked[:cut].rstrip(), rest
    return marked[:nearest].rstrip(), marked[nearest:].lstrip()


def _cut(marked: str, limit: int) -> int:
    """Where the first part ends."""
    end = furthest(iter(marked), limit)
    for border in BORDERS:
        cut = marked.rfind(border, 1, end + 1)
        while cut > 0 and inside_bold(marked, cut):
            cut = marked.rfind(border, 1, cut)
        if cut > 0:
            return cut
    return end


def furthest(characters: Iterator[str], limit: int) -> int:
    """How many of the characters keep the limit, emphasis counted to be on the safe side."""
    used = number = 0
    for character in characters:
        used += 2 if ord(character) > 0xFFFF else 1
        if used > limit:
            break
        number += 1
    return number


def inside_bold(marked: str, cut: int) -> bool:
    """Whether a cut there would tear an emphasis apart."""
    line = marked[marked.rfind("\n", 0, cut) + 1 : cut]
    return line.count("*") % 2 == 1
