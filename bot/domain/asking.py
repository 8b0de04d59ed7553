"""What stands behind *tanya* and *tolong*, where it is no question: politeness alone, or a colleague."""

from collections.abc import Iterable

from bot.domain import cleaning, words


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words that only say that somebody asks, or whom.
_ASKING = _set(
    """tanya tanyakan tanyain ditanyakan bertanya nanya menanyakan pertanyaan dibantu bantu bantuan bantuannya membantu tolong
    ditolong kirim kirimkan sampaikan teruskan petugas petugasnya dpmd dinas kantor kabupaten ke kepada sama sesuatu sebentar
    bentar numpang dulu dulunya lagi dong nih donk ya iya oke ok boleh bisa apakah ini itu saya kami hal satu mau sedikit
    begini gini jawab dijawab hubungi"""
)
_COLLEAGUES = _set(
    """kades kepala desa sekdes sekretaris kaur kasi kadus bendahara operator ketua bpd rt rw camat staf perangkat beliau dia
    atasan bos pimpinan teman kawan istri suami keuangan umum perencanaan pelayanan pemerintahan kesejahteraan kesra orangnya"""
)
_BESIDE = _set(
    "ke kepada sama pada dulu saja sendiri langsung dengan nanti besok coba pak bu bapak ibu ya biar lah aja sih dong"
)


def says_nothing(text: str) -> bool:
    """Whether nothing is asked yet: "pak", "mau nanya", "ya tanyakan"."""
    said = [word for word in cleaning.spoken(text) if word not in _ASKING]
    return not said or words.is_polite(" ".join(said))


def to_colleague(text: str, names: Iterable[str] = ()) -> bool:
    """Whether it only says which colleague is asked: "pak kades aja", "dulu ke bu Ratna"."""
    known = {part for name in names for part in cleaning.words(name)}
    said = [word for word in cleaning.spoken(text) if word not in _BESIDE]
    return "?" not in text and bool(said) and (_COLLEAGUES | known).issuperset(said)
