"""What a village is to BPJS Ketenagakerjaan: its employer number, since when, who pays; whom to call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.months import Month
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_CONTACT = "contact.body"


class Payer(StrEnum):
    """Who brings the money to the agency."""

    VILLAGE = "village"
    TREASURY = "treasury"  # the district's (BUD), for all its villages
    COMPANY = "company"  # one that fosters the village pays all; read from `fostering`, never kept here


@dataclass(frozen=True, slots=True)
class Employer:
    """A registered village.  `since` is the first month reckoned here, None while not registered."""

    village: str
    npp: str
    registered: str  # since when, as it was said
    since: Month | None
    payer: Payer = Payer.VILLAGE


def _employer(row: Any) -> Employer:
    since = Month.parse(row["since"]) if row["since"] else None
    return Employer(row["village"], row["npp"], row["registered"], since, Payer(row["payer"]))


def get(tx: Tx, village: str) -> Employer | None:
    """What is known of a village, None where nobody said anything."""
    row = tx.one(Q.get, village=village)
    return _employer(row) if row else None


def of_district(tx: Tx, district: str) -> dict[str, Employer]:
    """All that is known, by village."""
    return {row["village"]: _employer(row) for row in tx.all(Q.of_district, district=district)}


def put(tx: Tx, new: Employer, by: int | None, now: datetime) -> None:
    """Keep what was said of a village, in place of what was known."""
    tx.run(
        Q.put,
        village=new.village,
        npp=new.npp,
        registered=new.registered,
        since=str(new.since) if new.since else "",
        payer=new.payer.value,
        by=by,
        now=stamp(now),
    )


def contact(tx: Tx, village: str) -> Mapping[str, str]:
    """Whom the office named: name, post, phone; empty where nobody."""
    row = tx.one(Q.contact, village=village)
    found: Mapping[str, str] = tx.vault.open_json(_CONTACT, row["body"]) if row else {}
    return found


def put_contact(tx: Tx, village: str, person: Mapping[str, str], by: int | None, now: datetime) -> None:
    """Keep whom to call: name, post, phone."""
    body = tx.vault.seal_json(_CONTACT, dict(person))
    tx.run(Q.put_contact, village=village, body=body, by=by, now=stamp(now))


def registered(tx: Tx, district: str) -> set[str]:
    """The villages that are registered: an employer number is known, or somebody was submitted."""
    return {row["village"] for row in tx.all(Q.registered, district=district)}
