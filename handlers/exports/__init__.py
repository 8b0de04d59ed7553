"""Files for and from BPJS Ketenagakerjaan: sheets of a village's people out, the agency's own lists in."""

from bot.domain.offices import CHECKERS, Role
from bot.filling import FormRoute
from bot.guarding import always
from bot.planning import Planners, Reasons
from bot.reports.lists import BILL, PEOPLE, SIPP
from bot.routing import VILLAGE, Route, Where, press, shape, word
from handlers.exports import agency, layouts, lists, releasing

ENTITLED = (*VILLAGE, *CHECKERS)

ROUTES: tuple[Route, ...] = (
    press("export", lists.pressed, needs=ENTITLED, guarded=lists.is_named, stays=True),
    press("export_ok", releasing.agree, needs=(Role.ADMIN,), where=Where.BOTH, stays=True, guarded=always),
    press("sipp_entered", lists.entered, needs=ENTITLED),
    press("sipp_layout", layouts.ask, needs=(Role.ADMIN,)),
    press("sipp_use", layouts.decide, needs=(Role.ADMIN,)),
    press("agency", agency.pressed, needs=ENTITLED, keeps_form=True, guarded=always),
    press("agency_save", agency.save, needs=ENTITLED, guarded=always),
    shape("job:export", handler=lists.made, needs=ENTITLED, keeps_form=True),
    word(
        "lembar sipp",
        lists.typed(SIPP),
        "sipp excel",
        "excel sipp",
        "file sipp",
        needs=VILLAGE,
        guarded=always,
    ),
    word(
        "daftar peserta excel",
        lists.typed(PEOPLE),
        "peserta excel",
        "excel peserta",
        needs=VILLAGE,
        guarded=always,
    ),
    word(
        "tagihan excel",
        lists.typed(BILL),
        "excel tagihan",
        "rincian tagihan excel",
        needs=VILLAGE,
        guarded=always,
    ),
)
FORMS: tuple[FormRoute, ...] = (agency.FORM,)
#: Lists of the agency among the sheets that are sent here.
SHEET = agency.SHEET
PLANNERS: Planners = {}
REASONS: Reasons = {}
