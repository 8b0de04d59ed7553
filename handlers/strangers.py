"""Somebody nobody invited: at most three questions, and the office decides."""

import re
from dataclasses import replace
from typing import Any

from bot.domain import alarms, cleaning, dates, picking, placing, words
from bot.domain.incidents import Kind as Happened
from bot.domain.offices import Role
from bot.errors import Doubtful, Invalid
from bot.messages import Outgoing
from bot.store import invitations, places, requests
from bot.store.places import Village
from bot.store.requests import Kind, Request, State
from bot.turns import Turn, noise
from handlers import requesting
from handlers.incidents import steps

_ROLES = (Role.HEAD, Role.SECRETARY, Role.TREASURER)
_SKIP = words.Vocabulary({"skip": ("lewati", "lewat", "tidak ada", "belum ada", "kosong", "skip")})
#: Out of the questions, or out of what was asked for already.
_OUT = words.Vocabulary(
    {"out": ("batal", "batalkan", "kembali", "ubah", "tidak jadi", "salah desa", "berhenti")}
)
_STOP = words.Vocabulary({"stop": ("berhenti",)})
#: What nobody should have to be linked for: answered with whom to call.
_CALLS = words.Vocabulary(dict.fromkeys(("bantuan", "kecelakaan", "meninggal", "tanya"), ()))
_HAPPENED = {"kecelakaan": Happened.ACCIDENT, "meninggal": Happened.DEATH}
#: How people knock; whole texts only: "p Rusdi" is somebody, "apa kabar klaim saya" a question.
GREETING = words.Vocabulary(
    {
        "greeting": (
            "ass",
            "ass wr wb",
            "asslm",
            "aslm",
            "asslmkm",
            "assalam",
            "assalamu alaikum wr wb",
            "p",
            "ping",
            "tes",
            "test",
            "apa kabar",
            "permisi",
        )
    }
)
#: What works for who is linked, and the greetings with which many begin: neither is the name of a village.
_KNOWN = words.Vocabulary(
    {
        "command": (
            *("menu", "daftar", "status", "peserta", "belum terlindungi", "tagihan", "mengapa"),
            *(
                "bayar",
                "sudah bayar",
                "rencana bayar",
                "hp hilang",
                "dana belum cair",
                "belum bayar",
                "belum dianggarkan",
                "data salah",
            ),
            *("ganti kabupaten", "riwayat", "sipp", "bukti", "lanjut", "isian"),
            *("data saya", "tautkan", "desa", "desa saya", "berkas", "proyek"),
            *("serah terima", "rekap", "menunggak", "terbayar"),
            *(
                "belumdaftar",
                "ingatkan",
                "jawab",
                "siaran",
                "setujui",
                "akhiri",
                "berhentikan",
                "grup",
                "undang",
            ),
            *("ajuan", "telepon", "telepon cetak", "kendala", "jadwal", "laporan", "grafik tren"),
            *("berkas desa", "audit", "sistem", "pks", "muatan awal", "bayar kabupaten"),
            *("kejadian", "kontak cabang", "info", "anggaran", "kajian", "kelompok", "sadar", "binaan"),
            *(
                "termin",
                "tambah proyek",
                "rencana proyek",
                "daftar peserta excel",
                "lembar sipp",
                "tagihan excel",
            ),
            *(
                "bekukan",
                "pulihkan",
                "lupa pin",
                "reset pin",
                "pin kabupaten",
                "permintaan data",
                "daftar akses",
                "cek kode",
                "riwayat siaran",
            ),
            *("menu laporan", "menu pesan", "menu orang", "menu lapangan", "menu program"),
        ),
        "greeting": (
            *("halo", "hai", "assalamualaikum", "assalamu alaikum", "selamat pagi", "selamat siang"),
            *("selamat sore", "selamat malam"),
        ),
    }
)
_NUMBERED = re.compile(r"\d\s*/|/\s*\d")  # 141/12/2024, SK/7
_ON_A_DAY = re.compile(r"\b\d{1,2}[ ./-]+(?:\d{1,2}|[A-Za-z]{3,9})[ ./-]+(?:19|20)\d\d\b")
_DATED = re.compile(r"(?i)\b(?:tanggal|tertanggal|tgl)\b\.?")
_LONGEST = 80  # characters of the number of an SK
_WORDS, _IN_A_NAME = 12, 5  # of a text that are looked up as names of villages, and of one name


def heard(turn: Turn) -> list[Outgoing]:
    """What a stranger wrote: an answer to the open question, or the beginning of a request."""
    at, user = turn.incoming.address, turn.incoming.sender
    known = requests.of(turn.tx, at.channel, user)
    text = cleaning.visible(turn.incoming.text)
    phone = _own_phone(turn)
    if known is not None and known.kind is Kind.HANDOVER:  # who asked for it is in office no more
        edits = requesting.lapse(turn, known, requesting.HOLDER_LEFT)
        return [*_begun(turn, text, phone), *edits]
    if known is None:
        return _begun(turn, text, phone)
    if not phone and words.command(text, _OUT, fuzzy=False):
        return _withdrawn(turn, known)
    if phone:
        known = replace(known, words={**known.words, "phone": phone})
        requests.keep(turn.tx, known, known.since if known.state is State.OPEN else turn.now)
        return _next(turn, known) if known.state is State.ASKING else _again(turn, known)
    if meant := _call(text):
        return [_calls(turn, known, meant)]
    unread = known.state is State.OPEN or not text or len(text) > cleaning.LIMIT
    return _again(turn, known) if unread else _answered(turn, known, text)


def _own_phone(turn: Turn) -> str:
    """The number on a contact card, only if it is the sender's own and was not forwarded."""
    contact = turn.incoming.contact
    own = contact is not None and contact.user == turn.incoming.sender and not turn.incoming.forwarded
    return contact.phone[:20] if contact is not None and own else ""


def _begun(turn: Turn, text: str, phone: str) -> list[Outgoing]:
    """The first message: who says all of it at once is asked for nothing twice."""
    read = text if len(text) <= cleaning.LIMIT else ""
    if words.command(read, _STOP, fuzzy=False):
        return [noise(turn, turn.reply("start/withdrawn", asked=False, begun=False))]
    said: dict[str, Any] = {"name": cleaning.called(turn.incoming.name)}
    said |= {"phone": phone} if phone else {}
    new = Request(Kind.LINK, turn.incoming.address, turn.incoming.sender, words=said)
    place, role = placing.without_role(read)
    named, meant = _exactly(turn, place or read), _call(read)
    village = named[0] if len(named) == 1 else None
    if village is not None:
        # Of whom an emergency speaks holds the office, not who writes.
        new = replace(
            new, village=village.code, district=village.district, role="" if meant in _HAPPENED else role
        )
    number = requests.begin(turn.tx, new, turn.now)
    if number is None and meant not in _HAPPENED:
        return []
    if meant or number is None:
        return [_calls(turn, new, meant)]
    if village is not None:
        return _next(turn, replace(new, id=number))
    if words.exactly(text, _KNOWN) == "command":
        return [_not_linked(turn)]
    return [noise(turn, turn.reply("start/stranger"))]


def _not_linked(turn: Turn) -> Outgoing:
    """A command of somebody who is in no office, or no more."""
    return noise(turn, turn.reply("start/not_linked", former=turn.actor is not None))


def _call(text: str) -> str:
    """What a text calls for before anything else; "" for nothing of that kind."""
    kind = alarms.spoken(text)
    happened = next((word for word, one in _HAPPENED.items() if one is kind), "")
    return happened or words.command(text, _CALLS, fuzzy=False) or ""


def _calls(turn: Turn, known: Request, meant: str) -> Outgoing:
    """Whom to call: the office of the village they named, or once served; first what cannot wait."""
    district = known.district or (turn.actor.focus[:5] if turn.actor else "")
    office = next((one.office_name for one in turn.rules.districts if one.code == district), "")
    if meant in _HAPPENED:  # also for the second time in a minute
        return steps.for_stranger(turn, _HAPPENED[meant], district, office)
    return noise(turn, turn.reply("start/call_office", office=office, asked=_open(known)))


def _withdrawn(turn: Turn, known: Request) -> list[Outgoing]:
    """*Batal*: what was said so far is dropped, what was asked for is asked for no more."""
    if known.state is State.OPEN:
        turn.note("withdraw_request", f"village:{known.village}", request=known.id, role=known.role)
    edits = requesting.lapse(turn, known, requesting.WITHDRAWN)
    return [turn.reply("start/withdrawn", asked=known.state is State.OPEN, begun=True), *edits]


def _exactly(turn: Turn, said: str) -> list[Village]:
    """The villages that are served and bear this name, by an index: this is done for whoever writes."""
    spoken = cleaning.words(said)[:_WORDS]
    spans = {
        " ".join(spoken[first : first + count])
        for first in range(len(spoken))
        for count in range(1, _IN_A_NAME + 1)
    }
    served = {district.code for district in turn.rules.districts}
    named = {one.code: one for span in spans for one in places.named(turn.tx, span)}
    return placing.exactly(said, [one for one in named.values() if one.district in served])


def _may_look(turn: Turn) -> bool:
    """Near names are looked for among all villages: not for one who writes without end."""
    return invitations.may_look(turn.tx, f"{turn.incoming.address.channel}:{turn.incoming.sender}", turn.now)


def _villages(turn: Turn) -> list[Village]:
    return [one for district in turn.rules.districts for one in places.villages(turn.tx, district.code)]


def _again(turn: Turn, known: Request) -> list[Outgoing]:
    """Nothing that could be an answer: what is still open, once a minute."""
    return [noise(turn, turn.reply("start/stranger_again", asked=_open(known)))]


def _open(known: Request) -> str:
    """The question that is open: village, role, sk, or none."""
    if known.state is State.OPEN:
        return ""
    return "village" if not known.village else "role" if not known.role else "sk"


def _answered(turn: Turn, known: Request, text: str) -> list[Outgoing]:
    asked = _open(known)
    meant = words.exactly(text, _KNOWN) or words.exactly(text, GREETING)
    if meant == "command" and asked == "village":
        return [_not_linked(turn)]
    if meant or text.startswith("/"):
        return _again(turn, known)
    if asked == "sk":
        return _heard_decree(turn, known, text)
    if asked == "role" and (role := _role(text)):
        return _next(turn, replace(known, role=role))
    return _heard_place(turn, known, text)


def _role(text: str) -> str:
    picked = picking.pick(text, [role.label for role in _ROLES])
    return _ROLES[picked].value if picked is not None else placing.role_in(text)


def _heard_place(turn: Turn, known: Request, text: str) -> list[Outgoing]:
    """The village, perhaps with the office beside it; or the number of one of those that were near."""
    codes = known.words.get("likely", ())
    near = [one for code in codes if (one := places.village(turn.tx, code)) is not None]
    picked = picking.pick(text, [one.label for one in near]) if near else None
    place, role = placing.without_role(text)
    exact = [near[picked]] if picked is not None else _exactly(turn, place or text)
    if not exact and not _may_look(turn):
        return _again(turn, known)
    likely = exact or _likely(turn, place or text)
    found = exact[0] if len(exact) == 1 else None
    if found is not None:
        said = {name: value for name, value in known.words.items() if name != "likely"}
        role = role or known.role
        return _next(turn, replace(known, village=found.code, district=found.district, role=role, words=said))
    if known.village:
        return _again(turn, known)  # it was neither an office nor a village
    if not likely:
        return [noise(turn, turn.reply("start/no_such_place"))]
    requests.keep(
        turn.tx, replace(known, words={**known.words, "likely": [v.code for v in likely]}), turn.now
    )
    shown = [f"{one.label}, {turn.rules.district(one.district).name}" for one in likely]
    return [noise(turn, turn.reply("start/which_place", places=shown))]


def _likely(turn: Turn, said: str) -> list[Village]:
    return [one for one in placing.village(said, _villages(turn)).likely if _alike(said, one)]


def _alike(said: str, village: Village) -> bool:
    """Whether a word begins like a word of the name: a greeting is near to some village or other."""
    firsts = {word[0] for word in cleaning.words(said)}
    return any(word[0] in firsts for word in cleaning.words(village.name))


def _heard_decree(turn: Turn, known: Request, text: str) -> list[Outgoing]:
    """The number of the SK and its date, or that there is none."""
    if words.exactly(text, _SKIP) or words.is_no(text):
        return _next(turn, replace(known, words={**known.words, "sk": ""}))
    if not _NUMBERED.search(text) and not _ON_A_DAY.search(text):
        return _again(turn, known)
    number, _, day = (_DATED.sub("\n", text, count=1)).partition("\n")
    said = {"sk": number.strip(" ,.")[:_LONGEST] or text[:_LONGEST]}
    try:
        said["sk_date"] = dates.parse_start(day, turn.now.date()).isoformat() if day else ""
    except (Invalid, Doubtful):
        said["sk"] = text[:_LONGEST]
    return _next(turn, replace(known, words={**known.words, **said}))


def _next(turn: Turn, known: Request) -> list[Outgoing]:
    """Keep what is known, and ask what is not; all of it is a request."""
    village = places.village(turn.tx, known.village)
    place = village.label if village else ""
    if not known.village or not known.role or "sk" not in known.words:
        requests.keep(turn.tx, known, turn.now)
        if not known.village:
            return _again(turn, known)
        if not known.role:
            return [turn.reply("start/ask_role", place=place, roles=[role.label for role in _ROLES])]
        return [turn.reply("start/ask_decree", place=place, role=Role(known.role).label)]
    known = replace(known, state=State.OPEN, since=turn.now)
    requests.keep(turn.tx, known, turn.now)
    turn.note("request", f"village:{known.village}", request=known.id, role=known.role)
    district = turn.rules.district(known.district)
    said = turn.reply(
        "start/requested", what=requesting.label(turn, known), office=district.office, days=requests.LIFE.days
    )
    return [said, *requesting.announce(turn, known)]
