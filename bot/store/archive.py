"""The sealed file that a backup is: a manifest and a database, which nobody can read or change unseen.

`magic | id of the file (16) | mark of the key ring (32)`, then chunks of `length (4) | sealed`.  Each
chunk is sealed for this file, for its number and for being the last or not (as in the STREAM
construction): one that was flipped, cut off, moved or taken from another file does not open.  Chunk 0 is
the manifest, the others are the compressed database.
"""

import json
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import BinaryIO

from bot.errors import Misconfigured
from bot.store.vault import Vault

#: What backups are called that are made by their time.
NAME = re.compile(r"payung-(\d{4}-\d{2})-\d{2}T\d{4}Z\.backup")
MAGIC = b"payung backup 1\n"
_ID, _MARK, _LENGTH = 16, 32, 4
CHUNK = 1 << 20
#: Key id, nonce and tag of a sealed value.
_OVERHEAD = 1 + 16 + 16

#: Asked between two chunks; it raises when the work shall end.
GoOn = Callable[[], None]


def never_ends() -> None:
    """Nobody stops this one."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup must contain when it is opened again."""

    program: str  # version
    made: str  # UTC
    migration: int
    rows: Mapping[str, int]  # by table
    sha256: str  # of the database file
    audit: tuple[int, str]  # the last act of the chain and its hash; (0, "") for none
    keys: Sequence[int] | None = None  # that its values are under; None: made by an older version


def pack(out: BinaryIO, vault: Vault, manifest: Manifest, database: BinaryIO, go_on: GoOn) -> None:
    """Write the sealed file."""
    file_id = os.urandom(_ID)
    out.write(MAGIC + file_id + _mark(vault, file_id))
    number = 0

    def write(data: bytes, *, last: bool) -> None:
        nonlocal number
        go_on()
        sealed = vault.seal_bytes(_place(file_id, number, last=last), data)
        out.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        number += 1

    write(json.dumps(asdict(manifest)).encode(), last=False)
    pending = bytearray()
    for piece in _compressed(database):
        pending += piece
        while len(pending) > CHUNK:  # something is always left for the last one
            write(bytes(pending[:CHUNK]), last=False)
            del pending[:CHUNK]
    write(bytes(pending), last=True)


def _compressed(database: BinaryIO) -> Iterator[bytes]:
    packer = zlib.compressobj()
    while piece := database.read(CHUNK):
        yield packer.compress(piece)
    yield packer.flush()


def keys_needed(source: BinaryIO, vault: Vault) -> frozenset[int]:
    """The numbers of the keys without which this backup cannot be used."""
    file_id = _begun(source, vault)
    sealed = _sealed(source, 0) or b""
    told = _manifest(_opened(vault, file_id, 0, sealed, last=False)).keys
    under = range(1, sealed[0]) if told is None else told
    return frozenset([sealed[0], *under])


def unpack(source: BinaryIO, vault: Vault, out: BinaryIO, go_on: GoOn) -> Manifest:
    """Write the database to `out`; `Misconfigured` unless every byte is as it was sealed."""
    chunks = _chunks(source, vault)
    manifest = _manifest(next(chunks))
    packer, digest = zlib.decompressobj(), sha256()
    for chunk in chunks:
        left = chunk
        while left:
            go_on()
            piece = packer.decompress(left, CHUNK)
            digest.update(piece)
            out.write(piece)
            left = packer.unconsumed_tail
    rest = packer.flush()
    digest.update(rest)
    out.write(rest)
    if not packer.eof or digest.hexdigest() != manifest.sha256:
        raise Misconfigured("the backup is damaged: its database is not the one that was saved")
    return manifest


def peek(source: BinaryIO, vault: Vault) -> Manifest:
    """What a backup says of itself; its database is not looked at."""
    return _manifest(next(_chunks(source, vault)))


def _begun(source: BinaryIO, vault: Vault) -> bytes:
    """The id of the file: it is a backup, and of this key file."""
    head = source.read(len(MAGIC) + _ID + _MARK)
    if len(head) != len(MAGIC) + _ID + _MARK or not head.startswith(MAGIC):
        raise Misconfigured("this is not a backup of this program, or its beginning is damaged")
    file_id, mark = head[len(MAGIC) : -_MARK], head[-_MARK:]
    if mark != _mark(vault, file_id):
        raise Misconfigured("the backup was made with another key file, or its beginning is damaged")
    return file_id


def _chunks(source: BinaryIO, vault: Vault) -> Iterator[bytes]:
    file_id = _begun(source, vault)
    number, sealed = 0, _sealed(source, 0)
    while sealed is not None:
        following = _sealed(source, number + 1)
        yield _opened(vault, file_id, number, sealed, last=following is None)
        number, sealed = number + 1, following
    if number < 2:
        raise _damaged(number)


def _opened(vault: Vault, file_id: bytes, number: int, sealed: bytes, *, last: bool) -> bytes:
    try:
        return vault.open_bytes(_place(file_id, number, last=last), sealed)
    except Misconfigured:
        if number == 0 and sealed[:1] and sealed[0] not in vault.ids:
            raise Misconfigured(
                f"the backup needs key {sealed[0]}, which the key file has no more, or it is damaged: "
                "take the key file of that time"
            ) from None
        raise _damaged(number) from None


def _sealed(source: BinaryIO, number: int) -> bytes | None:
    """The next chunk, None at the end of the file."""
    length = source.read(_LENGTH)
    if not length and number:
        return None
    size = int.from_bytes(length, "big")
    if len(length) != _LENGTH or not _OVERHEAD < size <= _OVERHEAD + CHUNK:
        raise _damaged(number)
    sealed = source.read(size)
    if len(sealed) != size:
        raise _damaged(number)
    return sealed


def _damaged(number: int) -> Misconfigured:
    return Misconfigured(f"the backup is damaged or cut off, at part {number}: take another one")


def _place(file_id: bytes, number: int, *, last: bool) -> str:
    return f"backup.{file_id.hex()}.{number}.{'last' if last else 'more'}"


def _mark(vault: Vault, file_id: bytes) -> bytes:
    """Tells the key ring of the backup from others, and nothing about it."""
    return vault.index("backup.key", file_id.hex())


def _manifest(data: bytes) -> Manifest:
    try:
        told = json.loads(data)
        number, link = told.pop("audit")
        return Manifest(**told, audit=(number, link))
    except (ValueError, KeyError, TypeError):
        raise Misconfigured("the backup was made by a newer version: upgrade the program first") from None
