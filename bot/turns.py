"""One event being answered: what is known about it, and how an answer is made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from bot.domain.offices import Actor, Office, Role
from bot.domain.rulebook import District, Rules
from bot.messages import Choice, Incoming, Outgoing
from bot.store import drafts, people, places
from bot.store.database import Tx
from bot.store.records import Act


@dataclass(slots=True)
class Turn:
    """One event being answered, in its transaction."""

    tx: Tx
    now: datetime
    rules: Rules
    incoming: Incoming
    actor: Actor | None = None
    office: Office | None = None  # by which the route may be used
    beside: tuple[Office, ...] = ()  # further ones in that district's office, as of two kecamatan
    room: places.Room | None = None
    choice: str = ""  # the meaning of what was chosen, by a button or by typing
    word: str = ""  # the command that was meant
    rest: str = ""  # what stands behind the command
    card: str = ""  # the key of what the bot said in the group, where that is replied to
    draft: drafts.Draft | None = None
    elsewhere: drafts.Draft | None = None  # a form asked about here that went on in another chat since
    asked: bool = True  # whether buttons may still be open in this chat
    reserved: frozenset[str] = frozenset()  # meanings that are done at once and harm, see `presses.typed`
    secret: bool = False  # what was typed may be a PIN: its body is not kept
    passed: bool = False  # the right PIN was typed: what had been asked for before is done
    acts: list[Act] = field(default_factory=list)

    @property
    def in_form(self) -> bool:
        """Whether free text may be an answer to a form's question."""
        return self.draft is not None or self.elsewhere is not None

    @property
    def who(self) -> Actor:
        """The linked person; only handlers whose route needs one may ask."""
        assert self.actor is not None
        return self.actor

    @property
    def district(self) -> District:
        """The district this turn is about."""
        if self.room is not None:
            return self.rules.district(self.room.district)
        return self.rules.district((self.office or self.who.offices[0]).district)

    @property
    def place(self) -> str:
        """The code of what the person speaks about: the district whose office they act for, else a village."""
        if self.office is not None and not self.office.village:
            return self.office.district
        return self.who.village

    @property
    def today(self) -> date:
        """The date where the district lies."""
        return self.now.astimezone(self.district.zone).date()

    @property
    def village(self) -> places.Village:
        """The village the person speaks about; only for village officers."""
        found = places.village(self.tx, self.who.village)
        assert found is not None
        return found

    def reply(self, template: str, choices: Sequence[Choice] = (), **values: Any) -> Outgoing:
        """An answer to the person, where they wrote."""
        person = self.actor.person if self.actor else None
        return Outgoing(self.incoming.address, template, values, choices, person=person)

    def post(self, template: str, choices: Sequence[Choice] = (), **values: Any) -> Outgoing:
        """An answer that everybody in the group may read: no personal data."""
        return replace(self.reply(template, choices, **values), public=True)

    @property
    def villages(self) -> list[places.Village]:
        """The villages that the offices the turn is about may see."""
        return [one for one in places.villages(self.tx, self.district.code) if self.sees(one.code)]

    def sees(self, village: str) -> bool:
        """Whether one of the offices the turn is about may see the village of this code."""
        return any(office.sees(village) for office in self._offices)

    @property
    def limits(self) -> tuple[str, ...]:
        """The codes of the kecamatan that are all they may see; none where it is the whole district."""
        codes = [office.subdistrict for office in self._offices]
        return tuple(dict.fromkeys(codes)) if all(codes) else ()

    @property
    def kecamatan(self) -> str:
        """Their names, as in "Anggana dan Tabang"."""
        if not self.limits:
            return ""
        return " dan ".join(dict.fromkeys(village.subdistrict for village in self.villages))

    @property
    def area(self) -> str:
        """Where the villages lie that may be seen: "Kutai Kartanegara", "Kec. Anggana, Kutai Kartanegara"."""
        return f"Kec. {self.kecamatan}, {self.district.name}" if self.kecamatan else self.district.name

    @property
    def _offices(self) -> tuple[Office, ...]:
        office = self.office or self.who.offices[0]
        also = (one for one in self.beside if one.district == office.district and not office.village)
        return (office, *also)

    @property
    def in_forum(self) -> bool:
        """Whether village officers read along: counts only there, and names only to praise them."""
        return self.room is not None and self.room.kind is places.RoomKind.FORUM

    def note(self, action: str, subject: str, **details: Any) -> None:
        """Add to the audit chain what the person did."""
        self.acts.append(Act(self.actor.person if self.actor else None, action, subject, details))


Handler = Callable[[Turn], list[Outgoing]]


def noise(turn: Turn, out: Outgoing) -> Outgoing:
    """Say this at most once a minute in a chat, however often the reason comes."""
    at = turn.incoming.address
    return replace(out, key=f"noise:{at.conversation}:{out.template}:{turn.now:%Y%m%d%H%M}")


def entitled(turn: Turn, needs: tuple[Role, ...]) -> Office | None:
    """The office by which the person may: in a tied group one of that district, else preferably one
    of the village or the district they speak about.
    """
    who = turn.actor
    if who is None or (turn.incoming.group and turn.room is None):
        return None
    held = [
        office
        for office in who.offices
        if office.role in needs and (turn.room is None or office.district == turn.room.district)
    ]
    return max(held, key=partial(_nearness, who), default=None)


def _nearness(who: Actor, office: Office) -> tuple[bool, bool, bool]:
    """What they speak about comes first; of several offices of a district the one that sees all of it."""
    return office.village == who.village, office.district == who.district, not office.subdistrict


def may(turn: Turn, needs: tuple[Role, ...]) -> bool:
    """Whether the person holds one of these roles; the turn is then about that office's district."""
    if not needs:
        return True
    turn.office = None
    return _act_by(turn, entitled(turn, needs), needs)


def may_in(turn: Turn, needs: tuple[Role, ...], district: str) -> bool:
    """Whether the person holds one of these roles in that district; the turn is then about it."""
    return _act_by(turn, turn.who.office(*needs, district=district), needs)


def _act_by(turn: Turn, office: Office | None, needs: tuple[Role, ...]) -> bool:
    """The turn is about this office, and what else the person may do so by in the same district."""
    if office is None:
        return False
    turn.office = office
    turn.beside = tuple(one for one in turn.who.offices if one.role in needs and not one.village)
    return True


def speak_about(turn: Turn, place: str) -> None:
    """The person speaks about this village or district until they choose another."""
    people.focus(turn.tx, turn.who.person, place)
    turn.actor = replace(turn.who, focus=place)


def within(district: str, choice: str) -> str:
    """The choice of a message about a district: whoever serves several then speaks about this one."""
    return f"{_WITHIN}{district}:{choice}"


def kind(choice: str) -> str:
    """What a choice does, whatever it does it to."""
    parts = choice.split(":")
    return parts[2] if choice.startswith(_WITHIN) else parts[0]


def enter(turn: Turn) -> bool:
    """Take the district off the turn's choice; False if the person does not serve in its office."""
    if not turn.choice.startswith(_WITHIN):
        return True
    _, district, turn.choice = turn.choice.split(":", 2)
    if district not in turn.who.districts:
        return False
    if len(turn.who.districts) > 1 and not turn.incoming.group:
        speak_about(turn, district)
    return True


_WITHIN = "in:"
