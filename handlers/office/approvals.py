"""Who may speak for a village, and what the office says to its reports: the parts of that, in one table."""

from bot.domain import referring
from bot.domain.offices import CHECKERS, VILLAGE, Role
from bot.filling import FormRoute
from bot.guarding import always
from bot.planning import Planners, Reasons
from bot.routing import Route, Where, press, word
from handlers import district, inviting, requesting
from handlers.office import cards, groups, handing_over, linking, linking_plans, open_codes

_ADMIN = (Role.ADMIN,)

ROUTES: tuple[Route, ...] = (
    word("setujui", linking.waiting, "permintaan", "menunggu ditautkan", needs=_ADMIN, where=Where.BOTH),
    word("akhiri", handing_over.end, "akhiri tugas", needs=_ADMIN, where=Where.BOTH, slips=0),
    *open_codes.ROUTES,
    word("grup", groups.show, "grup ini", needs=_ADMIN, where=Where.BOTH),
    word(
        "serah terima",
        handing_over.begin,
        "serahterima",
        "ganti pejabat",
        needs=VILLAGE,
        keeps_form=True,
        hears=referring.hands_over,
    ),
    press("requests", linking.waiting, needs=_ADMIN, where=Where.BOTH),
    press("request", linking.card, needs=_ADMIN, where=Where.BOTH, stays=True),
    press("request_open", linking.open_, needs=_ADMIN, where=Where.BOTH, stays=True),
    press("approve", linking.approve, needs=_ADMIN, where=Where.BOTH, guarded=always),
    press("refuse_request", linking.refuse, needs=_ADMIN, where=Where.BOTH, harms=True),
    press("room_leave", groups.let_go, needs=_ADMIN, where=Where.GROUP),
    press("room_keep", groups.kept, needs=_ADMIN, where=Where.GROUP),
    press("handover", handing_over.begin, needs=VILLAGE, keeps_form=True),
    press("end_which", handing_over.end_which, needs=_ADMIN),
    press("end_office", handing_over.end_chosen, needs=_ADMIN, guarded=always),
    press("end_not", handing_over.end_not, needs=_ADMIN),
    press("invite_over", inviting.invite_held, needs=_ADMIN, keeps_form=True, guarded=always),
    press("invite_again", district.invite_again, needs=_ADMIN, guarded=always),
    press("reports_open", cards.open_, needs=CHECKERS, where=Where.GROUP, stays=True),
    press("ending", cards.see, needs=CHECKERS),
)
FORMS: tuple[FormRoute, ...] = (handing_over.ROUTE, linking.REFUSAL, district.NAMING)
PLANNERS: Planners = {
    "requests": lambda rules, districts: linking_plans.Expiry(rules, districts).plan,
    "requests_waiting": lambda rules, districts: linking_plans.Morning(rules, districts).plan,
    "unsaid_rooms": lambda rules, districts: groups.Unsaid(rules, districts).plan,
    "report_cards": lambda rules, districts: cards.Cards(rules, districts).plan,
}
REASONS: Reasons = {"request": requesting.still_open, "requests": requesting.any_open}
