"""Names of people and places.  A name is kept as it was typed; what cannot be a name is asked about.

Markup, formulas and code are only unusual letters here: they are made harmless where they are shown.
"""

import re
import unicodedata

from bot.domain import enrolling, unanswered
from bot.domain.cleaning import spoken, visible, words
from bot.domain.words import is_no, is_polite, is_yes
from bot.errors import Doubtful, Invalid

LONGEST = 100  # characters; identity cards hold sixty

_LABEL = re.compile(
    r"^(nama(\s+lengkap)?|tempat\s+lahir|lahir\s+di)\s*[:=]?\s+(?=\S)|^(nama|tempat)\s*[:=]\s*",
    re.IGNORECASE,
)
_AT = re.compile(r"(?i)^di\s+(?=\S)")
_TITLED = re.compile(rf"(?i)^(?:{enrolling.TITLE})+(?=\S)")
#: What people write around a mother's name.
_BEFORE_MOTHER = re.compile(
    r"(?i)^(?:(?:ibu(?:\s+kandung)?(?:\s*nya)?|bu|alm|almh|almarhum|almarhumah|adalah)\b[.\s]*[:=]?\s*)+(?=\S)"
)
_BEHIND_MOTHER = re.compile(r"(?i)[\s(]+(?:alm|almh|almarhum|almarhumah)\b[.)]*$")
_LONG_NUMBER = re.compile(r"[0-9](?:[ .-]?[0-9]){5,}")
_NOTHING = frozenset((
    "besok", "besok aja", "besok aja ya", "menyusul", "batalkan", "batalkan laporan", "nanti", "nanti aja", "nanti saja",
    "null", "n/a", "na", "nil", "none", "nan", "nihil", "undefined", "test", "tes",
))  # fmt: skip
# fmt: off
#: Words of talk that no name has.
_TALK = frozenset((
    "gimana", "gmn", "bagaimana", "yg", "udah", "udh", "sudah", "sdh", "belum", "blm", "tidak", "tdk", "nggak", "ngga",
    "gak", "enggak", "ndak", "apa", "apakah", "kenapa", "mengapa", "berapa", "brp", "kapan", "siapa", "dimana", "saya",
    "kami", "tolong", "mohon", "minta", "bisa", "bisakah", "kalau", "kalo", "karena", "tapi", "bukan", "berhenti",
    "diganti", "mendaftarkan", "daftarkan", "didaftarkan", "daftarin", "daftar", "hapus", "terdaftar", "perangkat",
    "orang", "masih", "nanti", "dong", "sih", "aja", "saja", "itu", "dengan", "untuk", "dulu", "lihat", "liat", "dgn",
    "lewat", "ktp", "ktpnya", "simpan",
))
#: Talk where two of them stand together; alone each is also part of names: "Yohanes Mau", "I Made Ada".
_HALF_TALK = frozenset(("ga", "mau", "ada", "sama", "lagi", "ini", "di", "ke", "dari", "sy", "kok", "lg", "d", "td"))
#: No name ends like this: "Siti Aminah ya pak".
_CLOSING = re.compile(r"(?i)(?:(?<![\s,])[\s,]+(?:pak|bu|bpk|min|ya|yah|dong|deh)\b[.!]*)+$")
_VERB = re.compile(r"(?i)\b(?:di|me)\w{4,}kan\b")
#: Degrees and titles as they are written without a dot.
_DEGREES = frozenset((
    "se", "sh", "st", "ss", "sp", "spt", "sag", "sip", "sos", "ssos", "skom", "spd", "spdi", "spdsd", "ssi", "sei",
    "skm", "skep", "skeb", "sked", "sst", "stp", "sthi", "shi", "sfarm", "spi", "sap", "sab", "sak", "sakt", "sik",
    "sm", "sn", "ssn", "spsi", "stt", "shut", "stan", "ma", "mm", "mh", "msi", "mpd", "mpdi", "mkom", "mkes", "mt",
    "mp", "mba", "mag", "map", "mei", "msc", "mkn", "ners", "ns", "amd", "ama", "amk", "amp", "amkeb", "keb", "kep",
    "drs", "dra", "dr", "ir", "phd", "bsc", "ba", "cpa", "apt", "h", "hj", "pd", "si", "kom", "kes", "sd", "i",
))
_DEAD = frozenset(("meninggal", "wafat", "tiada", "almarhumah", "almarhum", "almh", "alm"))
_OF_A_MOTHER = _DEAD | frozenset((
    "ibunya", "nya", "kandung", "kandungnya", "mama", "mamanya", "emaknya", "beliau", "beliaunya", "orangnya", "orang", "tua",
    "tuanya", "orangtua", "sudah", "telah", "lama", "dunia", "tahun", "sejak", "waktu", "dulu", "yang",
))
# fmt: on
_NUMBERED = re.compile(r"(?<!\S)[^\W_]*[0-9][^\W_]*(?!\S)")
_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХЅІЈ" "асеорхуіјѕ" "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" "ο",  # Cyrillic capitals and small, Greek
    "ABEKMHOPCTYXSIJ" "aceopxyijs" "ABEZHIKMNOPTYX" "o",
)  # fmt: skip
_PICTURES = {"So", "Sk"}
_SELECTORS = "\ufe0e\ufe0f\u20e3"


def parse_name(text: str) -> str:
    """A person's name, kept as typed apart from what nobody sees, and a "Pak" or "Bu" before it."""
    called = _LABEL.sub("", _readable(text))
    name = _checked(_TITLED.sub("", called), text)
    if name != called and " " not in name and _TITLED.match(called):
        raise Doubtful("invalid/name_title", name, name=name)
    return name


def parse_mother(text: str) -> str:
    """A mother's name, as people write it: "ibu Halimah", "almh. Kartini"."""
    called = _BEHIND_MOTHER.sub("", _LABEL.sub("", _readable(text)))
    return _checked(_BEFORE_MOTHER.sub("", called), text)


def is_dead_mother(text: str) -> bool:
    """Whether it says no more than that the mother is dead."""
    said = [word for word in spoken(text) if not (word.isdigit() or is_polite(word))]
    return _OF_A_MOTHER.issuperset(said) and not _DEAD.isdisjoint(said)


def _checked(name: str, text: str) -> str:
    """The name, or what is asked about it; `text` is all that was typed."""
    _refuse_numbers(name)
    asked = _latin(_pictureless(name))
    _refuse_numbers(asked)
    if _hides_order(text):
        raise Doubtful("invalid/name_hidden", asked, name=asked)
    if asked != name:
        raise Doubtful("invalid/name_signs", asked, name=asked)
    if _says_nothing(name):
        raise Doubtful("invalid/name_nothing", name, name=name)
    if len(name) == 1:
        raise Doubtful("invalid/name_short", name, name=name)
    if " / " in name:
        raise Doubtful("invalid/name_two", name, name=name)
    if _is_talk(name):
        bare = _CLOSING.sub("", name)
        raise Doubtful("invalid/name_talk", bare, name=bare)
    return name


def _says_nothing(name: str) -> bool:
    """Whether it is a word for "there is none", a yes, a no, or mere politeness."""
    empty = name.casefold().strip(".") in _NOTHING or unanswered.heard(name, whole=True) is not None
    return empty or is_yes(name) or is_no(name) or is_polite(name)


def _is_talk(name: str) -> bool:
    """Whether it reads like a sentence: words of talk, a number, or behind a comma what is no degree."""
    said = words(name)
    if _NUMBERED.search(name) or _TALK.intersection(said) or _VERB.search(name):
        return True
    if sum(word in _HALF_TALK for word in said) > 1 or _CLOSING.search(name):
        return True
    return any(not _is_degree(piece) for part in name.split(",")[1:] for piece in part.split())


def _is_degree(piece: str) -> bool:
    """As in "S.Pd.I." and "MM"."""
    return "." in piece or piece.casefold() in _DEGREES


def parse_place(text: str) -> str:
    """A birth place; a date written behind it is left away."""
    place = _AT.sub("", _LABEL.sub("", _readable(text)))
    place = re.split(r"[,;/]|\s-\s|[0-9]", place, maxsplit=1)[0].strip(" .-:")
    place = re.sub(r"(?<!\s)\s+(tgl|tanggal)\.?$", "", _CLOSING.sub("", place), flags=re.IGNORECASE)
    if not place:
        raise Invalid("invalid/place_missing")
    if not any(c.isalpha() for c in place) or len(place) < 2 or _says_nothing(place):
        raise Invalid("invalid/place_missing")
    if _is_talk(place):
        raise Doubtful("invalid/place_talk", _latin(place), place=place)
    return _latin(place)


def _readable(text: str) -> str:
    """The visible text, or a refusal where no eye could read it as a name."""
    if len(text) > LONGEST * 3 or len(visible(text)) > LONGEST:
        raise Invalid("invalid/name_long", limit=LONGEST)
    if any(c == "\0" or unicodedata.category(c) == "Cs" for c in text):
        raise Invalid("invalid/name_unreadable")
    name = unicodedata.normalize("NFC", visible(text))
    if not name:
        raise Invalid("invalid/empty")
    marks = sum(unicodedata.category(c) in ("Mn", "Me") for c in name if c not in _SELECTORS)
    if marks > max(2, len(name) // 4):
        raise Invalid("invalid/name_unreadable")
    return name


def _refuse_numbers(name: str) -> None:
    number = _LONG_NUMBER.search(name)
    if number:
        digits = sum(c.isdigit() for c in number.group())
        raise Invalid("invalid/name_number", count=digits)
    if not any(c.isalpha() for c in name) and not re.search(r"[0-9].*[^0-9 .,'-]|[^0-9 .,'-].*[0-9]", name):
        raise Invalid("invalid/name_letters")


def _pictureless(name: str) -> str:
    kept = "".join(
        c
        for c in name
        if c not in _SELECTORS and (c == "`" or c == "^" or unicodedata.category(c) not in _PICTURES)
    )
    return visible(kept)


def _latin(name: str) -> str:
    """With letters that only look Latin replaced; other scripts are refused as no card has them."""
    replaced = name.translate(_LOOKALIKES)
    if any(
        c.isalpha() and not unicodedata.name(c, "").startswith(("LATIN", "MODIFIER", "FULLWIDTH LATIN"))
        for c in replaced
    ):
        raise Invalid("invalid/name_script")
    return replaced


def _hides_order(text: str) -> bool:
    """Whether signs in it would turn the reading direction around."""
    return any(
        unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI"} for c in text
    )
