"""How a recorded event is broken: one or a few changes to its tree, and at last to its bytes, drawn by chance."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[str | int, ...]
#: In place of what JSON's writer cannot write, or only slowly; exchanged in the bytes.
_RAW: dict[str, bytes] = {
    "@deep list@": b"[" * 20_000 + b"]" * 20_000,
    "@deep object@": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "@deep, never closed@": b"[" * 50_000,
    "@ten to the 400@": b"1" + b"0" * 400,
    "@ten to the 5000@": b"-1" + b"0" * 5_000,
    "@no number@": b"1e9999",
    "@no character@": b'"\xff\xfe\xc3"',
    "@half a character@": b'"a\\ud83d"',
    "@nothing@": b"",
}
JUNK: tuple[object, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 10**30, 1.5, -0.0, float("nan"), float("inf"),
    "", " ", "x", "0", "-1", "9" * 40, "\ud800", "\x00", "a\x00b\udfff", "\u202e", "{{ 7*7 }}", "*_`[<b>&", "' OR 1=1 --",
    "=1+1", "../../etc/passwd", "\n" * 50, "😀" * 200, "x" * 70_000, "/" * 5_000, "1 " * 20_000, "a" * 4_097,
    [], [[]], [None], [[[]]], {}, {"id": {}}, {"": ""}, {"__proto__": 1}, *_RAW,
)  # fmt: skip
#: Names that other events have in these places: a field is put where it does not belong.
STRAY = ("message", "edited_message", "callback_query", "my_chat_member", "text", "from", "chat", "sender_chat", "contact",
         "photo", "document", "reply_to_message", "migrate_to_chat_id", "forward_origin", "statuses", "messages",
         "errors", "interactive", "button", "context", "system", "user_id_update", "group_id", "facts", "args")  # fmt: skip


class _Twin(str):
    """A key that equals no other, so that an object can have the same one twice."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def paths(tree: object, path: Path = ()) -> Iterator[Path]:
    """Every place in it."""
    yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, child in items:
        yield from paths(child, (*path, key))


def _at(tree: Any, path: Path) -> Any:
    for key in path:
        tree = tree[key]
    return tree


class Mutator:
    """Breaks trees; `ids` are numbers and names of other people and groups, `trees` other events."""

    def __init__(self, dice: random.Random, ids: tuple[object, ...], trees: tuple[object, ...]) -> None:
        self._dice = dice
        self._ids = ids
        self._trees = trees
        self._ways: tuple[Callable[[Any, Path], None], ...] = (
            self._replace, self._replace, self._delete, self._nest, self._double, self._foreign, self._stray,
            self._transplant,
        )  # fmt: skip

    def broken(self, tree: object) -> bytes:
        """The event with one to three changes, as bytes."""
        box = [copy.deepcopy(tree)]
        for _ in range(self._dice.choices((1, 2, 3), (6, 3, 1))[0]):
            found = [path for path in paths(box) if path]
            self._dice.choice(self._ways)(box, self._dice.choice(found))
        body = json.dumps(box[0]).encode() if box else b""
        for mark, raw in _RAW.items():
            body = body.replace(json.dumps(mark).encode(), raw)
        return self._bytes(body) if self._dice.random() < 0.04 else body

    def _replace(self, box: Any, path: Path) -> None:
        _at(box, path[:-1])[path[-1]] = copy.deepcopy(self._dice.choice(JUNK))

    def _delete(self, box: Any, path: Path) -> None:
        if len(path) > 1:
            del _at(box, path[:-1])[path[-1]]

    def _nest(self, box: Any, path: Path) -> None:
        place, key = _at(box, path[:-1]), path[-1]
        inner = place[key]
        place[key] = self._dice.choice(([inner], {"a": inner}, {str(key): inner}, [inner, inner], [[inner]]))

    def _double(self, box: Any, path: Path) -> None:
        place, key = _at(box, path[:-1]), path[-1]
        if isinstance(place, dict):
            place[_Twin(key)] = copy.deepcopy(self._dice.choice((*JUNK, place[key])))
        elif len(path) > 1:
            place.append(copy.deepcopy(place[key]))

    def _foreign(self, box: Any, path: Path) -> None:
        _at(box, path[:-1])[path[-1]] = self._dice.choice(self._ids)

    def _stray(self, box: Any, path: Path) -> None:
        place = _at(box, path)
        if isinstance(place, dict):
            place[self._dice.choice(STRAY)] = copy.deepcopy(self._dice.choice(JUNK))

    def _transplant(self, box: Any, path: Path) -> None:
        """A piece of another event, or all of it, in this place."""
        other = self._dice.choice(self._trees)
        _at(box, path[:-1])[path[-1]] = copy.deepcopy(_at(other, self._dice.choice(list(paths(other)))))

    def _bytes(self, body: bytes) -> bytes:
        """Cut off, with a byte changed, with others in between."""
        at = self._dice.randrange(len(body) + 1)
        noise = self._dice.randbytes(self._dice.randrange(1, 6))
        return self._dice.choice(
            (body[:at], body[:at] + noise + body[at + 1 :], body[:at] + noise + body[at:])
        )
