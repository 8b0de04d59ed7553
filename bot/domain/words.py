"""Yes, no, commands and choices, as people type them.

A guess is made only where it cannot change data: short texts, one near word, no digits.
"""

import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from rapidfuzz.distance import OSA

from bot.domain.cleaning import LIMIT, in_full, visible, words

K = TypeVar("K", bound=Hashable)

_YES = """ya y iya yo iyo iyah yah yup yep yes ok oke okay okeh okey siap sip betul benar bener setuju lanjut
    lanjutkan boleh cocok sesuai tepat nggih inggih enggih injih muhun sumuhun leres heeh hooh ho oh
    baik baiklah bnr btl"""
_NO = """tidak tdk tak tida gak ga gk g nggak ngga enggak engga kagak bukan jangan jgn nanti ntar belum blm
    salah no n nope mboten ora ndak endak nda kada kadak entik endik teu henteu moal batal"""
_POLITE = """pak bu bpk bapak ibu mas mbak bang kak kakak min admin dong deh lah kok saja aja sudah sdh udah
    terima kasih makasih makasi mksh terimakasih trims tks thanks mohon silakan silahkan itu
    semua semuanya data datanya sekali kalau"""
_AFTER_NO = "dulu usah mau perlu setuju benar betul bener cocok sesuai pas tepat ya ah jadi lanjut itu begitu"
_ASKING = "saya mau ingin pengen tolong bantu mohon minta izin ijin coba lihat cek buka kirim ke"


def squeezed(word: str) -> str:
    """With every run of one letter as one: "iyaaa" is "iya"."""
    return re.sub(r"(.)\1+", r"\1", word)


def _set(*texts: str) -> frozenset[str]:
    return frozenset(squeezed(word) for text in texts for word in text.split())


YES, NO = _set(_YES), _set(_NO)
_WITH_YES, _WITH_NO = _set(_YES, _POLITE), _set(_NO, _POLITE, _AFTER_NO)
FILLERS = _set(_POLITE, _ASKING, "ya")
_YES_SIGNS, _NO_SIGNS = "👍👌✅☑✔🆗", "👎❌🙅"
_SHORT = 5  # words of a text of which some may be left out
#: One slip from a command, and no slip at all.
_ORDINARY = frozenset({"betul", "sabar", "siap", "rapat", "ralat", "kasus", "kabar"})
_ALREADY = "sudah"
_VOWELS = re.compile("[aeiou]")  # "dftr"
_AFFIXES = re.compile(r"(?:me|mem|men|pe|pem|pen|di|ber|ter)?(?:an|kan|i|nya)?")


def is_yes(text: str) -> bool:
    """Whether the text says yes and nothing else."""
    return _says(text, YES, _WITH_YES, _YES_SIGNS)


def is_no(text: str) -> bool:
    """Whether the text says no, or not now, and nothing else."""
    agrees_first = squeezed((words(text) or [""])[0]) in YES  # "ya tidak" says neither
    return not agrees_first and _says(text, NO, _WITH_NO, _NO_SIGNS)


def _says(text: str, meant: frozenset[str], allowed: frozenset[str], signs: str) -> bool:
    if len(text) > LIMIT:
        return False
    typed = words(text)
    if not typed:
        return any(c in signs for c in text) and not any(
            c in text for c in _YES_SIGNS + _NO_SIGNS if c not in signs
        )
    if len(typed) > 6:
        return False
    said = [squeezed(word) for word in typed]
    return not meant.isdisjoint(said) and allowed.issuperset(said)


class Vocabulary:
    """Commands with their other spellings, taken apart once; `hears` says of a sentence whether it means one;
    `slips` how many letters may differ where it is guessed, for some: 0 for what harms;
    `cries` are those for help.
    """

    __slots__ = ("cries", "hears", "known", "slips")

    def __init__(
        self,
        names: Mapping[str, Sequence[str]],
        hears: Mapping[str, Callable[[str], bool]] | None = None,
        slips: Mapping[str, int] | None = None,
        cries: Collection[str] = (),
    ) -> None:
        self.known = {
            tuple(words(alias)): name for name, aliases in names.items() for alias in (name, *aliases)
        }
        self.hears = dict(hears or {})
        self.slips = dict(slips or {})
        self.cries = frozenset(cries)


def meant(text: str, vocabulary: Vocabulary) -> str | None:
    """The command that a whole sentence speaks of, whatever it begins with; of words that are a command already
    only one that hears sentences: "tolong" before it is a cry, and no command.
    """
    if text.lstrip().startswith("/"):
        return None
    if whole := exactly(text, vocabulary):
        return whole if whole in vocabulary.hears else None
    return next((name for name, hears in vocabulary.hears.items() if hears(text)), None)


def exactly(text: str, vocabulary: Vocabulary) -> str | None:
    """The command that is the whole text (polite words aside), or that stands behind a slash.

    For places where any other text is an answer: a person may be called Tanya.
    """
    said = words(text)
    if text.lstrip().startswith("/"):
        return command(text, vocabulary, fuzzy=False)
    full = in_full(said)
    known = vocabulary.known
    return next(
        (known[each] for each in map(tuple, (said, full, _done(full), _core(full))) if each in known), None
    )


def _core(full: Sequence[str]) -> list[str]:
    """Without the words that only make it polite."""
    return [word for word in full if squeezed(word) not in FILLERS]


def _done(full: Sequence[str]) -> list[str]:
    """The same, but that something is done already is no politeness: "pak sudah saya bayar"."""
    return [word for word in full if word == _ALREADY or squeezed(word) not in FILLERS]


def behind(text: str, vocabulary: Vocabulary, name: str) -> str:
    """What stands behind the words that mean the command `name`, as it was typed; of a sentence that was heard, nothing."""
    said = words(text)
    full = in_full(said)
    aliases = [alias for alias, known in vocabulary.known.items() if known == name]
    for at, word in enumerate(full):
        if found := [
            len(a) for a in aliases if any(tuple(each[at : at + len(a)]) == a for each in (said, full))
        ]:
            return _after(text, at + max(found))
        if squeezed(word) not in FILLERS:  # "tolong" may stand before the command; this is its own
            break
    heard = vocabulary.hears.get(name)
    return "" if heard is not None and heard(text) else _after(text, 1)


def _after(text: str, used: int) -> str:
    return text.split(maxsplit=used)[used] if len(text.split()) > used else ""


def is_polite(text: str) -> bool:
    """Whether nothing but politeness is said: "pak", "ya bu, terima kasih"; a question is more."""
    return "?" not in text and all(squeezed(word) in FILLERS for word in words(text))


def command(text: str, vocabulary: Vocabulary, *, fuzzy: bool) -> str | None:
    """The command a text asks for.

    A slash or an exact first word is enough in any text.  With `fuzzy`, short texts without digits may
    contain a small typing error, if only one command is near.
    """
    first, _, rest = visible(text[:LIMIT]).partition(" ")
    said = words(f"{first.partition('@')[0] if first.startswith('/') else first} {rest}")
    known = vocabulary.known
    if not said:
        return None
    full = in_full(said)
    exact = known.get(tuple(full)) or _beginning(said, known)
    core = _core(full) or said
    if exact and core[0] != full[0] and known.get((full[0],)) == exact:
        near = _near(core, vocabulary) if len(core) == 1 else None
        asked = _beginning(core, known) if len(said) <= _SHORT else known.get(tuple(core))
        return asked or near or exact  # "tolong tagihan": the bill, politely
    if exact or len(said) > _SHORT:
        return exact
    exact = _beginning(_done(full), known) or _beginning(core, known)
    if exact or not fuzzy or len(core) > 3:
        return exact
    return _near(core, vocabulary) or _near(said, vocabulary)


def first(text: str, vocabulary: Vocabulary) -> str | None:
    """The command that the first word alone is."""
    return vocabulary.known.get(tuple(in_full(words(text))[:1]))


def _beginning(said: Sequence[str], known: Mapping[tuple[str, ...], str]) -> str | None:
    full = in_full(said)
    for length in range(min(4, len(said)), 0, -1):
        if name := known.get(tuple(said[:length])) or known.get(tuple(full[:length])):
            return name
    return None


def _near(said: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """The one command a mistyped beginning stands for; "meninggalkan" is more than a slip from a death."""
    found: dict[str, int] = {}
    if said[0] in _ORDINARY:
        return None
    for alias, name in vocabulary.known.items():
        word, meant_by = "".join(said[: len(alias)]), "".join(alias)
        distance = distance_of(word, meant_by)
        if (most := vocabulary.slips.get(name)) and OSA.distance(word, meant_by) > most:
            continue
        if distance is not None:
            found[name] = min(distance, found.get(name, distance))
    best = only_best(found)
    return None if best is None or vocabulary.slips.get(best) == 0 else best


def mistyped(said: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """The one command whose words these are, with a slip: as many as it has, so that no further word goes with them."""
    found: dict[str, int] = {}
    for alias, name in vocabulary.known.items():
        distance = distance_of("".join(said), "".join(alias)) if len(alias) == len(said) else None
        if distance is not None:
            found[name] = min(distance, found.get(name, distance))
    return only_best(found)


def distance_of(word: str, alias: str) -> int | None:
    """How many slips lie between them, None if too many to be one word."""
    if min(len(word), len(alias)) < 4 or word[0] != alias[0] or not (word + alias).isalpha():
        return _affixed(word, alias)
    slips = OSA.distance(word, alias, score_cutoff=2)
    if slips <= (2 if len(alias) >= 7 else 1) or _VOWELS.sub("", word) == _VOWELS.sub("", alias):
        return slips
    return _affixed(word, alias)


def _affixed(word: str, alias: str) -> int | None:
    """As "pembayaran" and "membatalkan" stand for "bayar" and "batal"."""
    if (
        len(alias) >= 5
        and alias in word
        and alias.isalpha()
        and _AFFIXES.fullmatch(word.replace(alias, "", 1))
    ):
        return 1
    return None


def only_best(found: Mapping[K, int]) -> K | None:
    best = min(found.values(), default=None)
    nearest = [name for name, distance in found.items() if distance == best]
    return nearest[0] if len(nearest) == 1 else None
