"""Telegram's HTML: tags become entities, and what it refuses is refused in its words.

See https://core.telegram.org/bots/api#html-style.
"""

import html
import re

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "tg-spoiler": "spoiler", "blockquote": "blockquote",
}  # fmt: skip

_TOKEN = re.compile(r"<(/?)([^<>]*)>|<|&(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class CannotParse(Exception):
    """The markup is wrong; the message is Telegram's."""


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(marked: str) -> tuple[str, list[dict[str, object]]]:
    """Plain text and entities."""
    if "<" not in marked and "&" not in marked:
        return marked, []
    pieces: list[str] = []
    entities: list[dict[str, object]] = []
    open_tags: list[tuple[str, int]] = []
    position = length = 0
    for token in _TOKEN.finditer(marked):
        before = marked[position : token.start()] + (html.unescape(token[0]) if token[3] else "")
        pieces.append(before)
        length += units(before)
        position = token.end()
        if token[3]:
            continue
        if token[1]:
            entities += _closed(open_tags, token[2], length)
        else:
            open_tags.append((_tag(token), length))
    if open_tags:
        raise CannotParse(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return "".join(pieces) + marked[position:], entities


def _tag(token: re.Match[str]) -> str:
    name = (token[2] or "").split(" ")[0].lower()
    if name not in TAGS:
        raise CannotParse(f'Unsupported start tag "{name}" at byte offset {token.start()}')
    return name


def _closed(open_tags: list[tuple[str, int]], name: str, length: int) -> list[dict[str, object]]:
    if not open_tags or open_tags[-1][0] != name.lower():
        raise CannotParse(f'Unmatched end tag, found "</{name}>"')
    tag, start = open_tags.pop()
    return [{"type": TAGS[tag], "offset": start, "length": length - start}] if length > start else []
