"""What somebody who chats may know of their own data, and what they ask for: to correct, to erase."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.offices import Role
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_BODY = "privacy_request.body"
#: Within which a request is answered: 3 x 24 hours (UU 27/2022 Pasal 30).
LIMIT = timedelta(hours=72)


class Wish(StrEnum):
    """What is asked for; the value is stored."""

    CORRECT = "correct"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.  `words` are empty once it was decided."""

    id: int
    kind: Wish
    person: int
    name: str
    district: str
    words: str
    at: datetime
    due: datetime
    state: str

    @property
    def open(self) -> bool:
        """Whether nobody has decided it."""
        return self.state == "open"


def ask(tx: Tx, kind: Wish, who: tuple[int, str], words: str, now: datetime) -> int | None:
    """Keep a request of a person to their district; None if the same waits already."""
    person, district = who
    body = tx.vault.seal(_BODY, words)
    values = {"person": person, "district": district, "body": body}
    row = tx.one(Q.ask, kind=kind.value, **values, now=stamp(now), due=stamp(now + LIMIT))
    return row["id"] if row else None


def get(tx: Tx, number: int) -> Asked | None:
    """One request, of whatever district: who asks must check that it is theirs."""
    row = tx.one(Q.get, id=number)
    if row is None:
        return None
    at, due = datetime.fromisoformat(row["at"]), datetime.fromisoformat(row["due"])
    who = (row["person"], row["name"], row["district"])
    return Asked(row["id"], Wish(row["kind"]), *who, tx.vault.open(_BODY, row["body"]), at, due, row["state"])


def of_person(tx: Tx, person: int, count: int) -> list[Asked]:
    """The last requests of somebody."""
    return _all(tx, [row["id"] for row in tx.all(Q.of_person, person=person, count=count)])


def open_in(tx: Tx, district: str) -> list[Asked]:
    """What waits in a district, the oldest first."""
    return _all(tx, [row["id"] for row in tx.all(Q.open_in, district=district)])


def _all(tx: Tx, numbers: list[int]) -> list[Asked]:
    found = (get(tx, number) for number in numbers)
    return [one for one in found if one is not None]


def decide(tx: Tx, number: int, state: str, by: tuple[int, datetime], reason: str = "") -> bool:
    """It is done, or refused; False where a colleague was faster.  The words are dropped."""
    nothing = tx.vault.seal(_BODY, "")
    person, now = by
    told = {"state": state, "reason": reason, "now": stamp(now), "by": person}
    return bool(tx.run(Q.decide, id=number, **told, nothing=nothing))


def settle(tx: Tx, person: int, by: tuple[int, datetime]) -> None:
    """Whatever else they asked for is settled with it."""
    tx.run(Q.settle_others, person=person, by=by[0], now=stamp(by[1]), nothing=tx.vault.seal(_BODY, ""))


def forget(tx: Tx, before: datetime) -> None:
    """Drop requests that were decided before then."""
    tx.run(Q.forget, before=stamp(before))


@dataclass(frozen=True, slots=True)
class Served:
    """An office that somebody held, from a day to a day."""

    role: Role
    district: str
    village: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of somebody who chats: counts, never the values."""

    drafts: int
    acts: int
    messages: int
    questions: int
    accounts: tuple[date, ...]  # since when each is linked
    offices: tuple[Served, ...]


def held(tx: Tx, person: int) -> Held:
    """All that stands under this person's number."""
    row = tx.one(Q.held, person=person)
    accounts = tuple(
        datetime.fromisoformat(one["linked_at"]).date() for one in tx.all(Q.accounts, person=person)
    )
    offices = tuple(
        Served(Role(one["role"]), one["district"], one["village"] or "", date.fromisoformat(one["since"]),
               date.fromisoformat(one["until"]) if one["until"] else None)
        for one in tx.all(Q.offices, person=person)
    )  # fmt: skip
    return Held(row["drafts"], row["acts"], row["messages"], row["questions"], accounts, offices)


def namesakes(tx: Tx, village: str, name: str) -> int:
    """How many insured people of a village bear exactly this name."""
    wanted = _plain(name)
    return sum(_plain(row["name"]) == wanted for row in tx.all(Q.namesakes, village=village))


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace(".", " ").replace(",", " ").split())


def rename(tx: Tx, person: int, name: str) -> None:
    """Somebody who chats is called otherwise from now on."""
    tx.run(Q.rename, person=person, name=name)
