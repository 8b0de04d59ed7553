"""When it happens: an accident or a death, first steps for anybody, a report that the office sees."""

from functools import partial

from bot.domain import alarms
from bot.domain.offices import CHECKERS, VILLAGE, Role
from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import LINKED, Route, Where, press, word
from handlers.incidents import branch, cards, listing, noting, plans, steps

_card = partial(press, needs=CHECKERS, where=Where.BOTH)

ROUTES: tuple[Route, ...] = (
    Route(steps.reason_for_leaving, steps.is_reason_for_leaving, VILLAGE),
    Route(steps.captioned, steps.is_captioned, VILLAGE, sign="(photo document) kecelakaan", keeps_form=True),
    word("kecelakaan", steps.first, "kecelakaan kerja", "ada yang kecelakaan", "ada kecelakaan", "darurat", "lapor kecelakaan",
         needs=LINKED, where=Where.BOTH, keeps_form=True, hears=alarms.is_accident, cry=True, slips=1),
    word("meninggal", steps.first, "meninggal dunia", "wafat", "ada yang meninggal", "ada yang wafat",
         "ada warga meninggal", "ada perangkat meninggal", "berita duka",
         "kematian", "lapor kematian", "lapor meninggal", "ada kematian",
         needs=LINKED, where=Where.BOTH, keeps_form=True, hears=alarms.is_death, cry=True, slips=1),
    word("kejadian", listing.show, "daftar kejadian", "lapor kejadian",
         *(f"{verb} laporan {kind}" for verb in ("hapus", "tarik", "cabut", "batalkan") for kind in ("kecelakaan", "meninggal", "kejadian")),
          needs=LINKED, where=Where.BOTH),
    word("kontak cabang", branch.show, "nomor cabang", "alamat cabang", needs=(Role.ADMIN,)),
    press("incident_papers", steps.papers, needs=LINKED, keeps_form=True, stays=True),
    press("incident_money", steps.money, needs=LINKED, keeps_form=True, stays=True),
    press("incident_note", noting.begin, needs=VILLAGE, keeps_form=True),
    press("incident_mine", listing.mine, needs=VILLAGE, keeps_form=True),
    press("incident_told", listing.told, needs=VILLAGE, keeps_form=True, harms=True),
    press("branch", branch.begin, needs=(Role.ADMIN,), keeps_form=True),
    _card("incident_take", cards.take),
    _card("incident_look", cards.look, stays=True),
    _card("incident_close", cards.close, stays=True),
)  # fmt: skip
FORMS: tuple[FormRoute, ...] = (noting.ACCIDENT_ROUTE, noting.DEATH_ROUTE, branch.ROUTE)
PLANNERS: Planners = {
    "incidents": lambda rules, districts: plans.Unreported(rules, districts).plan,
    "unfinished": lambda rules, districts: plans.HalfWritten(rules, districts).plan,
}
REASONS: Reasons = {"incident": plans.still_unreported, "unfinished": plans.still_half_written}
