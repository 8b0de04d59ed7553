"""People pasted into a chat, one a line: number, name, post, wage and the rest in whatever order.

A line is taken apart by what its pieces look like; what is left over at its beginning is the name.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice

from bot.domain import nik as numbers
from bot.domain import staff_sheet, written
from bot.domain.cleaning import visible, words
from bot.domain.people import Position
from bot.domain.positions import read_position
from bot.errors import Doubtful, Invalid

LONGEST = 400  # characters of a line
MOST = 40  # lines; more are a file
_LOOKED_AT = 4 * MOST  # lines of one message: of what is longer nobody need know how much

_LONG = re.compile(r"(?<![0-9])[0-9](?:[ .-]?[0-9]){12,18}(?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])(?:\+?62|0)[ -]?8[0-9](?:[ -]?[0-9]){6,11}(?![0-9])")
_MONTH = r"[A-Za-z]{3,9}"
_DAY = re.compile(
    rf"(?<![0-9])(?:[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{2,4}}|[0-9]{{1,2}}[- ]{_MONTH}[- ][0-9]{{4}})(?![0-9])"
)
_MONEY = re.compile(
    r"(?:\brp\.? ?)[0-9][0-9.,]*(?: ?(?:jt|juta|rb|ribu)\b)?(?:,-)?"
    r"|(?<![0-9])(?<![0-9][.,])[0-9][0-9.,]* ?(?:jt|juta|rb|ribu)\b(?: ?[0-9]{3}(?: ?(?:rb|ribu)\b)?)?"
    r"|(?<![0-9.,])[0-9]{1,3}(?:[.,][0-9]{3}){1,2}(?![0-9])"
    r"|(?<![0-9])[0-9]{5,8}(?![0-9])",
    re.IGNORECASE,
)
_MOTHER = re.compile(
    r"(?<=.)\b(?:nama )?ibu(?: kandung(?:nya)?|nya)?\b ?[:=]? ?(?P<who>[^,;|\t0-9]+)", re.IGNORECASE
)
_BORN_IN = re.compile(
    r"\b(?:(?:tempat )?lahir|ttl)\b(?:[ ,]*\bdi\b)? ?[:=]? ?(?P<where>[^,;|\t0-9]*)", re.IGNORECASE
)
_SINCE = re.compile(r"\b(?:mulai|sejak|tmt|sk|bertugas|diangkat)\b", re.IGNORECASE)
_LABELS = re.compile(
    r"\b(?:nik|nama|jabatan|no|nomor|hp|wa|ktp|upah|gaji|siltap|tgl|tanggal|daftar|daftarkan|ttl)\b[ .:=]*",
    re.IGNORECASE,
)
_REMARK = re.compile(r"[^\W0-9_]{2}|[0-9]{3}")
_BETWEEN = re.compile(r"[,;|\t()]+| - | – ")
_CALLED = re.compile(r"^(?:ibu|bapak|bpk|pak|bu|sdr|sdri)\b\.? *", re.IGNORECASE)
_COUNTED = re.compile(r"^\s*[0-9]{1,2}[.)]\s+|^\s*[-•*]\s+")

Said = Mapping[str, str]


def is_list(text: str, positions: Sequence[Position], today: date) -> bool:
    """Whether a message registers people: several by their numbers, or one with a name and a fact beside it.

    A number within a question ("NIK Siti 6402… ditolak terus") is none.
    """
    with_number = [line for line in _lines(text) if _LONG.search(line)]
    if len(with_number) != 1:
        return bool(with_number)
    said = _line(with_number[0], positions, today)
    facts = any(said[name] for name in ("wage", "since", "birth", "mother", "phone"))
    return bool(said["name"]) and (facts or _is_post(said["position"], positions))


def _is_post(said: str, positions: Sequence[Position]) -> bool:
    try:
        return bool(said and read_position(said, positions))
    except Doubtful:
        return True
    except Invalid:
        return False


def people(text: str, positions: Sequence[Position], today: date) -> list[Said]:
    """What each line says, by the names of the questions; lines without a number only among others."""
    lines = [line for line in _lines(text) if len(words(line)) > 1]
    return [_line(line, positions, today) for line in lines]


def _lines(text: str) -> list[str]:
    lines = (line[: 2 * LONGEST] for line in text[: _LOOKED_AT * LONGEST].splitlines())
    return [_COUNTED.sub("", line)[:LONGEST] for line in islice(filter(visible, lines), _LOOKED_AT)]


def _line(line: str, positions: Sequence[Position], today: date) -> Said:
    said = dict.fromkeys((*staff_sheet.COLUMN_OF, "sex", "rest"), "")
    rest = _out(said, "phone", _MOBILE, line) if not _is_number(line) else line
    rest = _out(said, "nik", _LONG, rest)
    rest = _out(said, "phone", _MOBILE, rest) if not said["phone"] else rest
    rest = _mother(said, rest)
    rest = _days(said, rest, today)
    rest = _out(said, "wage", _MONEY, rest)
    rest = _place(said, rest)
    pieces = [visible(_LABELS.sub(" ", piece)) for piece in _BETWEEN.split(rest)]
    pieces = [_sex(said, piece) for piece in pieces]
    unread, beside = _posts(said, [piece for piece in pieces if piece], positions)
    gone = [piece for piece in (*unread, *beside) if staff_sheet.has_left({"rest": piece}, today)]
    if not said["position"]:  # a piece behind the name: nobody knows this post
        said["position"] = next((piece for piece in unread if piece not in gone), "")
    others = [piece for piece in unread if piece != said["position"] and piece not in gone]
    said["rest"] = "; ".join([*gone, *filter(_REMARK.search, others)])
    return said


def _is_number(line: str) -> bool:
    """Whether a number of sixteen digits begins like that of a phone: it is a NIK all the same."""
    found = _LONG.search(line)
    return found is not None and len(re.sub("[^0-9]", "", found[0])) > 14


def _out(said: dict[str, str], name: str, what: re.Pattern[str], rest: str) -> str:
    """Take the first such piece out of the line."""
    found = what.search(rest)
    if not found:
        return rest
    said[name] = found[0].rstrip(" ,.")
    return f"{rest[: found.start()]} , {rest[found.end() :]}"


def _mother(said: dict[str, str], rest: str) -> str:
    found = _MOTHER.search(rest)
    if not found or not rest[: found.start()].strip(" ,"):
        return rest  # "Ibu Siti": how somebody is called
    said["mother"] = visible(found["who"])
    return f"{rest[: found.start()]} , {rest[found.end() :]}"


def _days(said: dict[str, str], rest: str, today: date) -> str:
    """A day is the birth's where it says so, or is the NIK's; else that of the beginning."""
    for found in list(_DAY.finditer(rest)):
        before = rest[max(0, found.start() - 30) : found.start()]
        words_before = re.split(r"[,;|\t]", before)[-1]
        born = "lahir" in before.casefold() and not _SINCE.search(words_before)
        name = "birth" if born or _is_birth(said["nik"], found[0], today) else "since"
        said[name] = said[name] or found[0]
    return _SINCE.sub(" , ", _DAY.sub(" , ", rest))


def _is_birth(nik: str, day: str, today: date) -> bool:
    try:
        return written.real(written.read(day)) == numbers.facts(numbers.parse_nik(nik), today).born
    except (Doubtful, Invalid, ValueError):
        return False


def _place(said: dict[str, str], rest: str) -> str:
    found = _BORN_IN.search(rest)
    if not found:
        return rest
    said["place"] = visible(found["where"])
    return f"{rest[: found.start()]} , {rest[found.end() :]}"


def _sex(said: dict[str, str], piece: str) -> str:
    if staff_sheet.sex(piece) and len(words(piece)) == 1 and not piece.isdigit():
        said["sex"] = piece
        return ""
    return piece


def _posts(
    said: dict[str, str], pieces: Sequence[str], positions: Sequence[Position]
) -> tuple[list[str], list[str]]:
    """The name stands first; the post is the longest known name of one, wherever it stands.

    Back come the pieces nothing was read from, and what stands around the post, as in "kadus Mekar Jaya".
    """
    known = {
        tuple(words(alias)): position.label
        for position in positions
        for alias in (position.label, *position.aliases)
    }
    posts = [(piece, *_post(piece, known)) for piece in pieces]
    unread: list[str] = []
    beside: list[str] = []
    for whole, at, length in posts:
        parts, piece = whole.split(), whole
        first = length and not said["position"]
        if first:
            said["position"] = " ".join(parts[at : at + length])
            piece = " ".join(parts[:at])
            beside += [*([whole] if said["name"] else []), " ".join(parts[at + length :])]
        if not said["name"]:
            said["name"] = _CALLED.sub("", piece)
        elif not first:
            unread.append(piece)
    return unread, beside


def _post(piece: str, known: Mapping[tuple[str, ...], str]) -> tuple[int, int]:
    """Where the longest known post begins, and over how many words."""
    parts = [words(part) for part in piece.split()]
    best = (0, 0)
    for at in range(len(parts)):
        for end in range(at + 1, min(len(parts), at + 5) + 1):
            said = tuple(word for part in parts[at:end] for word in part)
            if said in known and end - at > best[1]:
                best = (at, end - at)
    return best
