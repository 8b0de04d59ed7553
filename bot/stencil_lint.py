"""What Meta's review refuses in a template, or charges as marketing, found before it is submitted.

After https://developers.facebook.com/docs/whatsapp/message-templates/guidelines, and what senders report
of it: a variable followed by nothing but a full stop counts as the end of the text, and x variables want at
least 2x + 1 other words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from bot import stencils
from bot.stencils import Definition

LONGEST_BODY = 1024  # with every variable at its longest
LONGEST_BUTTON = 25
MOST_BUTTONS = 3  # more of them hide behind "all options"

#: With these a utility template is taken for marketing, at about four times the price.
PROMOTIONAL = (
    "ayo", "bergabunglah", "beli", "bonus", "buruan", "cashback", "diskon", "gratis", "hadiah", "hemat",
    "jangan lewatkan", "kesempatan", "khusus hari ini", "kupon", "menangkan", "murah", "pemenang",
    "penawaran", "promo", "promosi", "segera daftar", "spesial", "terbatas", "undian", "untung", "voucher",
)  # fmt: skip
#: What no template may ask for, and ours never name: who forwards such a message teaches people to answer it.
IDENTITY = (
    "kartu keluarga", "kartu kredit", "kata sandi", "kk", "kode verifikasi", "kpj", "ktp", "nama ibu",
    "nik", "nomor induk", "nomor kartu", "nomor rekening", "otp", "paspor", "password", "pin", "sim",
    "tanggal lahir",
)  # fmt: skip
#: Threats are refused, and frighten.
THREATS = (
    "denda", "dilaporkan", "hukuman", "jaksa", "kejaksaan", "kejari", "penjara", "peringatan terakhir",
    "pidana", "polisi", "sanksi", "tuntut",
)  # fmt: skip
#: We know what was told to us, not what was paid.
UNTRUE = ("belum bayar", "belum membayar", "belum dibayar", "tidak membayar")

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_VARIABLE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]+(?:[/.-][^\W_]+)*")
_SHORT_LINKS = "bit.ly, s.id, tinyurl.com, goo.gl, t.ly, cutt.ly, linktr.ee"
_LINK = re.compile(
    r"https?:|www\.|\b[a-z0-9-]+\.(?:app|biz|co|com|ee|gd|gl|id|info|io|link|ly|me|net|org|site|xyz)\b",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d(?:[\W_]*\d){9,}")
_ARROWS_AND_SUCH = {"So", "Sk", "Cs", "Co", "Cn", "Cf"}


def every(found: Iterable[Definition]) -> list[str]:
    """What is wrong with them, a line each; empty when all may be submitted."""
    return [line for one in found for line in complaints(one)]


def complaints(one: Definition) -> list[str]:
    """What is wrong with one, a line each."""
    return [f"{one.name}: {found}" for check in _CHECKS for found in check(one)]


def _name(one: Definition) -> Iterator[str]:
    if not _NAME.fullmatch(one.name):
        yield "the name may have small letters, digits and _ only, 512 at most"


def _braces(one: Definition) -> Iterator[str]:
    rest = _VARIABLE.sub("", one.body)
    if "{" in rest or "}" in rest:
        yield "a brace that belongs to no variable; they are written {{ name }}"
    names = _VARIABLE.findall(one.body)
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"variable {name} stands there twice"


def _edges(one: Definition) -> Iterator[str]:
    parts = _VARIABLE.split(one.body)[::2]
    if len(parts) == 1:
        return
    if not _LETTER.search(parts[0]):
        yield "begins with a variable: put a word before it"
    if not _LETTER.search(parts[-1]):
        yield "ends with a variable: put a word after it, a full stop does not count"
    if not all(_LETTER.search(part) for part in parts[1:-1]):
        yield "two variables stand side by side: put a word between them"


def _samples(one: Definition) -> Iterator[str]:
    samples, used = dict(one.samples), set(_VARIABLE.findall(one.body))
    for name in sorted(used - set(samples)):
        yield f"variable {name} has no sample"
    for name in sorted(set(samples) - used):
        yield f"sample of {name}, which is no variable of the text"
    for name, sample in one.samples:
        if stencils.words(name, sample) != sample:
            yield f"the sample of {name} could not be sent like that"


def _length(one: Definition) -> Iterator[str]:
    names = _VARIABLE.findall(one.body)
    said = _VARIABLE.sub("", one.body)
    longest = len(said) + sum(stencils.LIMITS.get(name, stencils.LIMIT) for name in names)
    if not said.strip():
        yield "says nothing"
    if longest > LONGEST_BODY:
        yield f"may grow to {longest} characters, {LONGEST_BODY} at most"
    wanted = 2 * len(names) + 1
    if len(_WORD.findall(said)) < wanted:
        yield f"too many variables for so few words: {len(names)} want {wanted} other words"


def _form(one: Definition) -> Iterator[str]:
    if one.body != one.body.strip() or re.search(r"[ \t]\n|\n[ \t]", one.body):
        yield "space at the edge of a line"
    if "\t" in one.body or "\r" in one.body or "    " in one.body:
        yield "a tab, a carriage return or four spaces"
    if "\n\n\n" in one.body:
        yield "more than one empty line"
    if one.body.count("*") % 2:
        yield "emphasis that does not end"
    if _pictures(one.body):
        yield "a picture sign (emoji)"


def _pictures(text: str) -> bool:
    return any(unicodedata.category(sign) in _ARROWS_AND_SUCH or sign == "\ufe0f" for sign in text)


def _links(one: Definition) -> Iterator[str]:
    for text in (one.body, *one.buttons):
        if _LINK.search(text):
            yield f"a link; short ones ({_SHORT_LINKS}) are refused, and ours name no address at all"
        if _LONG_NUMBER.search(text):
            yield "a telephone number, or another long one"


def _wording(one: Definition) -> Iterator[str]:
    said = " ".join([_VARIABLE.sub(" ", one.body), *one.buttons]).lower()
    for forbidden, why in (
        (PROMOTIONAL, "sounds like advertising"),
        (IDENTITY, "names an identity or a secret"),
        (THREATS, "frightens"),
        (UNTRUE, "says more than we know"),
    ):
        for found in _found(forbidden, said):
            yield f'"{found}" {why}'


def _found(forbidden: Iterable[str], said: str) -> list[str]:
    plain = re.sub(r"\s+", " ", said)
    return [each for each in forbidden if re.search(rf"\b{re.escape(each)}\b", plain)]


def _buttons(one: Definition) -> Iterator[str]:
    if len(one.buttons) > MOST_BUTTONS:
        yield f"{len(one.buttons)} buttons, {MOST_BUTTONS} at most"
    if len({label.casefold() for label in one.buttons}) < len(one.buttons):
        yield "two buttons say the same"
    for label in one.buttons:
        if not 0 < len(label) <= LONGEST_BUTTON:
            yield f'button "{label}" has {len(label)} characters, 1 to {LONGEST_BUTTON} may be'
        if label != " ".join(label.split()) or re.search(r"[{}*_~`]", label) or _pictures(label):
            yield f'button "{label}" may have words only'


_CHECKS: tuple[Callable[[Definition], Iterator[str]], ...] = (
    _name, _braces, _edges, _samples, _length, _form, _links, _wording, _buttons,
)  # fmt: skip
