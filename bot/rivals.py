"""Another program with our token: told to the administrators, since messages go to whoever asks first.

Telegram answers 409 to one of two programs that poll, whether a second instance was started by mistake
or the token is in other hands: https://core.telegram.org/bots/api#getupdates.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.offices import Role, office_day
from bot.messages import Lane, Outgoing
from bot.store import people
from bot.store.database import Tx

#: Two programs are answered in turn: one refusal tells for this long.
FRESH = timedelta(minutes=1)


class Rivals:
    """A planner: one message a day for each administrator while somebody else polls."""

    def __init__(self, refused: Callable[[], datetime | None], districts: Sequence[str]) -> None:
        self._refused = refused
        self._districts = districts

    def plan(self, tx: Tx, _since: datetime, until: datetime) -> list[Outgoing]:
        """Told at the first tick after the refusal."""
        last = self._refused()
        if last is None or not timedelta() <= until - last <= FRESH:
            return []
        today = office_day(until)
        admins = (
            one
            for district in self._districts
            for one in people.staff(tx, district, today)
            if one.role is Role.ADMIN
        )
        told = {one.person: one.to for one in admins}
        return [
            Outgoing(
                to, "alert/rival", lane=Lane.ALERT, key=f"rival:{today.isoformat()}:{person}", person=person
            )
            for person, to in told.items()
        ]
