"""What a person can do, a module or a package for each part; this table is all the bot understands, tried in order."""

from datetime import datetime
from functools import partial

from bot import ledger, ruling
from bot.domain import answers as answered
from bot.domain import enrolling, sentences, words
from bot.domain.offices import CHECKERS
from bot.domain.reminders import next_calm_in
from bot.domain.rulebook import Rules
from bot.filling import FormRoute
from bot.guarding import always
from bot.messages import Membership, Outgoing
from bot.planning import Planner, Reason
from bot.routing import (
    ANYONE,
    DISTRICT,
    LINKED,
    VILLAGE,
    Route,
    Table,
    Where,
    anything,
    event,
    press,
    shape,
    word,
)
from bot.store.database import Tx
from bot.turns import Turn, entitled, noise
from handlers import (
    agreements,
    answers,
    called,
    chats,
    checking,
    exports,
    figures,
    guarding,
    identity_cards,
    incidents,
    intake,
    knocking,
    ladder,
    leaving,
    members,
    month,
    office,
    office_routes,
    opening,
    otherwise,
    paying,
    plans,
    privacy,
    programmes,
    projects,
    proof,
    quota,
    registration,
    reminders,
    reporting,
    sadar,
    stages,
    start,
    status,
    taking_over,
    terms,
    unchecked,
    unregistered,
    uploads,
    whether,
)
from handlers.office import calling_off, command_help, rereading

#: What a person can do besides the month of a village: packages with routes, forms, planners and reasons.
PARTS = (answers, exports, guarding, incidents, intake, office, privacy, programmes, projects, sadar)
#: Of these: emergencies, what the law gives three days for, and what the office sends when it says so.
AT_ANY_HOUR = (incidents, office, privacy)
LARGEST_PROOF = proof.LARGEST_PROOF
#: Files of one person in a day: the cards of a staff of thirty, and as many proofs.
FILES_A_DAY = 60


def reasons(rules: Rules) -> dict[str, Reason]:
    """What the claim of a message looks at again, by the kind of its reason; and none leaves in quiet hours,
    but for those of the parts that look after the hours themselves.
    """
    calm = {
        "unpaid": reminders.still_unpaid,
        "unregistered": unregistered.still_unregistered,
        "unchecked": unchecked.still_waiting,
        "agreement": agreements.still_last,
        "term": terms.still_ends,
        "unreached": ladder.still_unreached,
        "held": knocking.still_held,
    }
    own: dict[str, Reason] = {}
    for part in PARTS:
        (own if part in AT_ANY_HOUR else calm).update(part.REASONS)
    return own | {kind: partial(_calmly, rules, reason) for kind, reason in calm.items()}


def _calmly(rules: Rules, still: Reason, tx: Tx, argument: str, now: datetime) -> bool | datetime:
    """The reason, and when nobody is disturbed; its argument begins with a village or a district."""
    holds = still(tx, argument, now)
    if holds is not True:
        return holds
    calm = next_calm_in(ruling.current(tx, rules), argument[:5], now)
    return True if calm == now else calm


def planners(rules: Rules) -> dict[str, Planner]:
    """What is computed at each tick of the clock, by name."""
    districts = [district.code for district in rules.districts]
    return {
        "ledger": partial(_keep_books, rules, districts),
        "reminders": reminders.Reminders(rules, districts).plan,
        "ladder": ladder.Ladder(rules, districts).plan,
        "unregistered": unregistered.Unregistered(rules, districts).plan,
        "unchecked": unchecked.Unchecked(rules, districts).plan,
        "agreements": agreements.Agreements(rules, districts).plan,
        "terms": terms.Terms(rules, districts).plan,
        **{name: planner(rules, districts) for part in PARTS for name, planner in part.PLANNERS.items()},
    }


def _keep_books(
    rules: Rules, districts: list[str], tx: Tx, _since: datetime, until: datetime
) -> list[Outgoing]:
    """Open the running month, fix what fell due: before anybody is reminded of it."""
    ledger.keep_up(tx, ruling.current(tx, rules), districts, until)
    return []


def _for_the_office(turn: Turn) -> bool:
    """Whether they act for the district: of somebody who serves in both, if they chose it last."""
    office = entitled(turn, CHECKERS)
    if office is not None and office.district == turn.who.focus:
        turn.office = office
    return turn.office is not None and not turn.office.village


def _figure(turn: Turn) -> list[Outgoing]:
    """The agency's own figure, named by a village for itself or by the office for a village."""
    if not any(sign.isdigit() for sign in turn.rest):
        # "sipp" is also how people say "good"
        return start.thanks(turn) if words.is_polite(turn.rest) else answers.unknown(turn)
    return figures.given(turn) if _for_the_office(turn) else figures.of_village(turn)


def _otherwise(turn: Turn) -> list[Outgoing]:
    """Neither a command nor a choice; a mere yes may be meant for a form that rests."""
    said = otherwise.answer(turn)
    mere = [out.template for out in said] == ["chat/thanks"] and words.is_yes(turn.incoming.text)
    return (taking_over.unsaved(FORMS, turn) if mere else []) or said


def _go_on(turn: Turn) -> list[Outgoing]:
    """*lanjut*: the broadcast that is being written, else the form that was left last."""
    return office.broadcasts.go_on(turn) or taking_over.go_on(FORMS, turn)


def _proofs(turn: Turn) -> list[Outgoing]:
    """*bukti*: where a village sends one, and where the office looks at them."""
    return checking.waiting(turn) if _for_the_office(turn) else [turn.reply("month/how_to_prove")]


def _file(turn: Turn) -> list[Outgoing]:
    """A photo or a document: a sheet is read also while a form is open; else a card, or a proof of payment."""
    if not quota.used_today(turn, "files", FILES_A_DAY):
        return [noise(turn, turn.reply("sheet/too_many_today", count=FILES_A_DAY))]
    if uploads.is_sheet(turn, SHEETS):
        return uploads.received(turn)
    if turn.draft is not None:
        return identity_cards.received(turn)
    if not turn.who.village:
        return start.unreadable(turn)
    return proof.received(turn, projects.paying.offers(turn))


REGISTRATION = FormRoute(
    registration.FORM, registration.extra, registration.save, guarded=always, dropped=intake.SKIPPED
)
#: All forms; registration stands first: it is what *lanjut* means when several were left.
FORMS = (REGISTRATION, *members.FORMS, leaving.ROUTE, agreements.ROUTE, stages.CLOSING,
         *(form for part in PARTS for form in part.FORMS))  # fmt: skip
#: The kinds of sheets that are read, told apart by their header rows.
SHEETS = (exports.SHEET, projects.loading.SHEET, opening.SHEET, intake.SHEET)

COMMANDS = (
    word("start", start.begin),
    word("menu", start.menu, "mulai", "halo", "hai", "assalamualaikum", "assalamu alaikum", "selamat pagi", "selamat siang"),
    word("daftar", partial(called.begin, REGISTRATION), "daftarkan", "daftarkan orang", "tolong daftarkan",
         "tolong daftarin", "bantu daftarkan", "peserta baru", "perangkat baru", "orang baru", needs=VILLAGE, keeps_form=True, hears=enrolling.is_new),
    word("status", whether.village, "status desa", "kepesertaan", needs=VILLAGE),
    word("belum terlindungi", status.unprotected, "siapa yang belum terlindungi", "siapa belum terlindungi", "blm terlindungi",
         "belum terdaftar", "siapa yang belum terdaftar", "siapa saja yang belum terdaftar",
         "siapa saja yang belum terlindungi", needs=VILLAGE, hears=enrolling.asks_who_is_not),
    word("peserta", whether.people, "daftar peserta", "anggota", needs=VILLAGE, hears=enrolling.asks_who_is),
    word("tagihan", month.show, "iuran", "tunggakan", "berapa iurannya", "kapan batas bayar", "daftar tunggakan", "jadwal bayar",
         "kapan jatuh tempo", "cara bayar", "berapa yang harus dibayar", needs=VILLAGE, hears=answered.asks_bill),
    word("mengapa", month.explain, "kenapa", "mengapa segitu", "kenapa segitu", "dari mana angkanya", "rincian",
         "rincian iuran", needs=VILLAGE),
    word("bayar", paying.pay, needs=VILLAGE),
    word("sudah bayar", paying.say_paid, "sdh bayar", "udah bayar", "sudah dibayar", "sudah di bayar", "sdh dibayar", "lunas",
         "sudah lunas", "lapor bayar", "sudah transfer", "sudah setor", "sdh transfer",
         "udah transfer", "sdh setor", needs=VILLAGE, hears=sentences.reports, slips=0),
    word("rencana bayar", plans.plan, "rencana", "akan bayar", "mau bayar", "mau dibayar", needs=VILLAGE, hears=sentences.plans, slips=0),
    word("dana belum cair", plans.funds, "belum ada dana", "dana belum ada", "dana belum turun", "belum cair",
         needs=VILLAGE, hears=sentences.lacks_money, slips=0),
    word("belum dianggarkan", plans.budget, "belum ada anggaran", needs=VILLAGE, hears=sentences.lacks_budget, slips=0),
    word("belum bayar", plans.not_yet, "belum", "belum dibayar", "belum kami bayar", needs=VILLAGE, slips=0),
    word("data salah", plans.data, "datanya salah", "datanya keliru", needs=VILLAGE, slips=0),
    word("batalkan laporan", reporting.offer_withdrawal, "salah lapor", "batal bayar", "batal lapor", "batalkan pembayaran", needs=VILLAGE,
         hears=sentences.regrets, slips=0),
    word("riwayat", reporting.history, "riwayat bayar", "riwayat pembayaran", "kapan terakhir bayar", "terakhir bayar", "daftar pembayaran", needs=VILLAGE,
         hears=sentences.is_not_shown),
    word("sipp", _figure, "angka sipp", "tagihan sipp", needs=(*VILLAGE, *CHECKERS), slips=0),
    word("bukti", _proofs, "bukti bayar", "laporan bayar", "laporan pembayaran", "periksa bukti", "kirim bukti",
         needs=(*VILLAGE, *CHECKERS)),
    word("lanjut", _go_on, "lanjutkan", "lanjut isian", keeps_form=True),
    word("isian", partial(taking_over.show, REGISTRATION), "daftar isian", needs=VILLAGE, keeps_form=True),
    word("bantuan", start.help_, "help", "tolong", "bantu", "bingung", "tidak paham", "tidak mengerti", keeps_form=True),
    word("tautkan", start.another_device, "nomor lain", "hp lain", guarded=always, slips=0),
    word("desa saya", start.choose_village, "ganti desa", "pilih desa", needs=VILLAGE),
    word("batal", partial(calling_off.nothing_open, FORMS), "kembali", "nanti"),
    *office_routes.COMMANDS,
)  # fmt: skip
EVENTS = (
    event(Membership.BLOCKED, chats.blocked),
    event(Membership.GONE, chats.gone),
    event(Membership.UNBLOCKED, chats.unblocked),
    event(Membership.ADDED, chats.added),
    event(Membership.REMOVED, chats.removed),
    event(Membership.MIGRATED, chats.moved),
)
PRESSES = (
    Route(whether.removal, whether.is_removal, VILLAGE, sign="(hapus orang)"),
    Route(whether.answer, whether.is_asked, VILLAGE, sign="(sudah terdaftar belum)"),
    Route(otherwise.helped, otherwise.is_plea, VILLAGE, sign="(tolong …)", keeps_form=True),
    Route(leaving.told_why, leaving.is_reason, VILLAGE, sign="(alasan berhenti)"),
    press("begin", partial(registration.begin, REGISTRATION), needs=VILLAGE, keeps_form=True),
    press("resume", partial(taking_over.go_on, FORMS), keeps_form=True),
    press("restart", partial(taking_over.restart, FORMS), needs=VILLAGE, keeps_form=True),
    press("takeover", partial(registration.take_over, REGISTRATION), needs=VILLAGE, keeps_form=True),
    press("identity", partial(identity_cards.use, REGISTRATION), needs=VILLAGE, keeps_form=True),
    press("paid", paying.paid, needs=VILLAGE, keeps_form=True),
    press("told", paying.told_again, needs=VILLAGE, keeps_form=True),
    press("figure", figures.of_bill, needs=VILLAGE, keeps_form=True),
    press("unpaid", reporting.withdraw, needs=VILLAGE, keeps_form=True, guarded=always),
    press("why", month.why, needs=VILLAGE),
    press("shares", month.shares, needs=VILLAGE),
    press("intend", plans.intend, needs=VILLAGE, keeps_form=True, stays=True),
    press("proof", proof.of_month, needs=VILLAGE),
    press("proves", proof.of_report, needs=VILLAGE),
    press("people", status.people, needs=VILLAGE),
    press("member", status.one, needs=VILLAGE),
    press("change", status.change, needs=VILLAGE),
    *(press(form.form.name, partial(members.begin, form), needs=VILLAGE) for form in members.OF_VILLAGE),
    press("kpj", members.begin_kpj, needs=(*VILLAGE, *CHECKERS)),
    press("leaving", leaving.reasons, needs=VILLAGE),
    press("leave", leaving.begin, needs=VILLAGE, guarded=leaving.takes_out),
    press("begin_successor", partial(leaving.begin_successor, REGISTRATION), needs=VILLAGE),
    press("no_successor", leaving.no_successor, needs=VILLAGE, keeps_form=True),
    press("term_ends", terms.ends, needs=VILLAGE),
    press("terms_on", terms.on_a_day, needs=VILLAGE),
    press("term_later", terms.later, needs=VILLAGE, keeps_form=True),
    press("village", start.choose_village, needs=VILLAGE),
    press("room", chats.tie_room, needs=ANYONE, where=Where.GROUP),
    press("mute", start.stop),
    press("unmute", start.start_again),
    press("held", knocking.read, keeps_form=True),
    *office_routes.PRESSES,
)
SHAPES = (
    shape("job:sheet", handler=partial(uploads.read, SHEETS), keeps_form=True,
          needs=tuple(dict.fromkeys(role for kind in SHEETS for role in kind.needs))),
    shape("job:card", handler=identity_cards.read, needs=VILLAGE, keeps_form=True),
    shape("job:proof", handler=proof.kept, needs=VILLAGE, keeps_form=True),
    shape("photo", "document", handler=_file, needs=LINKED, keeps_form=True),
    Route(start.unreadable, lambda turn: turn.incoming.shape not in ("text", "tap"), keeps_form=True),
)  # fmt: skip

#: Everything, in order.
TABLE = Table(
    (
        *EVENTS,
        *PRESSES,
        *(route for part in PARTS for route in part.ROUTES),
        *SHAPES,
        *COMMANDS,
        Route(command_help.unknown, lambda turn: turn.incoming.text.startswith("/"), DISTRICT, Where.GROUP),
        anything(_otherwise, keeps_form=True),
    ),
    FORMS,
    start.stranger,
    guarding.refused,
    privacy.WATCH,
    rereading.reread,
)
