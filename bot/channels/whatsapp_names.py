"""How the ids of WhatsApp are kept: a number is a phone, and the id of a message has one inside."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """Both ways between the platform's ids and ours; equal ids are concealed alike.

    `reveal` raises `ValueError` for what `conceal` did not make.
    """

    conceal: Callable[[str], str]
    reveal: Callable[[str], str]
