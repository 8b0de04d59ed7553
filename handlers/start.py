"""Finding one's way: invitations, the menu, help, stopping, and what cannot be read."""

from dataclasses import replace

from bot.domain import alarms, cleaning, words
from bot.domain.offices import CHECKERS, DISTRICT, STAFF, Office, Role, office_day
from bot.messages import Choice, Lane, Outgoing
from bot.store import invitations, people, places, requests
from bot.store.invitations import Invitation
from bot.turns import Turn, may, noise, speak_about
from handlers import district, genuine, open_choices, strangers, succession
from handlers.guarding import arriving

VILLAGE_MENU = (
    Choice("menu:daftar", "Daftarkan orang"),
    Choice("menu:status", "Status desa"),
    Choice("menu:tagihan", "Tagihan"),
    Choice("menu:sudah bayar", "Sudah bayar"),
    Choice("menu:proyek", "Proyek"),
    Choice("menu:kecelakaan", "Ada kecelakaan"),
    Choice("menu:bantuan", "Bantuan"),
)
_OF_STAFF = ("menu laporan", "menu pesan")
#: What each role of the district's office does most; the rest is a word away (*bantuan*).
DISTRICT_MENUS = {
    Role.ADMIN: (
        "rekap",
        "bukti",
        "ajuan",
        *_OF_STAFF,
        "menu orang",
        "menu lapangan",
        "menu program",
        "bantuan",
    ),
    Role.OPERATOR: ("rekap", "bukti", "ajuan", "telepon", *_OF_STAFF, "menu lapangan", "bantuan"),
    Role.BRANCH: (
        "bukti",
        "ajuan",
        "rekap",
        "menunggak",
        "terbayar",
        "telepon",
        "laporan",
        "menu lapangan",
        "bantuan",
    ),
    Role.VIEWER: (
        "rekap",
        "menunggak",
        "terbayar",
        "belumdaftar",
        "telepon",
        "laporan",
        "menu lapangan",
        "bantuan",
    ),
    Role.CAMAT: ("rekap", "menunggak", "terbayar", "belumdaftar", "menu lapangan", "bantuan"),
}
#: What stands behind one choice of a district's menu.
GROUPS = {
    "menu laporan": ("menunggak", "terbayar", "belumdaftar", "telepon", "kendala", "laporan", "grafik tren"),
    "menu pesan": ("ingatkan", "siaran", "riwayat siaran", "jawab"),
    "menu orang": ("undang", "setujui", "akhiri", "bekukan", "pulihkan", "reset pin", "daftar akses"),
    "menu lapangan": ("proyek", "kejadian", "sadar"),
    "menu program": ("kelompok", "kajian", "anggaran", "binaan", "kontak cabang"),
}
_LABELS = {
    "rekap": "Rekap",
    "bukti": "Laporan pembayaran",
    "ajuan": "Ajuan peserta",
    "menunggak": "Desa menunggak",
    "terbayar": "Desa sudah bayar",
    "belumdaftar": "Belum terdaftar",
    "menu laporan": "Laporan dan daftar",
    "kendala": "Kendala desa",
    "laporan": "Laporan bulanan",
    "grafik tren": "Grafik tren",
    "menu pesan": "Pesan ke desa",
    "ingatkan": "Ingatkan desa",
    "siaran": "Siaran",
    "riwayat siaran": "Riwayat siaran",
    "jawab": "Pertanyaan desa",
    "menu orang": "Orang dan akses",
    "daftar akses": "Daftar akses",
    "setujui": "Permintaan tautan",
    "akhiri": "Akhiri tugas",
    "bekukan": "Bekukan akses",
    "pulihkan": "Pulihkan akses",
    "reset pin": "PIN baru",
    "undang": "Undang orang",
    "telepon": "Perlu ditelepon",
    "bantuan": "Bantuan",
    "menu lapangan": "Proyek, kejadian, sadar",
    "proyek": "Proyek",
    "kejadian": "Kejadian",
    "sadar": "Desa Sadar",
    "menu program": "Program dan anggaran",
    "kelompok": "Kelompok peserta",
    "kajian": "Kajian biaya",
    "anggaran": "Anggaran semua desa",
    "binaan": "Desa binaan",
    "kontak cabang": "Kontak cabang BPJS",
}


def _district_menu(turn: Turn, office: Office) -> list[Choice]:
    found = [Choice(f"menu:{word}", _LABELS[word]) for word in DISTRICT_MENUS[office.role]]
    other = [Choice("menu:ganti kabupaten", "Kabupaten lain")] if len(turn.who.districts) > 1 else []
    return [*found, *other]


def stranger(turn: Turn) -> list[Outgoing]:
    """Somebody nobody invited: answered behind everybody else, but where they tell of an emergency."""
    said = _heard(turn)
    if turn.actor is not None or alarms.spoken(turn.incoming.text):
        return said
    mine = turn.incoming.address
    return [replace(out, lane=Lane.BROADCAST, repeatable=True) if out.to == mine else out for out in said]


def _heard(turn: Turn) -> list[Outgoing]:
    """A code links them; else they are asked what the office needs to know."""
    text = turn.incoming.text.strip()
    if genuine.is_asked(text):
        return genuine.check(turn)
    code = _code_in(text)
    if code:
        return _link(turn, code)
    if _mistyped_code(text):
        return _wrong_code(turn, f"{turn.incoming.address.channel}:{turn.incoming.sender}")
    at, user = turn.incoming.address, turn.incoming.sender
    if not alarms.spoken(text) and (waits := arriving.still_waits(turn)):
        return waits
    kept = "" if turn.secret else text[:200]
    invitations.visited(turn.tx, at, user, (cleaning.called(turn.incoming.name), kept), turn.now)
    return strangers.heard(turn)


def _code_in(text: str) -> str | None:
    first, _, rest = text.partition(" ")
    return invitations.as_code(rest if first.lower().lstrip("/") in ("start", "mulai") else text)


def begin(turn: Turn) -> list[Outgoing]:
    """/start of somebody who is linked: another office with a code, else the menu."""
    code = invitations.as_code(turn.rest)
    return _link(turn, code) if code else menu(turn)


def _link(turn: Turn, code: str) -> list[Outgoing]:
    at, user = turn.incoming.address, turn.incoming.sender
    account = f"{at.channel}:{user}"
    if not invitations.may_try(turn.tx, account, turn.now):
        return [turn.reply("start/too_many_codes")]
    invitation = invitations.use(turn.tx, code, turn.now)
    if invitation is None or not _still_offered(turn, invitation):
        return _wrong_code(turn, account)
    if invitation.person is not None and turn.actor is not None and turn.actor.person == invitation.person:
        invitations.free(turn.tx, invitation)
        return [turn.reply("start/linked_already")]
    person = _person_for(turn, invitation)
    if invitation.is_own:
        invitations.used_by(turn.tx, invitation, person)
        return arriving.came(turn, invitation, person)
    told: list[Outgoing] = []
    people.link(turn.tx, person, user, at, turn.now)
    if invitation.person is None:
        people.appoint(turn.tx, person, invitation.office, office_day(turn.now))
    invitations.used_by(turn.tx, invitation, person)
    invitations.welcomed(turn.tx, at.channel, user)
    requests.welcomed(turn.tx, at.channel, user, turn.now)
    if invitation.office.village:
        people.focus(turn.tx, person, invitation.office.village)
    turn.actor = people.actor(turn.tx, at.channel, user, office_day(turn.now))
    turn.note("link", f"person:{person}", role=invitation.office.role.value, place=_place(invitation.office))
    if invitation.person is None:
        told = succession.linked(turn, invitation.office, person, invitation.replaces)
    return [_welcome(turn, invitation.office), *told]


def _mistyped_code(text: str) -> bool:
    """One word that looks like a code and is none: a letter short, a letter that codes never have."""
    said = text.partition(" ")[2] if text.startswith("/start ") else text
    letters = said.replace("-", "")
    return "-" in said and " " not in said and letters.isalnum() and 9 <= len(letters) <= 14


def _wrong_code(turn: Turn, account: str) -> list[Outgoing]:
    if not invitations.may_try(turn.tx, account, turn.now):
        return [turn.reply("start/too_many_codes")]
    invitations.tried(turn.tx, account, turn.now)
    return [turn.reply("start/wrong_code")]


def _still_offered(turn: Turn, invitation: Invitation) -> bool:
    """Another address is for people in office only: the code may be older than their last day."""
    if invitation.person is None:
        return True
    if turn.actor is not None and turn.actor.offices and turn.actor.person != invitation.person:
        return False  # this account speaks for somebody else
    place = invitation.office.village or invitation.office.district
    held = people.offices(turn.tx, invitation.person, office_day(turn.now))
    return place in (office.village or office.district for office in held)  # also who has no address left


def _person_for(turn: Turn, invitation: Invitation) -> int:
    if invitation.person is not None:
        return invitation.person
    if turn.actor is not None:
        return turn.actor.person
    name = invitation.name or cleaning.called(turn.incoming.name) or invitation.office.role.label
    return people.add(turn.tx, name, turn.now)


def _place(office: Office) -> str:
    return office.village or office.district


def _welcome(turn: Turn, office: Office) -> Outgoing:
    choices = VILLAGE_MENU if office.village else _district_menu(turn, office)
    place = district.place_of(turn, office)
    return turn.reply("start/welcome", choices, name=turn.who.name, role=office.role.label, place=place)


def menu(turn: Turn) -> list[Outgoing]:
    """What this person can do, and another district where there are several."""
    if turn.who.village:
        return [turn.reply("start/menu", VILLAGE_MENU, name=turn.who.name, place=turn.village.label)]
    return _menu_of_district(turn)


def _menu_of_district(turn: Turn) -> list[Outgoing]:
    office = turn.office or turn.who.offices[0]
    place = f"Kec. {turn.kecamatan}" if turn.limits else district.place_of(turn, office)
    choices = _district_menu(turn, office)
    return [turn.reply("start/menu", choices, name=turn.who.name, place=place)]


def group(turn: Turn) -> list[Outgoing]:
    """What stands behind one choice of the menu."""
    choices = [Choice(f"menu:{word}", _LABELS[word]) for word in GROUPS[turn.word]]
    return [turn.reply("start/menu_group", choices, title=_LABELS[turn.word])]


def help_(turn: Turn) -> list[Outgoing]:
    """The words that work, and who answers where the bot cannot."""
    office = turn.district.office_name
    ask = (Choice("help:", "Tanya petugas"),) if turn.who.village else ()
    if turn.draft is not None:
        return [turn.reply("start/help_in_form", ask, office=office)]
    if turn.who.village:
        return [turn.reply("start/help_village", ask, office=office)]
    roles = {held.role for held in turn.who.offices}
    return [
        turn.reply(
            "start/help_district",
            admin=Role.ADMIN in roles,
            checks=bool(roles & {*CHECKERS}),
            staff=bool(roles & {*STAFF}),
            looks=roles != {Role.CAMAT},
            several=len(turn.who.districts) > 1,
        )
    ]


def stop(turn: Turn) -> list[Outgoing]:
    """No broadcasts from now on; reminders of what is due go on, and that is said."""
    people.mute(turn.tx, turn.who.person, turn.now)
    turn.note("mute", f"person:{turn.who.person}")
    choices = (Choice("unmute:", "Terima lagi"),)
    village = bool(turn.who.village)
    return [turn.reply("start/stopped", choices, office=turn.district.office, village=village)]


def start_again(turn: Turn) -> list[Outgoing]:
    """Take a stop back."""
    people.mute(turn.tx, turn.who.person, None)
    turn.note("unmute", f"person:{turn.who.person}")
    return [turn.reply("start/started_again")]


def another_device(turn: Turn) -> list[Outgoing]:
    """A code with which the same person links another channel or number of theirs."""
    office = turn.who.offices[0]
    code = invitations.make(turn.tx, Invitation(office, person=turn.who.person), turn.who.person, turn.now)
    turn.note("invite_self", f"person:{turn.who.person}")
    return [turn.reply("start/another_device", code=code)]


def choose_village(turn: Turn) -> list[Outgoing]:
    """Somebody who serves several villages says which one they speak about."""
    _, _, code = turn.choice.partition(":")
    if code in turn.who.villages:
        speak_about(turn, code)
        return menu(turn)
    if len(turn.who.villages) == 1:
        speak_about(turn, turn.who.village)
        return menu(turn)
    choices = []
    for village_code in turn.who.villages:
        village = places.village(turn.tx, village_code)
        if village is not None:
            choices.append(Choice(f"village:{village.code}", village.label))
    return [turn.reply("start/which_village", choices)]


def choose_district(turn: Turn) -> list[Outgoing]:
    """Somebody who serves in the offices of several districts says which one they speak about."""
    _, _, code = turn.choice.partition(":")
    if code in turn.who.districts:
        speak_about(turn, code)
        may(turn, DISTRICT)
        return _menu_of_district(turn)
    if len(turn.who.districts) == 1:
        speak_about(turn, turn.who.districts[0])
        may(turn, DISTRICT)
        return _menu_of_district(turn)
    choices = [Choice(f"district:{each}", turn.rules.district(each).name) for each in turn.who.districts]
    return [turn.reply("start/which_district", choices)]


def thanks(turn: Turn) -> list[Outgoing]:
    """Politeness is answered with it, once a minute; a yes where something is to be decided is no politeness."""
    agreed = words.is_yes(turn.incoming.text)
    undecided = open_choices.undecided(turn) if agreed else open_choices.late(turn)
    return undecided or [noise(turn, turn.reply("chat/thanks"))]


def unreadable(turn: Turn) -> list[Outgoing]:
    """Voice, stickers, places and the like: one polite answer a minute."""
    return [noise(turn, turn.reply("chat/unreadable", shape=turn.incoming.shape))]
