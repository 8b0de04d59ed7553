"""Whose data were there, and what was done with them, between two moments: for the report after a leak."""

import json
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Tx, queries
from bot.store.inbox import stamp
from bot.store.keeping import NOBODY

Q = queries(__file__)
_DETAILS = "member.details"


@dataclass(frozen=True, slots=True)
class Affected:
    """One person, and how they can be told."""

    kind: str  # insured, officer
    number: int
    name: str
    place: str  # code of the village, else of the district
    reach: str  # a phone, or the channels they write on


@dataclass(frozen=True, slots=True)
class Done:
    """One act of the chain, with the village it names, if it names one."""

    number: int
    at: datetime
    actor: int | None
    action: str
    village: str


def affected(tx: Tx, place: str, until: datetime) -> list[Affected]:
    """Everybody whose data were there, the insured first; `place` is the beginning of a code."""
    insured = [
        Affected("insured", row["id"], row["name"], row["village"], _phone(tx, row["details"]))
        for row in tx.all(Q.members, place=place, until=stamp(until))
    ]
    people = tx.all(Q.people, place=place, until=stamp(until), nobody=NOBODY)
    officers = [
        Affected("officer", row["id"], row["name"], row["village"] or row["district"], row["channels"] or "")
        for row in people
    ]
    return [*insured, *officers]


def _phone(tx: Tx, details: bytes) -> str:
    return str(tx.vault.open_json(_DETAILS, details).get("phone") or "")


def others(tx: Tx, until: datetime) -> tuple[int, int]:
    """How many strangers' words, and how many files that people sent, were there."""
    strangers = tx.one(Q.strangers, until=stamp(until))["n"]
    return strangers, tx.one(Q.files, until=stamp(until))["n"]


def done(tx: Tx, place: str, since: datetime, until: datetime) -> list[Done]:
    """The acts of that time; with a `place`, those that name a village there."""
    found = []
    for row in tx.all(Q.acts, since=stamp(since), until=stamp(until)):
        village = _village(row["object"], json.loads(row["details"]))
        if not place or village.startswith(place):
            at = datetime.fromisoformat(row["at"])
            found.append(Done(row["seq"], at, row["actor"], row["action"], village))
    return found


def _village(subject: str, details: dict[str, object]) -> str:
    kind, _, code = subject.partition(":")
    named = (
        details.get("village") or details.get("place") or (code if kind in ("village", "district") else "")
    )
    return str(named) if named else (subject if subject[:2].isdigit() else "")


def villages(tx: Tx, place: str) -> dict[str, str]:
    """The names of villages by code."""
    return {
        row["code"]: f"{row['name']}, Kec. {row['subdistrict']}" for row in tx.all(Q.villages, place=place)
    }
