"""What the district's people type, taken for what it means in their office: a village's words, and plain questions."""

from collections.abc import Sequence

from bot.domain import answers, cleaning, office_instead, office_phrases, office_talk, words
from bot.domain.office_phrases import Meant
from bot.domain.offices import DISTRICT, office_day
from bot.domain.words import Vocabulary
from bot.store import freezing, places
from bot.store.places import Village
from bot.turns import Turn, may
from handlers.office import command_help
from handlers.office.command_help import HELPS

#: Words that are said of many things: what else stands in the sentence is looked at first.
_WEAK = frozenset({"", "desa", "info", "bantuan", "berkas", *office_instead.COMMANDS})
#: A village's report is taken back by it; what the office sent by mistake is another matter.
_REGRET = "batalkan laporan"
#: Whoever calls for help is heard, whatever else they say.
_EMERGENCIES = ("kecelakaan", "meninggal")


def reread(known: Vocabulary, turn: Turn) -> None:
    """Change the command that was understood into the one that answers somebody of the district's office.

    Who serves in a village too is understood as its officer, but for groups, where villages are not heard.
    """
    if turn.choice or (turn.who.villages and not turn.incoming.group) or not may(turn, DISTRICT):
        return
    found = _meant(known, turn)
    if found is not None:
        turn.word = next((name for name in found.names if _usable(turn, name)), found.names[0])
        turn.rest = found.rest
    turn.office, turn.beside = None, ()


def _usable(turn: Turn, name: str) -> bool:
    who = HELPS[name].who if name in HELPS else DISTRICT
    return turn.who.office(*who, district=turn.district.code) is not None


def _meant(known: Vocabulary, turn: Turn) -> Meant | None:
    """What else they meant than what was understood; None where that stays."""
    text = turn.incoming.text.strip().lstrip("/")
    every = places.villages(turn.tx, turn.district.code)
    if turn.word in _EMERGENCIES:
        return office_talk.happened(text, every)
    if turn.draft is not None:  # free text is an answer there
        return office_instead.instead(turn.word, turn.rest, text, every)
    said = words.command(text, known, fuzzy=False) or ""
    if aside := _regrets(turn, said) or _asked_how(turn, text):
        return aside
    if said == "bukti":
        return _proofs(turn, text, every)
    if said not in _WEAK or (command_help.about(turn) and _says_help(text)):
        return None
    return _asked(known, turn, said, every)


def _regrets(turn: Turn, said: str) -> Meant | None:
    """A sentence heard as a village's that takes its report back: here it may be about a broadcast."""
    return Meant(("",)) if turn.word == _REGRET and not said else None


def _says_help(text: str) -> bool:
    """Whether help is asked for by its name: "tolong" stands before anything that is wanted."""
    return office_phrases.plain(text)[:1] in (["bantuan"], ["help"])


def _asked_how(turn: Turn, text: str) -> Meant | None:
    """*cara hapus petugas*, *bantuan hapus*: the help of the command that does it."""
    how = office_phrases.asks_how(text)
    if _says_help(text) and not command_help.about(turn):
        how = how or office_phrases.doing(turn.rest)
    return Meant(("bantuan",), how) if how else None


def _asked(known: Vocabulary, turn: Turn, said: str, every: Sequence[Village]) -> Meant | None:
    """A plain question; else the office's command in place of a village's; a written answer goes before that."""
    text = turn.incoming.text.strip().lstrip("/")
    found = office_phrases.spoken(text) or _politely(known, text)
    found = found or office_talk.meant(text, every, turn.district.name)
    if found is not None or turn.word == "info" or (said and answers.is_asked(text)):
        return found
    if not turn.word and not said:
        return _by_name(turn, text, every)
    rest = turn.rest if turn.word == said else words.behind(text, known, said)
    return office_instead.instead(said or turn.word, rest, text, every)


def _by_name(turn: Turn, text: str, every: Sequence[Village]) -> Meant | None:
    """The card of the village of an official who is named, and nothing but what is asked of a person: "no hp darma"."""
    wanted = set(office_talk.unread(office_phrases.plain(text)))
    if not 0 < len(wanted) <= office_talk.FEW or words.is_yes(text) or words.is_no(text):
        return None
    holders = freezing.holders(turn.tx, turn.district.code, office_day(turn.now))
    named = {one.office.village for one in holders if wanted <= set(cleaning.words(one.name))}
    found = [village for village in every if village.code in named and turn.sees(village.code)]
    return Meant(("desa",), f"{found[0].name}, Kec. {found[0].subdistrict}") if len(found) == 1 else None


def _proofs(turn: Turn, text: str, every: Sequence[Village]) -> Meant | None:
    """*bukti* of a village, whatever stands beside its name; *bukti semua* is all that wait."""
    found = office_talk.meant(text, every, turn.district.name)
    if found is not None and "bukti" in found.names:
        return Meant(("bukti",), found.rest)
    return None if office_talk.unread(office_phrases.plain(turn.rest)) else Meant(("bukti",))


def _politely(known: Vocabulary, text: str) -> Meant | None:
    """One of the office's commands behind "tolong" or "buatkan", which are no cry here."""
    asked = office_phrases.without_please(text)
    name = words.command(asked, known, fuzzy=False) if asked != text else None
    if name is None and asked != text:
        return office_phrases.spoken(asked)
    own = name in HELPS and name not in _WEAK
    return Meant((name,), words.behind(asked, known, name)) if name and own else None
