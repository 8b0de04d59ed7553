"""What is typed about a group of people: its name, its posts, how it is insured, what may pay for it."""

import re
from collections.abc import Collection, Sequence

from bot.domain import cleaning, funding, groups
from bot.domain.dated import Segment
from bot.domain.picking import COUNTED
from bot.domain.rulebook import Rules
from bot.errors import Doubtful, Invalid

#: Posts of one group, people of one in a village, people above which a number is asked about again.
MOST_POSTS, MOST_PEOPLE, MANY_PEOPLE = 8, 500, 100
#: Letters of the name of a rule.
LONGEST_BASIS = 100

_NAME = re.compile(r"[^\W\d_][\w .,/&'()-]*")
_VOWEL = re.compile(r"[aeiou]")
_LONG_NUMBER = re.compile(r"[0-9]{4}")
_BETWEEN = re.compile(r"(?:(?<!\s)\s+)?(?:[,;\n/&+]|\bdan\b)\s*")
#: The one source whose name holds an "and".
_SHARED_TAXES = re.compile(r"bagi hasil pajak(?: daerah)? dan retribusi(?: daerah)?(?: \(bhprd?\))?")
_ACCOUNT = re.compile(r"([1-9](?:\.[0-9]{1,2}){2,4})\.?[ :-]+(\S.{2,80})")
_PEOPLE = re.compile(r"(?:(?:ada|sekitar|kira-kira|jumlahnya)\s*)?([0-9]{1,4})\s*(?:orang|org)?\.?")
_NOBODY = frozenset(
    {"tidak ada", "tdk ada", "belum ada", "blm ada", "ga ada", "gak ada", "nihil", "kosong", "nol"}
)


def name(text: str) -> str:
    """A name as it stands on a button; words in small letters get a capital one."""
    found = cleaning.typed(text)
    for usual in groups.COMMON:
        if groups.key(usual) == groups.key(found):
            return usual
    if not 3 <= len(found) <= groups.LONGEST or not _NAME.fullmatch(found) or _LONG_NUMBER.search(found):
        raise Invalid("programmes/name_unusable", longest=groups.LONGEST)
    return " ".join(_written(word) for word in found.split())


def _written(word: str) -> str:
    """As people write it: "rw" is short for something, "kader" is not."""
    if word != word.lower():
        return word
    return word.upper() if len(word) <= 4 and not _VOWEL.search(word) else word.capitalize()


def posts(text: str) -> list[str]:
    """Several names, with commas between."""
    parts = [part for part in re.split(r"[,;\n]", text) if part.strip()] or [text]
    found = list(dict.fromkeys(name(part) for part in parts))
    if len(found) > MOST_POSTS:
        raise Invalid("programmes/too_many_posts", most=MOST_POSTS)
    return found


def segment(text: str) -> Segment:
    """As in "PU", "penerima upah", "mandiri"."""
    said = set(cleaning.words(text))
    if said & {"bpu", "bukan", "mandiri"}:
        return Segment.BPU
    if said & {"pu", "penerima", "upah"}:
        return Segment.PU
    raise Invalid("programmes/segment_unknown")


def programmes(text: str, rules: Rules, of: Segment) -> list[str]:
    """One of the sets that the segment can be insured in, as in "JKK, JKM"."""
    known = {programme.label.casefold(): programme.code for programme in rules.programmes}
    said = {known.get(word, word) for word in cleaning.words(text)} - {"dan", "program", "dengan"}
    for offered in groups.PROGRAMMES[of]:
        if said == set(offered):
            return list(offered)
    raise Invalid("programmes/programmes_unknown", bpu=of is Segment.BPU)


def sources(text: str, rules: Rules) -> list[str]:
    """As in "ADD dan PADes"; Dana Desa is not for a district to allow."""
    said = _SHARED_TAXES.sub("bhpr", cleaning.typed(text).casefold())
    found = [funding.parse(part, rules) for part in _BETWEEN.split(said) if part]
    if "dana_desa" in found:
        raise Invalid("programmes/dana_desa")
    known = [code for code in found if code]
    if not known or len(known) != len(found):
        raise Invalid("programmes/sources_unknown")
    return list(dict.fromkeys(known))


def account(text: str) -> tuple[str, str]:
    """The code of a budget account and its name."""
    found = _ACCOUNT.fullmatch(cleaning.typed(text))
    if found is None:
        raise Invalid("programmes/account_unknown")
    return found[1], found[2].strip()


def basis(text: str) -> str:
    """The rule by which something is decided: "Perbup 12 Tahun 2026"."""
    found = cleaning.typed(text)
    if not 4 <= len(found) <= LONGEST_BASIS or not re.search(r"[^\W\d_]{2}", found):
        raise Invalid("programmes/basis_unusable", longest=LONGEST_BASIS)
    return found


def people(text: str) -> int:
    """How many; more than a village usually has is asked about again."""
    said = cleaning.typed(text).casefold()
    if said.strip(" .") in _NOBODY:
        return 0
    word = said.removesuffix("orang").strip(" .")
    found = _PEOPLE.fullmatch(said)
    if found is None and word not in COUNTED:
        raise Invalid("studies/number_unknown")
    count = int(found[1]) if found else COUNTED.index(word) + 1
    if count > MOST_PEOPLE:
        raise Invalid("studies/number_large", shown=count, most=MOST_PEOPLE)
    if count > MANY_PEOPLE:
        raise Doubtful("studies/number_many", count, shown=count)
    return count


def among(offered: Collection[Sequence[str]], text: str) -> list[str] | None:
    """The button's own answer, codes with commas between."""
    said = text.split(",")
    return said if tuple(said) in {tuple(one) for one in offered} else None
