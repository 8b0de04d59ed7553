"""The code under an official text, by which anybody can ask whether it is ours: its number, and proof that we gave it.

Nothing is kept for it: who has not the key file cannot make one, whatever number they put in front.
"""

import hmac

from bot.store.database import Tx
from bot.store.invitations import ALPHABET, LENGTH, as_code

_NUMBER = 4  # letters: a million broadcasts; the other eight are the proof, 40 bits
_COLUMN = "broadcast.mark"


def of(tx: Tx, number: int) -> str:
    """The code of a broadcast, as people read it: XXXX-XXXX-XXXX."""
    code = _letters(number, _NUMBER) + _proof(tx, number)
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def number(tx: Tx, typed: str) -> int | None:
    """The broadcast that bears this code, None for a code that is not ours."""
    code = as_code(typed)
    if code is None:
        return None
    found = 0
    for letter in code[:_NUMBER]:
        found = found * len(ALPHABET) + ALPHABET.index(letter)
    return found if hmac.compare_digest(code[_NUMBER:], _proof(tx, found)) else None


def _proof(tx: Tx, number: int) -> str:
    digest = int.from_bytes(tx.vault.index(_COLUMN, str(number))[:8], "big")
    return _letters(digest, LENGTH - _NUMBER)


def _letters(number: int, count: int) -> str:
    """The lowest digits of a number, written in the letters of codes."""
    found = ""
    for _ in range(count):
        number, digit = divmod(number, len(ALPHABET))
        found = ALPHABET[digit] + found
    return found
