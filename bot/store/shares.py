"""The key file on paper: three shares, of which any two give it back, and one alone tells nothing.

Each byte of the ring is where a straight line meets 0, in the field of 256 elements (Shamir's scheme for
two of three): share 1, 2 and 3 hold the line's values at 1, 2 and 3.  One value fits every line, so one
share fits every key; two values give the line.  A share is written in base 32 without I, L, O and U, in
numbered lines; the two signs at the end of a line are its check.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.errors import Misconfigured
from bot.store.keyfile import Ring

SHARES = 3
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What people write for a sign that is not among them.
_READ_AS = str.maketrans("OIL", "011", " -")
_BYTES = 15  # of a line: 24 signs
_CHECK = 2
_SUM = 4
_HEAD = re.compile(r"\bshare\s+([1-3])\s+of\s+3\b.*?\bset\s+([0-9A-Z]{4})\b", re.IGNORECASE)
_LINE = re.compile(r"\s*([0-9]{1,3})\s*[:.)]\s*([0-9A-Za-z][0-9A-Za-z -]*?)\s*")
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Share:
    """One of the three sheets."""

    number: int
    set: str  # the same on the three sheets that belong together
    data: bytes

    def lines(self) -> list[str]:
        """As it is printed."""
        found = [f"Payung Desa key: share {self.number} of {SHARES}, set {self.set}"]
        for row in range(0, len(self.data), _BYTES):
            piece, number = self.data[row : row + _BYTES], row // _BYTES + 1
            signs = _signs(piece) + _check(self, number, piece)
            groups = " ".join(signs[at : at + 4] for at in range(0, len(signs), 4))
            found.append(f"{number:>2}: {groups}")
        return found


def split(ring: Ring) -> list[Share]:
    """Three new shares; those printed before still work among themselves."""
    packed = _packed(ring)
    slopes, name = secrets.token_bytes(len(packed)), "".join(secrets.choice(SIGNS) for _ in range(4))
    return [
        Share(x, name, bytes(byte ^ times(x, slope) for byte, slope in zip(packed, slopes, strict=True)))
        for x in range(1, SHARES + 1)
    ]


def join(first: Share, second: Share) -> Ring:
    """The ring of two shares; `Misconfigured` if they do not give one."""
    if first.number == second.number:
        raise Misconfigured(f"both are share {first.number}: two different ones are needed")
    if first.set != second.set or len(first.data) != len(second.data):
        raise Misconfigured(
            f"the shares do not belong together: sets {first.set} and {second.set}, "
            f"{len(first.data)} and {len(second.data)} bytes"
        )
    over = DIVIDED[first.number ^ second.number]
    packed = bytes(
        one ^ times(first.number, over[one ^ other])
        for one, other in zip(first.data, second.data, strict=True)
    )
    return _unpacked(packed)


def times(x: int, byte: int) -> int:
    """`x` (1, 2 or 3) times a byte, in the field of 256 elements that AES uses."""
    doubled = (byte << 1) ^ (0x11B if byte & 0x80 else 0)
    return (doubled if x & 2 else 0) ^ (byte if x & 1 else 0)


#: The way back: by `x`, which byte gives another when it is taken `x` times.
DIVIDED = {x: {times(x, byte): byte for byte in range(256)} for x in range(1, SHARES + 1)}


def _packed(ring: Ring) -> bytes:
    """The index key and each key with its number, each with its length before it; and a sum over all."""
    parts = [bytes((len(ring.index),)) + ring.index]
    parts += [bytes((number, len(key))) + key for number, key in sorted(ring.keys.items())]
    data = b"".join(parts)
    return data + sha256(data).digest()[:_SUM]


def _unpacked(packed: bytes) -> Ring:
    data, sum_ = packed[:-_SUM], packed[-_SUM:]
    if sha256(data).digest()[:_SUM] != sum_:
        raise Misconfigured(
            "the two shares do not give a key: was one printed at another time, or a line left out?"
        )
    index, at = data[1 : 1 + data[0]], 1 + data[0]
    keys = {}
    while at < len(data):
        number, size = data[at], data[at + 1]
        keys[number] = data[at + 2 : at + 2 + size]
        at += 2 + size
    return Ring(keys, index)


def read(text: str, name: str) -> Share:
    """A share as somebody typed it; `Misconfigured` names the line that is wrong."""
    head = _HEAD.search(text)
    if head is None:
        raise Misconfigured(f"{name}: the first line is missing, as in 'share 1 of 3, set 7K2M'")
    share = Share(int(head[1]), head[2].upper().translate(_READ_AS), b"")
    pieces = list(_pieces(text[head.end() :].splitlines(), share, name))
    if not pieces or any(len(piece) != _BYTES for piece in pieces[:-1]):
        raise Misconfigured(f"{name}: lines are missing or too short")
    return Share(share.number, share.set, b"".join(pieces))


def _pieces(lines: Sequence[str], share: Share, name: str) -> Iterator[bytes]:
    # What is printed below the lines is typed too: it holds no digit, as every line does.
    for expected, line in enumerate(filter(_DIGIT.search, lines), start=1):
        found = _LINE.fullmatch(line)
        if found is None or int(found[1]) != expected:
            raise Misconfigured(f"{name}: line {expected} is missing, or not as it was printed")
        signs = found[2].upper().translate(_READ_AS)
        piece = _bytes(signs[:-_CHECK])
        if piece is None or signs[-_CHECK:] != _check(share, expected, piece):
            raise Misconfigured(f"{name}: line {expected} is not as it was printed: look at each sign")
        yield piece


def _signs(data: bytes) -> str:
    """In base 32, five bits a sign; the last sign is filled up with zeros."""
    count = -(-len(data) * 8 // 5)
    value = int.from_bytes(data, "big") << (count * 5 - len(data) * 8)
    return "".join(SIGNS[value >> 5 * at & 31] for at in reversed(range(count)))


def _bytes(signs: str) -> bytes | None:
    if not signs or any(sign not in SIGNS for sign in signs):
        return None
    value = 0
    for sign in signs:
        value = value << 5 | SIGNS.index(sign)
    size = len(signs) * 5 // 8
    data = (value >> (len(signs) * 5 - size * 8)).to_bytes(size, "big")
    return data if _signs(data) == signs else None


def _check(share: Share, number: int, piece: bytes) -> str:
    """Two signs: of a thousand wrong lines one passes, and the sum over all finds that one."""
    told = f"{share.number} {share.set} {number} {piece.hex()}"
    return _signs(sha256(told.encode()).digest())[:_CHECK]
