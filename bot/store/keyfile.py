"""The key file: numbered keys that seal, of which the newest is used, and the key of the blind indexes.

The file is only ever replaced as a whole, so that a power cut leaves the old one or the new one.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Misconfigured
from bot.points import reached

#: The number of a key is one byte of each sealed value.
LAST = 255


@dataclass(frozen=True, slots=True)
class Ring:
    """What a key file holds."""

    keys: Mapping[int, bytes]
    index: bytes

    @property
    def newest(self) -> int:
        """The key that seals."""
        return max(self.keys)

    def text(self) -> str:
        """As it stands in the file."""
        keys = {str(number): key.hex() for number, key in sorted(self.keys.items())}
        return json.dumps({"keys": keys, "index": self.index.hex()})


def new() -> Ring:
    """A ring of one key."""
    return Ring({1: secrets.token_bytes(64)}, secrets.token_bytes(32))


def rotated(ring: Ring) -> Ring:
    """The ring with one key more."""
    if ring.newest == LAST:
        raise Misconfigured(f"the ring has had {LAST} keys: make another key file, `key replace` moves to it")
    return Ring({**ring.keys, ring.newest + 1: secrets.token_bytes(64)}, ring.index)


def without(ring: Ring, number: int) -> Ring:
    """The ring with one key less."""
    if number not in ring.keys:
        raise Misconfigured(
            f"the key file has no key {number}: it has {', '.join(map(str, sorted(ring.keys)))}"
        )
    if number == ring.newest:
        raise Misconfigured(f"key {number} is the one that seals: `key rotate` makes a newer one first")
    return Ring({n: key for n, key in ring.keys.items() if n != number}, ring.index)


def create(path: Path, ring: Ring) -> None:
    """Write a key file, readable by its owner alone; an existing file is never touched."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, ring)
    except FileExistsError:
        raise Misconfigured(f"{path} exists already: a key is never overwritten") from None
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}") from None


def change(path: Path, changed: Callable[[Ring], Ring]) -> Ring:
    """Put another ring into the file, whole or not at all; returns it."""
    place = path.resolve()
    try:
        with _alone(place.parent):
            ring = changed(read(path))
            beside = place.with_name(f"{place.name}.new")
            beside.unlink(missing_ok=True)  # of a process that was killed
            _write(beside, ring)
            owner = place.stat()
            os.chown(beside, owner.st_uid, owner.st_gid)  # made with sudo, it stays the bot's own
            reached("key_beside")
            beside.replace(place)
            reached("key_changed")
    except OSError as error:
        raise Misconfigured(f"the key file {path} cannot be changed: {error.strerror}") from None
    return ring


def _write(path: Path, ring: Ring) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(ring.text())
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One change at a time, and safe on disk at the end: of two that overlap, one key would be lost."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> Ring:
    """What the file holds; `Misconfigured` says what is wrong with it."""
    try:
        mode = path.stat().st_mode
        told = json.loads(path.read_text())
    except FileNotFoundError:
        raise Misconfigured(
            f"the key file {path} is missing: make one with `python -m bot key`, or for data that exist, "
            "`python -m bot key recover`"
        ) from None
    except OSError as error:
        raise Misconfigured(f"the key file {path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise damaged(path) from None
    if mode & 0o077:
        raise Misconfigured(f"the key file {path} can be read by others: chmod 600 {path}")
    try:
        keys = {int(number): bytes.fromhex(key) for number, key in told["keys"].items()}
        ring = Ring(keys, bytes.fromhex(told["index"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise damaged(path) from None
    if not keys or not all(0 < number <= LAST for number in keys) or len(ring.index) < 32:
        raise damaged(path)
    return ring


def damaged(path: Path) -> Misconfigured:
    """What to do about a file that is no key file."""
    return Misconfigured(
        f"the key file {path} is damaged: restore it from your sealed copy, or `key recover`"
    )
