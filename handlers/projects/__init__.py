"""Building projects of the villages: entered, covered, paid in instalments, looked at by the office."""

from bot.domain.offices import CHECKERS, DISTRICT, Role
from bot.filling import FormRoute
from bot.guarding import always, saves
from bot.planning import Planners, Reasons
from bot.routing import LINKED, VILLAGE, Route, Where, press, shape, word
from handlers.office.monthly import REPORTERS
from handlers.projects import (
    changing,
    checking,
    correcting,
    district,
    entering,
    listing,
    loading,
    paying,
    reminders,
    typed,
)

ROUTES: tuple[Route, ...] = (
    Route(paying.received, paying.is_proof, VILLAGE, sign="(photo document) proyek", keeps_form=True),
    shape("job:project_proof", handler=paying.brought, needs=VILLAGE, keeps_form=True),
    shape("job:projects", handler=district.sheet_made, needs=REPORTERS, keeps_form=True),
    Route(typed.why, typed.is_asked, VILLAGE, sign="(mengapa) proyek", keeps_form=True),
    word(
        "proyek",
        listing.show,
        *("daftar proyek", "proyek desa", "proyek konstruksi", "jasa konstruksi", "jakon", "iuran proyek"),
        needs=LINKED,
        where=Where.BOTH,
    ),
    word("tambah proyek", entering.begin, "proyek baru", "daftar proyek baru", "daftarkan proyek", needs=VILLAGE),
    word("rencana proyek", entering.begin_plan, "proyek rencana", "catat proyek", needs=VILLAGE),
    word(
        "termin",
        listing.nearest,
        *("sudah bayar termin", "sudah bayar proyek", "sudah bayar iuran proyek", "sdh bayar termin", "lunas termin",
          "termin sudah dibayar", "bukti termin", "bukti proyek", "termin proyek", "bayar termin", "bayar proyek", "sertifikat proyek", "nomor sertifikat", "addendum",
          "adendum", "pekerja proyek", "proyek selesai"),
        needs=VILLAGE,
    ),
    press("project_list", listing.of_village, needs=VILLAGE),
    press("project", listing.chosen, needs=VILLAGE),
    press("project_new", entering.pressed, needs=VILLAGE),
    press("project_fill", entering.fill, needs=VILLAGE),
    press("project_set", changing.begin, needs=VILLAGE),
    press("project_fix", correcting.begin, needs=VILLAGE),
    press("project_drop", changing.drop, needs=VILLAGE, guarded=always),
    press("project_paid", paying.report, needs=VILLAGE, keeps_form=True),
    press("project_back", paying.withdraw, needs=VILLAGE, keeps_form=True, guarded=always),
    press("project_proves", paying.chosen, needs=VILLAGE),
    press("projects", district.listed, needs=DISTRICT),
    press("projects_open", district.opened, needs=DISTRICT, where=Where.GROUP, stays=True),
    press("project_card", district.card, needs=DISTRICT),
    press("project_sheet", district.order_sheet, needs=REPORTERS),
    press("project_form", loading.template, needs=(Role.ADMIN,)),
    press("project_load", loading.decide, needs=(Role.ADMIN,), guarded=saves),
    press("project_check", checking.waiting, needs=CHECKERS),
    press("project_report", checking.card, needs=CHECKERS),
    press("project_proof", checking.proof, needs=CHECKERS),
    press("project_record", checking.record, needs=CHECKERS),
    press("project_return", checking.return_, needs=CHECKERS),
    press("project_reverse", checking.reverse, needs=CHECKERS, guarded=always),
)  # fmt: skip
FORMS: tuple[FormRoute, ...] = (*entering.FORMS, *changing.FORMS, *correcting.FORMS)
PLANNERS: Planners = {"projects": lambda rules, districts: reminders.Projects(rules, districts).plan}
REASONS: Reasons = {"instalment": reminders.still_open, "project_waiting": reminders.still_unchecked}
