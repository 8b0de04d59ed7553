"""What the office says of a person: a telephone is lost, a PIN forgotten, somebody is new in a post."""

import re
from collections.abc import Sequence
from typing import TypeVar

from bot.domain.mentioned import Mentioned
from bot.domain.office_phrases import Meant, called, plain, words_of
from bot.domain.placing import Place

P = TypeVar("P", bound=Place)


_LOST = re.compile(r"\b(?:hp|handphone|telepon|ponsel)\b.*\b(?:hilang|dicuri|kecurian|raib)\b")
_PIN = re.compile(r"\blupa pin\b")
_WARNING = re.compile(r"\bsurat (?:teguran|peringatan)\b|\bbukti peringatan\b")
_NEW = re.compile(
    r"^(?:tolong |mau |minta )*(?:ganti|tambah|tambahkan|gantikan|daftarkan) (?=kades|kepala desa|sekdes|sekretaris|kaur|bendahara|admin|operator|petugas|pengamat|camat|pj )"
)
_DISTRICT_ROLES = words_of("admin operator petugas pengamat camat")
_AROUND_NAMES = words_of(
    "hp handphone telepon ponsel hilang dicuri kecurian raib lupa pin nya pak bu bapak ibu tolong min desa kades sekdes kaur"
    " keuangan bendahara kepala sekretaris punya milik dari kena"
)


def about_a_person(said: Sequence[str], text: str, here: Mentioned[P]) -> Meant | None:
    """A telephone that is lost, a PIN forgotten, somebody new in a post, a letter of warning."""
    whole = " ".join(said)
    if _WARNING.search(whole):
        return Meant(("berkas desa", "desa"), called(here) if here.villages else "")
    if said[:1] == ["tolak"] and here.villages:
        return Meant(("setujui",), called(here))
    if lost := next(
        (name for name, sign in (("bekukan", _LOST), ("reset pin", _PIN)) if sign.search(whole)), ""
    ):
        who = called(here) if here.villages else " ".join(w for w in said if w not in _AROUND_NAMES)
        return Meant((lost,), who) if who else None
    return _new_in_a_post(whole, text, here)


def _new_in_a_post(whole: str, text: str, here: Mentioned[P]) -> Meant | None:
    found = _NEW.match(whole)
    if found is None or ("nomor" in whole or " hp" in whole):
        return None
    behind = text.split()[len(found[0].split()) :]
    if _DISTRICT_ROLES & set(plain(" ".join(behind[:1]))):
        return Meant(("undang",), " ".join(behind))
    spelled = {word for group in here.villages for one in group for word in plain(one.name)}
    others = [
        word
        for word in behind
        if not set(plain(word)) & (spelled | words_of("desa kec kecamatan jadi dengan"))
    ]
    return Meant(("undang",), " ".join([called(here), *others]) if here.villages else "")
