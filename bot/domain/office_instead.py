"""What the district's office has in place of each command that is a village's only: it is never told that it may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain import mentioned, office_talk, placing
from bot.domain.office_phrases import Meant, called, plain
from bot.domain.placing import Place


@dataclass(frozen=True, slots=True)
class Instead:
    """Commands for one village, for a kecamatan, and for all; of several the first that somebody may use."""

    one: tuple[str, ...]
    inside: tuple[str, ...]
    all: tuple[str, ...]


_OWED = Instead(("desa",), ("menunggak",), ("menunggak",))
_WISHES = Instead(("desa",), ("menunggak",), ("kendala", "menunggak"))
_PAID = Instead(("bukti", "desa"), ("rekap",), ("bukti", "rekap"))
_SAID_PAID = Instead(("desa",), ("terbayar",), ("bukti", "terbayar"))
_COUNTED = Instead(("desa",), ("rekap",), ("rekap",))
_MISSING = Instead(("desa",), ("belumdaftar",), ("belumdaftar",))
_SHEETS = Instead(("desa",), ("rekap",), ("berkas",))
_PROJECTS = Instead(("proyek",), ("proyek",), ("proyek",))
_OWN = Instead(("desa",), ("rekap",), ("bantuan",))
_POSTS = Instead(("undang", "desa"), ("bantuan",), ("undang", "bantuan"))
_FORMS = Instead(("lanjut",), ("lanjut",), ("lanjut",))
COMMANDS: Mapping[str, Instead] = {
    **dict.fromkeys(("tagihan", "belum bayar"), _OWED),
    **dict.fromkeys(
        ("mengapa", "rencana bayar", "dana belum cair", "belum dianggarkan", "data salah"), _WISHES
    ),
    **dict.fromkeys(("riwayat", "batalkan laporan"), _PAID),
    **dict.fromkeys(("bayar", "sudah bayar"), _SAID_PAID),
    **dict.fromkeys(("status", "peserta"), _COUNTED),
    **dict.fromkeys(("belum terlindungi",), _MISSING),
    **dict.fromkeys(("lembar sipp", "daftar peserta excel", "tagihan excel"), _SHEETS),
    **dict.fromkeys(("tambah proyek", "rencana proyek", "termin"), _PROJECTS),
    **dict.fromkeys(("daftar", "tanya", "desa saya"), _OWN),
    "serah terima": _POSTS,
    "isian": _FORMS,
}


def instead(name: str, rest: str, text: str, places: Sequence[Place]) -> Meant | None:
    """The office's command in place of a village's, about the place that was named, in the text or behind the word."""
    found = COMMANDS.get(name)
    if found is None:
        return None
    here = mentioned.places_in(plain(text), places)
    if len(here.villages) == 1 and here.agree:
        return Meant(found.one, called(here))
    if here.inside is not None and not here.villages:
        return Meant(found.inside, f"kec. {here.inside.name}")
    if here.villages:
        return Meant(found.one, rest)
    near = office_talk.unread(plain(rest))
    if 0 < len(near) <= office_talk.FEW and placing.village(" ".join(near), places).likely:
        return Meant(found.one, " ".join(near))
    return Meant(found.all)
