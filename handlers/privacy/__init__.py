"""One's own data: to see, to have corrected, to be erased; the chain's end told each day; a NIK in a group."""

from bot.domain import withdrawing
from bot.domain.offices import Role
from bot.filling import FormRoute
from bot.guarding import always
from bot.planning import Planners, Reasons
from bot.routing import LINKED, Route, Where, press, word
from handlers.privacy import access, asked, groups, heads, mine, plans

_ADMIN = (Role.ADMIN,)

ROUTES: tuple[Route, ...] = (
    word("data saya", mine.show, "datasaya", "data pribadi saya", needs=LINKED, hears=withdrawing.oneself),
    word(
        "daftar akses",
        access.show,
        "siapa punya akses",
        "siapa yang punya akses",
        "siapa saja yang punya akses",
        needs=LINKED,
    ),
    word("permintaan data", asked.waiting, "permintaan data pribadi", needs=_ADMIN, where=Where.BOTH),
    press("data_wrong", mine.begin, needs=LINKED),
    press("data_erase", mine.erase, needs=LINKED),
    press("data_request", asked.open_, needs=_ADMIN, stays=True),
    press("data_done", asked.corrected, needs=_ADMIN),
    press("data_name", asked.begin_rename, needs=_ADMIN, stays=True),
    press("data_gone", asked.erase, needs=_ADMIN, guarded=always),
    press("data_refuse", asked.refuse, needs=_ADMIN),
)
FORMS: tuple[FormRoute, ...] = (mine.ROUTE, asked.ROUTE)
PLANNERS: Planners = {
    "privacy": lambda rules, districts: plans.Waiting(rules, districts).plan,
    "audit_head": lambda rules, districts: heads.Heads(rules, districts).plan,
}
REASONS: Reasons = {"privacy": plans.still_open}
#: Sees first what is written in a group.
WATCH = groups.watch
