"""Encryption of what can identify a person: NIK, mother's name, phone, wage, bodies, drafts.

A sealed value is `key id (1 byte) | nonce (16) | AES-SIV`, bound to the column it stands in: a value
moved to another column does not open.  The nonce keeps two equal wages from looking equal.  What must
be searched has an HMAC beside it, under its own key (RFC 5297, RFC 2104).
"""

import base64
import hmac
import json
import os
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from bot.errors import Misconfigured
from bot.store import keyfile
from bot.store.keyfile import Ring

_NONCE = 16
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Vault:
    """Seals and opens values with a ring of keys; new values use the newest key."""

    def __init__(self, keys: dict[int, bytes], index_key: bytes) -> None:
        self._ciphers = {number: AESSIV(key) for number, key in keys.items()}
        self._newest = max(keys)
        self._index_key = index_key
        self._names = AESSIV(hmac.digest(index_key, b"names", sha512))

    @property
    def newest(self) -> int:
        """The key that seals."""
        return self._newest

    @property
    def ids(self) -> frozenset[int]:
        """The keys that open."""
        return frozenset(self._ciphers)

    @property
    def mark(self) -> str:
        """Tells this key file from others, and nothing about it; the same however many keys it has."""
        return self.index("meta.key", "payung").hex()

    def seal_bytes(self, column: str, data: bytes) -> bytes:
        """The sealed form of `data` for `table.column`."""
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._newest].encrypt(data, [column.encode(), nonce])
        return bytes((self._newest,)) + nonce + sealed

    def open_bytes(self, column: str, sealed: bytes) -> bytes:
        """What was sealed for the same column; `Misconfigured` with another key or column."""
        cipher = self._ciphers.get(sealed[0]) if len(sealed) > _NONCE else None
        if cipher is None:
            raise Misconfigured(f"the key file has no key for {column}: another key file, or a damaged value")
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return cipher.decrypt(body, [column.encode(), nonce])
        except InvalidTag:
            raise Misconfigured(f"{column} does not open: another key file, or a damaged value") from None

    def seal(self, column: str, text: str) -> bytes:
        """Like `seal_bytes`, for text."""
        return self.seal_bytes(column, text.encode(errors="replace"))

    def open(self, column: str, sealed: bytes) -> str:
        """Like `open_bytes`, for text."""
        return self.open_bytes(column, sealed).decode()

    def seal_json(self, column: str, value: Any) -> bytes:
        """Like `seal`, for anything JSON can say."""
        return self.seal(column, _JSON(value))

    def open_json(self, column: str, sealed: bytes) -> Any:
        """Like `open`, for what `seal_json` sealed."""
        return json.loads(self.open(column, sealed))

    def index(self, column: str, text: str) -> bytes:
        """A blind index: equal texts of a column give equal bytes, and nothing else can be learnt."""
        return hmac.digest(self._index_key, f"{column}\0{text}".encode(), sha256)

    def conceal(self, text: str) -> str:
        """A name for `text` that only this vault can read: equal texts have equal names, in any column."""
        return base64.urlsafe_b64encode(self._names.encrypt(text.encode(), None)).decode().rstrip("=")

    def reveal(self, name: str) -> str:
        """What was concealed; `ValueError` for a name that is none."""
        try:
            sealed = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4))
            return self._names.decrypt(sealed, None).decode()
        except (InvalidTag, ValueError):
            raise ValueError("not a name that this vault made") from None


def new_key_file(path: Path) -> None:
    """Write a new key ring, readable by its owner alone; an existing file is never touched."""
    keyfile.create(path, keyfile.new())


def open_key_file(path: Path) -> Vault:
    """The vault of a key file; `Misconfigured` says what is wrong with it."""
    return vault_of(keyfile.read(path), path)


def vault_of(ring: Ring, path: Path) -> Vault:
    """The vault of a ring that was read from `path`."""
    try:
        return Vault(dict(ring.keys), ring.index)
    except ValueError:
        raise keyfile.damaged(path) from None
