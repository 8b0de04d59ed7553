"""What a conversation looks like on each channel, by rule: one text is held against all of them.

Everywhere: between different chats there is no order, only within each.

| channel  | what its platform forces                           | rule                                         |
|----------|----------------------------------------------------|----------------------------------------------|
| web      | its page sends texts, photos and documents only    | other lines, and what they bring, are left out |
| WhatsApp | no press waits for a notice                        | "(sekilas) …" is a message like any other    |
| WhatsApp | a sent message cannot be changed                   | "(diubah) …" is a new message                |
| WhatsApp | a list has ten rows                                | of more choices nine, then "Lainnya »"       |
| WhatsApp | there are no groups for districts                  | groups, "#…", are on Telegram, as written    |

Whoever speaks in a group of the WhatsApp run has both: what a group sends into their own chat goes on in
Telegram, where they are, and they answer where they were written to last.  Everything else in private is
on WhatsApp.  Marks of having read are not told.

Not in the table, because they are undone where a message is read back: emphasis, long texts in parts,
labels shortened above their whole, signs in full width.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.channels.whatsapp_letters import MORE, ROWS

_WHO = re.compile(r"(?P<who>[\w/]+)(?: in (?P<room>#\w+))?> ?(?P<what>.*)")
_NAMED = re.compile(r"= (#?[\w/]+): ")
_TO = re.compile(r"< (#?[\w/]+): (.*)")
_SHAPE = re.compile(r"\((\w+)")
_NOTES = re.compile(r"\((?:sekilas|diubah)\) ")
_BUTTON = re.compile(r"\[\d+ .+?\](?= \[\d+ |$)")


@dataclass(frozen=True)
class Dialect:
    """The rules of one channel."""

    cannot_send: frozenset[str] = frozenset()  # shapes
    no_changes: bool = False  # in private: neither notices nor edits
    rows: int = 0  # of a question in private; 0: any number


DIALECTS = {
    "memory": Dialect(),
    "telegram": Dialect(),
    "web": Dialect(cannot_send=frozenset({"voice", "sticker"})),
    "whatsapp": Dialect(no_changes=True, rows=ROWS),
}


@dataclass(frozen=True)
class Block:
    """One message: where it is seen, and its lines without the marks at their beginning."""

    to: str
    lines: tuple[str, ...]

    @property
    def told(self) -> str:
        """As it is compared."""
        return "\n".join([f"< {self.to}: {self.lines[0]}", *(f"  {line}" for line in self.lines[1:])])


@dataclass
class Turn:
    """One line of a conversation and what came of it."""

    line: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """What is sent, if it is neither text nor a press."""
        said = _WHO.fullmatch(self.line)
        found = _SHAPE.match(said["what"]) if said else None
        return found[1] if found else ""


def sayable(written: str, dialect: Dialect) -> str:
    """A conversation without what nobody can send there."""
    kept = (turn for turn in _turns(written) if turn.shape not in dialect.cannot_send)
    return "\n".join(line for turn in kept for line in [turn.line, *(each.told for each in turn.blocks)])


def seen(written: str, dialect: Dialect) -> str:
    """A conversation as it looks in a dialect, its messages sorted by chat."""
    lines: list[str] = []
    for turn in _turns(written):
        blocks = sorted((_in(dialect, block) for block in turn.blocks), key=lambda block: block.to)
        lines += [turn.line, *(block.told for block in blocks)]
    return "\n".join(lines)


def _turns(written: str) -> Iterator[Turn]:
    names = set(_NAMED.findall(written)) | {
        found[1] for found in re.finditer(rf"(?m)^{_WHO.pattern}$", written)
    }
    turn = Turn("")
    for line in written.splitlines():
        if line.startswith("< "):
            turn.blocks.append(_block(line, turn.line, names))
        elif line.startswith("  "):
            turn.blocks[-1] = replace(turn.blocks[-1], lines=(*turn.blocks[-1].lines, line[2:]))
        else:
            yield turn
            turn = Turn(line)
    yield turn


def _block(line: str, cause: str, names: set[str]) -> Block:
    to, said = _TO.fullmatch(line), _WHO.fullmatch(cause)
    if to and to[1] in names:
        return Block(to[1], (to[2],))
    assert said, f"to whom? {line}"
    return Block(said["room"] or said["who"], (line[2:],))


def _in(dialect: Dialect, block: Block) -> Block:
    if block.to.startswith("#"):
        return block
    lines = list(block.lines)
    if dialect.no_changes:
        lines[0] = _NOTES.sub("", lines[0], count=1)
    if dialect.rows:
        lines = [_paged(line, dialect.rows) for line in lines]
    return replace(block, lines=tuple(lines))


def _paged(line: str, rows: int) -> str:
    """The first page of a question."""
    buttons = _BUTTON.findall(line) if line.startswith("[1 ") else []
    return " ".join([*buttons[: rows - 1], f"[{rows} {MORE}]"]) if len(buttons) > rows else line
