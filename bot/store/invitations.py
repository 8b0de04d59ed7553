"""One-time codes that link a person to an office, and the people who ask for one."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.offices import Office, Role
from bot.messages import Address
from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_GROUPED = re.compile(r"\w{4}[ .-]+\w{4}[ .-]+\w{4}")
_CODE = "invitation.code"

#: No 0, O, 1, I: codes are read aloud over the telephone.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: 60 bits: at 5 tries an hour for each account nobody finds one while it lives.
LENGTH = 12
LIFE = timedelta(days=7)
TRIES = 5
TRIES_WITHIN = timedelta(hours=1)
#: Near names are looked for this often: each look goes through every village that is served.
LOOKS = 3
LOOKS_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An office offered.  `name` is who is meant; `person` is set where somebody who is linked
    already adds another address of theirs; `replaces` is whose office ends when the code is used.
    """

    office: Office
    name: str = ""
    person: int | None = None
    id: int = 0
    replaces: int | None = None
    by: int | None = None  # who made it

    @property
    def is_own(self) -> bool:
        """Whether somebody made it for themselves: nobody has telephoned with them."""
        return self.person is not None and self.by == self.person


def _office(row: Row) -> Office:
    return Office(Role(row["role"]), row["district"], row["village"] or "", row["subdistrict"])


@dataclass(frozen=True, slots=True)
class OpenCode:
    """An invitation that nobody has used yet, and until when somebody can."""

    invitation: Invitation
    made_at: datetime
    until: datetime


def make(tx: Tx, invitation: Invitation, made_by: int | None, now: datetime) -> str:
    """A new code, as people read it: XXXX-XXXX-XXXX.  Only its blind index is kept."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    tx.run(
        Q.make,
        code=tx.vault.index(_CODE, code),
        role=invitation.office.role.value,
        district=invitation.office.district,
        village=invitation.office.village or None,
        subdistrict=invitation.office.subdistrict,
        name=invitation.name,
        person=invitation.person,
        made_by=made_by,
        now=stamp(now),
        expires_at=stamp(now + LIFE),
        replaces=invitation.replaces,
    )
    return "-".join(code[i : i + 4] for i in range(0, LENGTH, 4))


def as_code(text: str) -> str | None:
    """What was typed, as a code; None where it does not look like one."""
    letters = "".join(letter for letter in text.upper() if letter not in " -.")
    if len(text.split()) > 1 and not _GROUPED.fullmatch(text.strip()):
        return None  # "kaur keuangan" has twelve such letters
    return letters if len(letters) == LENGTH and set(letters) <= set(ALPHABET) else None


def use(tx: Tx, code: str, now: datetime) -> Invitation | None:
    """Consume a code; None alike for a wrong, an expired and a used one."""
    row = tx.one(Q.use, code=tx.vault.index(_CODE, code), now=stamp(now))
    if row is None:
        return None
    return Invitation(_office(row), row["name"], row["person"], row["id"], row["replaces"], row["made_by"])


def open_in(tx: Tx, district: str, now: datetime) -> list[OpenCode]:
    """The codes that let somebody into an office of the district now, the newest first."""
    return [
        OpenCode(
            Invitation(_office(row), row["name"], id=row["id"], by=row["made_by"]),
            datetime.fromisoformat(row["made_at"]),
            datetime.fromisoformat(row["expires_at"]),
        )
        for row in tx.all(Q.open_in, district=district, now=stamp(now))
    ]


def number(tx: Tx, code: str) -> int:
    """The number of a code that was made."""
    found: int = tx.one(Q.by_code, code=tx.vault.index(_CODE, code.replace("-", "")))["id"]
    return found


def is_used(tx: Tx, number: int, district: str) -> bool:
    """Whether somebody came in by it; not so where it never was, or is none of that district's."""
    row = tx.one(Q.is_used, id=number, district=district)
    return row is not None and bool(row["used"])


def withdraw(tx: Tx, number: int) -> bool:
    """The code is worth nothing from now on; False where it was used or was none."""
    return bool(tx.run(Q.withdraw, id=number))


def free(tx: Tx, invitation: Invitation) -> None:
    """The code changed nothing: it may still be used."""
    tx.run(Q.free, id=invitation.id)


def used_by(tx: Tx, invitation: Invitation, person: int) -> None:
    """Remember who took the office."""
    tx.run(Q.used_by, id=invitation.id, person=person)


def may_try(tx: Tx, who: str, now: datetime) -> bool:
    """Whether this account may still try a code in this hour."""
    row = tx.one(Q.guesses, scope=who)
    return row is None or row["count"] < TRIES or row["since"] < stamp(now - TRIES_WITHIN)


def tried(tx: Tx, who: str, now: datetime) -> None:
    """A wrong code was tried."""
    tx.run(Q.guessed, scope=who, now=stamp(now), fresh=stamp(now - TRIES_WITHIN))


def may_look(tx: Tx, who: str, now: datetime) -> bool:
    """Whether what this account writes may still be compared with the names of all villages; counts it."""
    scope, fresh = f"place:{who}", stamp(now - LOOKS_WITHIN)
    count: int = tx.one(Q.looked, scope=scope, now=stamp(now), fresh=fresh)["count"]
    return count <= LOOKS


def visited(tx: Tx, at: Address, user: str, words: tuple[str, str], now: datetime) -> datetime | None:
    """Keep that a stranger wrote (their name, their words); returns when they did before."""
    before = tx.one(Q.last_visit, channel=at.channel, user=user)
    body = tx.vault.seal_json("visitor.body", list(words))
    tx.run(Q.visit, channel=at.channel, user=user, body=body, now=stamp(now))
    return datetime.fromisoformat(before["last_at"]) if before else None


def waiting(tx: Tx, count: int) -> list[str]:
    """What the strangers who wrote last call themselves."""
    rows = tx.all(Q.waiting, count=count)
    return [name for row in rows if (name := tx.vault.open_json("visitor.body", row["body"])[0])]


def welcomed(tx: Tx, channel: str, user: str) -> None:
    """They are no stranger any more."""
    tx.run(Q.welcomed, channel=channel, user=user)


def forget(tx: Tx, before: datetime) -> None:
    """Drop codes, used or not, strangers nobody invited and wrong codes of long ago."""
    tx.run(Q.forget_codes, before=stamp(before))
    tx.run(Q.forget_visitors, before=stamp(before))
    tx.run(Q.forget_guesses, before=stamp(before))
