"""What somebody of the office wrote and may not mean as the answer to a village's question.

It is only asked about: whoever means it says so with one tap.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from bot.domain import words
from bot.domain.cleaning import words as split

_TITLES = frozenset(
    split("pak bu bpk bapak ibu mas mbak bang kak kakak min admin om tante pakde bude haji hj dek")
)
#: A question begins so: the village asked one, and is told something.
_ASKING = frozenset(
    split("""siapa siapakah apa apakah kapan berapa bagaimana gimana gmn kenapa mengapa knp mana manakah dimana kemana
    bisakah bolehkah adakah sudahkah benarkah nomor nomer nmr kontak""")
)
#: Behind "tolong" these are for the bot, or for a colleague.
_WISHED = frozenset(
    split("""kirim kirimkan kirimi kirimin buat buatkan buatin bikin bikinkan cari carikan cariin tampilkan lihat lihatkan
    cek cekkan kasih beri berikan minta bantu dibantu jawab""")
)
#: Whoever says this speaks of the answer, and does not give it.
_OF_ANSWERING = frozenset(split("dijawab jawabin jawabkan menjawab jawabkanlah"))
_PREFIX = 3  # letters of a name, as people shorten it


@dataclass(frozen=True, slots=True)
class Heard:
    """Among whom it is said: the names of colleagues, who asked, and the commands of the office."""

    colleagues: Collection[str] = ()
    asker: str = ""
    commands: words.Vocabulary = field(default_factory=lambda: words.Vocabulary({}))


def only_a_title(text: str) -> bool:
    """Whether nobody says anything with it: "pak"."""
    said = split(text)
    return bool(said) and _TITLES.issuperset(said)


def is_one(text: str, heard: Heard) -> bool:
    """Whether it may be a remark: a question, words for a colleague, a wish to the bot, a mere title."""
    said = split(text)
    core = said[next((at for at, word in enumerate(said) if word not in _TITLES), len(said)) :]
    if not core or "?" in text or core[0] in _ASKING or not _OF_ANSWERING.isdisjoint(said):
        return True
    wishing = core[0] in ("tolong", "minta") and len(core) > 1
    wish = core[1:] if wishing else core
    if any(tuple(wish[:length]) in heard.commands.known for length in (1, 2, 3)):
        return True
    called = said[0] in _TITLES or text.lstrip().startswith("@")
    return (wishing and wish[0] in _WISHED) or _is_for_a_colleague(core[0], heard, called=called)


def _is_for_a_colleague(name: str, heard: Heard, *, called: bool) -> bool:
    """Whether a colleague's name stands there, and not that of who asked."""
    return _names(name, heard.colleagues, short=called) and not _names(name, [heard.asker], short=called)


def _names(word: str, people: Collection[str], *, short: bool) -> bool:
    """Whether one of them is called so; where they are spoken to, the beginning of a name is enough."""
    if len(word) < _PREFIX:
        return False
    parts = (part for name in people for part in split(name))
    return any(part == word or (part.startswith(word) and short) for part in parts)
