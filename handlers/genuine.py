"""*cek <kode>*: whether a broadcast is ours, for anybody who was shown one."""

import re

from bot.domain import announcing, answers, cleaning, dates
from bot.messages import Outgoing
from bot.store import broadcasts, marks, recipients
from bot.store.broadcasts import Broadcast
from bot.store.invitations import as_code
from bot.turns import Turn
from handlers.reaching import Voice

#: Words before the code.
_ASKED = ("cek kode", "/cek", "cek")
_SHOWN = 200  # characters of what it says
#: One word with a figure is a part of a code, and sixteen figures are a NIK.
_PART = re.compile(r"(?=[A-Z-]*[0-9])[A-Z0-9-]{1,14}", re.I)
_WHOLE = 8  # letters from which on it was meant as a whole code
_GENUINE = frozenset(["asli", "aslikah", "palsu", "hoax", "hoaks", "penipuan", "nipu"])
_SHOWN_ONE = frozenset(["ini", "itu", "pesan", "pesannya", "siaran", "siarannya", "undangan", "undangannya"])
#: Of these it is asked otherwise whether they are originals.
_PAPERS = frozenset(
    ["ktp", "kk", "kartu", "akta", "akte", "ijazah", "foto", "fotokopi", "fotocopy", "berkas", "dokumen"]
)
#: Somebody else wants what we never want.
_BEGGED = re.compile(
    r"\b(?:ada|orang|oknum|telepon|telpon|nelpon|wa|mengaku|ngaku)\b.*\b(?:me|di)?mint(?:a|ai)\b.*\b(?:otp|transfer|sandi|password|rekening)\b"
    r"|\bdimint(?:a|ai) (?:\w+ )?(?:otp|transfer|sandi|password)\b"
)
_LONGEST = 10  # words of such a question
_SHORT = 5  # that are one without its sign, too


def code_in(text: str) -> str:
    """The code that is asked about; "" where the text asks about none."""
    return as_code(_behind(text)) or ""


def _behind(text: str) -> str:
    said = text.strip()
    rest = next((said[len(word) :] for word in _ASKED if said.lower().startswith(f"{word} ")), "")
    return rest.strip(" .?!")


def is_asked(text: str) -> bool:
    """Whether a whole text asks about a code, or a part of one, or how to know a broadcast of ours."""
    return bool(code_in(text)) or bool(_PART.fullmatch(_behind(text))) or _doubts(text)


def _doubts(text: str) -> bool:
    """As in "apakah pesan ini asli?", "ada yang minta OTP"."""
    said = cleaning.words(text)
    known = set(said)
    if _BEGGED.search(" ".join(said)) and len(said) <= _LONGEST:
        return True
    if not (_GENUINE & known and _SHOWN_ONE & known) or _PAPERS & known or len(said) > _LONGEST:
        return False
    return answers.asks(text) or len(said) <= _SHORT


def check(turn: Turn) -> list[Outgoing]:
    """Who sent it and when; who serves in that district reads what it said, so that a changed copy is seen."""
    typed = code_in(turn.incoming.text) or turn.rest
    if _doubts(turn.incoming.text) or len(typed.replace("-", "").replace(" ", "")) < _WHOLE:
        return [turn.reply("siaran/how_to_check")]
    found = _found(turn, typed)
    if found is None:
        return [turn.reply("siaran/not_genuine")]
    district = turn.rules.district(found.district)
    at = found.begun_at
    theirs = turn.actor is not None and any(one.district == found.district for one in turn.actor.offices)
    text, own = _as_sent(turn, found) if theirs else ("", True)
    values = {
        "office": f"{district.office} {district.name}",
        "day": dates.long_date(at.astimezone(district.zone).date()) if at else "",
        "text": text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …",
        "own": own,
    }
    return [turn.reply("siaran/genuine", (), **values)]


def _as_sent(turn: Turn, found: Broadcast) -> tuple[str, bool]:
    """What it said to whoever asks, and whether it did: to others in general words.

    What a village owed on that day is not known any more: it stands in general words, too.
    """
    row = recipients.recipient(turn.tx, found.id, turn.who.person)
    if row is None:
        general = announcing.general(found.text)
        return general, general == found.text
    text = announcing.general(found.text, only=("tunggakan",))
    voice = Voice(turn.tx, turn.rules, turn.rules.district(found.district), found.begun_at or turn.now)
    return voice.filled(text, row), text == found.text


def _found(turn: Turn, typed: str) -> Broadcast | None:
    """Whatever may have reached somebody, though a second round of it may wait for its hour."""
    number = marks.number(turn.tx, typed)
    found = broadcasts.get(turn.tx, number) if number is not None else None
    served = found is not None and any(one.code == found.district for one in turn.rules.districts)
    return found if found is not None and served and found.begun_at else None
