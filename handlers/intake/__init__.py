"""A village's staff in one go: the sheet to fill in, files that come back filled, lines pasted into the chat."""

from bot.filling import FormRoute
from bot.guarding import always
from bot.planning import Planners, Reasons
from bot.routing import LINKED, VILLAGE, Route, press, word
from handlers.intake import completing, menu, pasted, review

ROUTES: tuple[Route, ...] = (
    pasted.ROUTE,
    Route(menu.how, menu.is_many, VILLAGE, sign="(daftar n orang)"),
    word(
        "berkas",
        menu.show,
        *("excel", "template", "unduh", "format excel", "template pegawai", "pakai excel", "bisa pakai excel",
          "bisa excel", "lewat excel", "bisa lewat excel", "import excel", "impor excel", "upload", "unggah", "upload excel", "upload berkas", "upload data",
          "upload data pegawai", "unggah data pegawai", "kirim data pegawai", "upload pegawai", "data pegawai"),
        needs=LINKED,
    ),
    press("intake_template", menu.template, needs=VILLAGE, keeps_form=True),
    press("intake_how", menu.how, needs=VILLAGE, keeps_form=True),
    press("intake", review.save, needs=VILLAGE, keeps_form=True, guarded=always),
    press("intake_drop", review.drop, needs=VILLAGE, keeps_form=True),
    press("intake_next", completing.go_on, needs=VILLAGE, keeps_form=True),
    press("intake_fix", completing.fix, needs=VILLAGE, keeps_form=True),
    press("intake_sheet", completing.in_sheet, needs=VILLAGE, keeps_form=True, guarded=always),
)  # fmt: skip
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {}
REASONS: Reasons = {}
SHEET = review.KIND
SKIPPED = completing.skipped
