"""Whether a sentence reports an accident or a death, wherever it is written and however it begins."""

import re

from rapidfuzz.distance import OSA

from bot.domain import cleaning
from bot.domain.incidents import Kind


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LONGEST = 240  # characters; longer texts are letters and lists
#: Words that leave no doubt, and the slips in them that are still they: "meningkat" is two from "meninggal".
_ACCIDENT, _DEATH = ("kecelakaan", 2), ("meninggal", 1)
_DEATHS = _set("wafat tewas berpulang")
_PASSED = re.compile(r"\btutup usia\b|\b(?:sudah|sdh|udah|udh|telah|tlh) tiada\b")
#: Of "sudah tidak ada" it is clear only of a person, and where nothing follows: funds and posts run out too.
_NOT_THERE = re.compile(
    r"(\w+) (?:sudah|sdh|udah|udh|telah) (?:tidak|tdk|ga|gak|gk|nggak|ngga|enggak) ada"
    r"(?: (?:pak|bu|tadi|barusan|kemarin|kemaren|semalam|malam|pagi|siang|sore))*$"
)
_HURT = _set(
    """jatuh terjatuh terpeleset tergelincir tertimpa ketimpa tertabrak ketabrak ditabrak nabrak menabrak tabrakan
    terluka luka patah tersengat kesetrum kesengat terbakar tenggelam terjepit kejepit laka celaka pingsan
    keserempet kesrempet terserempet diserempet"""
)
#: Nobody begins a sentence with these but to say that it happened to somebody.
_SURE = _set(
    """terjatuh terpeleset tergelincir tertimpa ketimpa tertabrak ketabrak ditabrak tersengat kesetrum kesengat
    terjepit kejepit digigit kegigit dipatuk keserempet kesrempet terserempet diserempet"""
)
#: Whoever it befell: a fall from somewhere, a boat that turned over.
_BEFELL = re.compile(
    r"\bjatuh (?:dari|dr) (?:motor|sepeda|pohon|tangga|atap|genteng|perahu|kapal|mobil|truk|jembatan|titian|kendaraan)\b"
    r"|\b(?:perahu|kapal|ketinting|ces|speedboat|longboat|mobil|motor|truk|bus)(?:nya)? (?:\w+ )?(?:terbalik|terguling|karam|tenggelam)\b"
    r"|\blaka ?lantas\b"
)
#: Said of somebody: a heart that stops, a misfortune.
_STRUCK = re.compile(
    r"\bserangan jantung\b|\b(?:kena|terkena|dapat|mendapat|tertimpa|mengalami) musibah\b(?! (?:banjir|longsor|kebakaran|gempa))"
)
#: With these words people tell of a death, whoever it is; more of them than of a person is something else.
_MOURNING = re.compile(r"^inn?al+il+ahi?\b")
_FORMULA = _set(
    "innalillahi innalilahi innalillah innallilahi wa inna innailaihi ilaihi ilayhi rojiun rajiun roojiun turut berduka"
)
#: "mati" is said of people too, where nothing that runs down stands beside it.
_DEAD = re.compile(
    r"\b(?:pak|bu|bapak|ibu|bpk|kades|sekdes|kadus|kaur|kasi|rt|warga)(?: \w+){0,3} mati\b(?! (?:matian|rasa|gaya|lampu))"
)
_RUNS_DOWN = _set(
    """lampu listrik hp handphone wa sinyal jaringan internet wifi mesin motor mobil genset aplikasi sipp server laptop komputer
    kartu nomor akun data rekening usaha ternak sapi ayam tanaman pajak sim stnk total harga"""
)
_WOUNDED = re.compile(
    r"\b(?:kena|terkena|keno) (?:parang|pisau|mesin|mata gergaji|gergaji|chainsaw|senso|kapak|paku|api|ledakan|listrik|setrum|strum"
    r"|petir|stroke|strok|serangan jantung)\b|\b(?:digigit|kegigit|dipatuk) (?:ular|anjing|buaya|monyet)\b"
)
_TO_HOSPITAL = re.compile(r"\b(?:masuk|dibawa ke|dilarikan ke) (?:rumah sakit|rs|rsud|igd|ugd)\b")
_LATE = _set("alm almarhum almarhumah almh")
_CLAIMING = _set(
    "santunan santunannya klaim klaimnya hak haknya ahli waris kapan bagaimana gimana urus mengurus"
)
_PERSON = _set(
    """pak bu bpk bapak ibu warga kadus perangkat staf pegawai pekerja tukang buruh orang teman rekan kades sekdes
    kaur kasi rt rw kader linmas bpd kepala ketua anggota anak suami istri sopir korban"""
)
#: Whoever writes, at the beginning: of "hp saya" it is the phone that fell.
_SELF = re.compile(
    r"^(?:(?:tadi|barusan|kemarin|kemaren|kmrn|semalam|pagi|td|siang|sore|malam|hari|ini|waktu|pas|min|admin|maaf|tolong|lapor|baru) )*"
    r"(?:saya|sy|sya|aku|kami|beliau)\b"
)
#: Whoever is related to somebody, said without doubt: "ibu" and "bapak" alone are titles.
_FAMILY = re.compile(
    r"\b(?:is(?:t|te)ri|bini|suami|mertua|menantu|ortu|orang ?tua|anak(?! buah| agung)|cucu|kakek|nenek|adik|kakak|ayah"
    r"|anggota keluarga|(?:ibu|bapak|mama|bapa) kandung|(?:ibu|bapak|mama|bapa) (?:saya|kami))(?:nya)?\b|\b(?:ibu|bapak)nya\b"
)
_TITLES = _set("pak bu bpk bapak ibu perangkat staf pegawai tukang buruh kepala ketua")
_NOT_FALLING = _set(
    "tempo cinta miskin hari pada tgl tanggal bangun harga anggaran saldo jadwal acara rapat agenda"
)
#: What falls, breaks or burns without anybody being hurt: "jatuh sakit", "patah semangat".
_FIGURE = _set("sakit hati semangat arang gigi")
#: Behind these an accident is the name of a programme: "iuran kecelakaan kerja".
_INSURED = _set("jaminan iuran iurannya program asuransi premi")
_IF = _set("kalau kalo klo jika bila apabila seandainya andai andaikan misal misalnya semisal")
_ASKED = _set("apa apakah berapa siapa bagaimana gimana gmn jaminan asuransi program manfaat jkk jkm")
_NOW = _set(
    """tadi barusan kemarin kemaren kmrn semalam baru sekarang skrg tolong darurat segera almarhum almarhumah alm
    almh innalillahi innalilahi lapor melapor melaporkan laporkan dilaporkan"""
)
#: "Is it covered?" is asked of the rules, unless somebody is spoken of.
_COVERED = _set("ditanggung tercover dicover raharja termasuk")
#: First words of what is meant for somebody else's eyes.
SAID_TO_OTHERS = _set("siaran jawab tanya bertanya ingatkan umumkan undang")
#: First words of what takes a report away.
_TAKEN_BACK = _set("hapus tarik cabut batalkan batalin")
_NOT = re.compile(
    r"\b(?:tidak|tdk|tak|ga|gak|nggak|belum|blm|bukan|jangan|semoga|moga)\b(?: (?:ada|pernah|sampai|terjadi|yang|yg))*"
    r" (?=kecelakaan|meninggal|wafat|jatuh)"
)


def spoken(text: str) -> Kind | None:
    """What a sentence reports; None for a question about the rules, for "jatuh tempo", and for a mere name."""
    if len(text) > _LONGEST:
        return None
    said = cleaning.words(text)
    if (
        not said
        or said[0] in SAID_TO_OTHERS | _TAKEN_BACK
        or _NOT.search(" ".join(said))
        or _only_asked(said)
    ):
        return None
    if _died(said):
        return Kind.DEATH
    return Kind.ACCIDENT if _had_accident(said) or _hurt(said) else None


def is_of_family(text: str) -> bool:
    """Whether somebody's relative is named, who is not insured through them: "istri pak kadus"."""
    return len(text) <= _LONGEST and bool(_FAMILY.search(" ".join(cleaning.words(text))))


def is_relatives_death(text: str) -> bool:
    """Whether it was a relative who died, and not somebody whose relatives ask what is theirs."""
    said = cleaning.words(text)
    at = next((n for n, word in enumerate(said) if word in _DEATHS or _is(word, _DEATH)), 0)
    claimed = _CLAIMING & set(said) or _LATE & set(said[:at])
    return not claimed and is_of_family(" ".join(said[:at]))


def is_accident(text: str) -> bool:
    """Whether a sentence reports that somebody is hurt."""
    return spoken(text) is Kind.ACCIDENT


def is_death(text: str) -> bool:
    """Whether a sentence reports that somebody died."""
    return spoken(text) is Kind.DEATH


def _only_asked(said: list[str]) -> bool:
    """A question about the rules: "kalau meninggal, apa santunannya?", and not about somebody."""
    if _IF & set(said):
        return True
    if _NOW & set(said):
        return False
    return bool(_ASKED & set(said)) or bool(_COVERED & set(said) and not _PERSON & set(said[1:]))


def _is(word: str, meant: tuple[str, int]) -> bool:
    whole, slips = meant
    near = word.removesuffix("nya")
    return near[:1] == whole[0] and OSA.distance(near, whole, score_cutoff=slips) <= slips


def _died(said: list[str]) -> bool:
    """Of a title alone it is not clear: "almh. Siti" is a mother's name."""
    if _LATE & set(said) and _CLAIMING & set(said):
        return True
    plain = " ".join(said)
    if _DEAD.search(plain) and _RUNS_DOWN.isdisjoint(said):
        return True
    if _MOURNING.match(plain) and (_PERSON & set(said) or _FORMULA.issuperset(said)):
        return True
    gone = _NOT_THERE.search(plain)
    if _PASSED.search(plain) or (gone and gone[1].removesuffix("nya") in _PERSON - _TITLES):
        return True
    return any(word in _DEATHS or _is(word, _DEATH) for word in said)


def _had_accident(said: list[str]) -> bool:
    named = (at for at, word in enumerate(said) if _is(word, _ACCIDENT))
    return any(at == 0 or said[at - 1] not in _INSURED for at in named)


def _hurt(said: list[str]) -> bool:
    """Somebody falls, is hit, breaks a leg: a word for a person stands before it."""
    plain = " ".join(said)
    if said[0] in _SURE or _WOUNDED.search(plain) or _BEFELL.search(plain):
        return True
    struck = _STRUCK.search(plain)
    if struck and (_PERSON & set(plain[: struck.start()].split()) or _SELF.match(plain)):
        return True
    taken = _TO_HOSPITAL.search(plain)
    if taken and len(before := plain[: taken.start()].split()) > 1 and _PERSON & set(before):
        return True
    for at, word in enumerate(said):
        following = said[at + 1] if at + 1 < len(said) else ""
        if word in _HURT and following not in _NOT_FALLING | _FIGURE and not _NOT_FALLING & set(said[:at]):
            of_somebody = bool(_PERSON & set(said[:at])) or bool(_SELF.match(" ".join(said[:at])))
            return of_somebody or (at == 0 and following in ("dari", "di"))
    return False
