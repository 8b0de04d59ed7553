"""How people knock before they say what they want: "selamat pagi pak", "assalamualaikum wr wb"."""

import re

from bot.domain import alarms, cleaning, words

_GREETING = re.compile(
    r"(?i)(?:"
    r"(?:as{1,2}a?l+a?m[a-z]{0,3}['’` -]{0,2}a?l+[aeiy]{1,3}k[uo]m|w+a?['’` -]?alaikum ?salam|as{1,2}a?la?mk?u?m?|ass)"
    r"|wa?r+\.?(?: ?wa?b\.?)?|wb\.?|warahmatullahi|wabarakatuh"
    r"|(?:selamat|slmt|met|slamat)\s+(?:pagi|siang|sore|malam|mlm)|selamat"
    r"|(?:pagi|siang|sore|malam|mlm)(?!\s+(?:ini|itu|tadi|hari|kemarin|kmrn|besok|nanti|jumat|senin))"
    r"|ha+l+o+w?|hello|hai+|hi+|he?y+|hei|permisi|punten|misi|nuwun sewu|kulo ?nuwun|s[hy]alo+m|salam(?: sejahtera| sehat)?"
    r"|om swastiastu|tabik|apa kabar|p|ping|tes|test"
    r")(?![\w-])"
)
_ADDRESSED = re.compile(
    r"(?i)(?:(?:pak|bu|bpk|bapak|ibu|kak|kakak|mas|mbak|bang|min|admin|mimin|dpmd|petugas|semua(?:nya)?|dan|izin|ijin|maaf)\b"
    r"|[\s.,!?:;/🙏😊&-])+"
)
#: What only asks whether somebody is there, once there is nothing else.
_ALONE = frozenset({"p", "ping", "tes", "test", "selamat", "wr", "wb", "misi", "salam"})
_PLEAS = frozenset({"tolong", "bantu"})
_LONGEST = 4  # greetings after one another


def without(text: str) -> str:
    """What is said behind a greeting; "" where nothing is, the whole text where it begins with none.

    A cry for help is left as it is: of whom it speaks is told by every word.
    """
    rest = text.strip()
    if len(rest) > cleaning.LIMIT or alarms.spoken(rest):
        return rest
    for _ in range(_LONGEST):
        found = _GREETING.match(rest)
        if found is None or not _may_stand(found[0], rest[found.end() :]):
            break
        behind = rest[found.end() :]
        addressed = _ADDRESSED.match(behind)
        rest = behind[addressed.end() :] if addressed else behind
    pleads = not _PLEAS.isdisjoint(cleaning.words(rest))
    return "" if words.is_polite(rest) and not pleads and rest != text.strip() else rest


def alone(text: str) -> bool:
    """Whether nothing but a greeting is said."""
    return bool(text.strip()) and not without(text)


def _may_stand(greeting: str, behind: str) -> bool:
    """Whether more may follow: "p Rusdi" is somebody, "salam" may be a name."""
    return greeting.casefold() not in _ALONE or not behind.strip(" .,!?")
