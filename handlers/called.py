"""*daftarkan pak Joko*: the registration with a name that was said already, to be confirmed."""

from bot import filling
from bot.domain import enrolling
from bot.filling import FormRoute
from bot.messages import Choice, Outgoing
from bot.store import drafts
from bot.turns import Turn
from handlers import registration, taking_over


def begin(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """*daftar*, with a name behind it or none; what was left half filled is offered first."""
    name = enrolling.whom(turn.incoming.text)
    registration.drop_registered(turn)
    if not name or taking_over.offer(route, turn):
        return registration.begin(route, turn)
    said = registration.notice(turn)
    filling.open_form(turn, route, fresh=True)
    begun = (draft.progress for draft in drafts.of(turn.tx, turn.who.person, turn.now))
    progress = next(one for one in begun if (one.form, one.village) == (route.form.name, turn.place))
    progress.pending = {"step": progress.at, "value": name}
    drafts.save(turn.tx, turn.who.person, progress, turn.now)
    choices = (Choice("form:name:ya", "Ya, benar"), Choice("form:name:ganti", "Ganti"))
    return [*said, turn.reply("registration/name_meant", choices, name=name)]
