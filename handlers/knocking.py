"""Where free text may not be sent: asking people to write, and watching how many we write to first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot import ruling
from bot.domain.offices import office_day
from bot.domain.rulebook import Rules
from bot.messages import Address, Choice, Lane, Outgoing
from bot.store import holding, people, places, windows
from bot.store.database import Tx
from bot.store.outbox import Head
from bot.turns import Turn
from bot.ways import Knock

#: Of what a platform allows in a day, in percent: from then on the office hears of it.
WARN_AT = 80


def knock(rules: Rules) -> Knock:
    """Makes the message that asks somebody to write, once a day.

    Two harm less than none: without it what is held would wait until they think of us.
    """

    def made(tx: Tx, head: Head, now: datetime) -> Outgoing | None:
        day = office_day(now)
        held = people.offices(tx, head.person, day) if head.person else ()
        known = {district.code: district for district in ruling.current(tx, rules).districts}
        office = next((each for each in held if each.district in known), None)
        if office is None:  # of a district that another process serves
            return None
        district = known[office.district]
        village = places.village(tx, office.village) if office.village else None
        values = {
            "office": f"{district.office} {district.name}",
            "place": village.label if village else district.name,
        }
        at = Address(head.channel, head.chat)
        return Outgoing(
            at,
            "chat/knock",
            values,
            (Choice("held:", "Baca pesan"),),
            lane=Lane.REMINDER,
            key=f"knock:{at.conversation}:{day.isoformat()}",
            person=head.person,
            repeatable=True,
            reason=f"held:{office.village or office.district}:{at.conversation}",
        )

    return made


def is_held(turn: Turn) -> bool:
    """Whether something waited for these very words; it leaves once they are answered."""
    channel = turn.incoming.address.channel
    return any(holding.is_held(turn.tx, channel, chat, turn.now) for chat in turn.incoming.chats)


def read(turn: Turn) -> list[Outgoing]:
    """*Baca pesan*: the press itself lets leave what was held."""
    return [] if is_held(turn) else [turn.reply("chat/nothing_held")]


def still_held(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again before they are asked to write: something waits for that."""
    _, channel, chat = argument.split(":", 2)
    return holding.is_held(tx, channel, chat, now)


class Watch:
    """The planner that tells the office how near the limit of people written to first is."""

    def __init__(self, tiers: Mapping[str, int]) -> None:
        self._tiers = tiers

    def plan(self, tx: Tx, _since: datetime, until: datetime) -> list[Outgoing]:
        """Once a day to each administrator, when so many people were written to first."""
        said = []
        day = office_day(until)
        for channel, tier in self._tiers.items():
            begun = windows.begun(tx, channel, until).people
            if begun * 100 < tier * WARN_AT:
                continue
            for admin in people.admins(tx, day):
                key = f"tier:{channel}:{day.isoformat()}:{admin.person}"
                values = {"people": begun, "tier": tier}
                out = Outgoing(admin.to, "alert/tier", values, lane=Lane.ALERT, key=key, person=admin.person)
                said.append(replace(out, expires_at=until + windows.ROLLING))
        return said
