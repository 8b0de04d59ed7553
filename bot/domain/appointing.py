"""Which post, where, whom and until when somebody speaks of, in whatever order it is written:
"perian kades Wawan Setiadi", "sekdes jembayan Budi", "Rina petugas", "kades perian 31 desember".
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from bot.domain import cleaning, dates, names, placing, words
from bot.domain.enrolling import TITLE
from bot.domain.offices import DISTRICT, Role
from bot.domain.people import Position
from bot.domain.placing import Found, Place, Subdistrict
from bot.domain.words import Vocabulary
from bot.domain.written import MONTH_NUMBERS
from bot.errors import Invalid

P = TypeVar("P", bound=Place)

STAFF: Mapping[str, tuple[str, ...]] = {
    Role.ADMIN.value: ("administrator", "admin kabupaten", "admin dpmd"),
    Role.OPERATOR.value: (
        "petugas",
        "staf",
        "petugas kabupaten",
        "operator kabupaten",
        "petugas dpmd",
        "staf dpmd",
        "operator dpmd",
    ),
    Role.VIEWER.value: ("pengamat", "viewer"),
    Role.BRANCH.value: (
        "cabang",
        "petugas bpjs",
        "operator bpjs",
        "cabang bpjs",
        "bpjs ketenagakerjaan",
        "bpjs tk",
    ),
    Role.CAMAT.value: ("petugas kecamatan", "operator kecamatan", "staf kecamatan", "petugas camat"),
}
_TITLE = re.compile(rf"(?i)^{TITLE}")
_OF_OFFICE = frozenset(role.value for role in DISTRICT)
_VILLAGE = Vocabulary(placing.ROLES)
_ROLES = {**_VILLAGE.known, **Vocabulary(STAFF).known}
#: Beginnings of posts that nobody is invited to, where the rest of it is missing.
_BEGUN = ("kaur", "kasi", "ketua")
_LONGEST = 5  # words of a post or a place
_NEAR = 75  # "perain", and not "darma" for Damai
#: What stands before a name, or is left between it and a place.
# fmt: off
_AROUND_NAME = frozenset((
    "an", "a.n", "a/n", "atas", "nama", "namanya", "bernama", "untuk", "utk", "desa", "ds", "di", "dari", "ke", "sebagai",
    "selaku", "jadi", "menjadi", "jabatan", "tugas", "orang", "baru", "kode", "undangan", "yaitu", "pengganti",
    "calon", "plt", "plh", "pj", "semua", "seluruh", "para",
    "ganti", "ralat", "harusnya", "seharusnya",
))
# fmt: on
_TITLES = frozenset(("pak", "bapak", "bpk", "bu", "ibu"))
_SUBDISTRICT = frozenset(("kec", "kecamatan"))
#: Words of a line that are no part of a name, and make it worth a second look.
_IN_NO_NAME = frozenset(("desa", "kec", "kecamatan", "dan", "eh", "salah", "mantan"))


@dataclass(frozen=True, slots=True)
class Said(Generic[P]):
    """`role` is "" where none was named, and only near to what was typed if `guessed`; `other` is a post nobody is
    invited to.  `near`: of a mistyped village it is not sure where its
    name ends.  `about` is all that was said beside the post: a name may
    look like a village.
    """

    role: str
    guessed: bool
    other: str
    village: Found[P]
    subdistrict: Found[Subdistrict]
    name: str
    about: str
    near: bool = False

    @property
    def of_office(self) -> bool:
        """Whether the post is one of the district's own office."""
        return self.role in _OF_OFFICE


@dataclass(frozen=True, slots=True)
class _Post:
    """A post, and what stands on its two sides."""

    role: str
    guessed: bool
    other: str
    left: list[str]
    right: list[str]


def read(said: str, places: Sequence[P], positions: Sequence[Position]) -> Said[P]:
    """Take a line apart and look the place up."""
    post = _post(cleaning.visible(said[: cleaning.LIMIT]).split(), tuple(positions))
    post = replace(post, left=_without_lead(post.left), right=_without_lead(post.right))
    about = bare(" ".join((*post.left, *post.right)))
    line: Said[P] = Said(post.role, post.guessed, post.other, Found(), Found(), about, about)
    if post.role == Role.CAMAT.value:
        return _in_subdistrict(line, post, places)
    exact = _taken(post, lambda span: _names(span, places))
    if line.of_office:
        place = exact[0] if exact and ("desa" in cleaning.words(said) or not exact[1]) else ""
        return replace(line, village=placing.village(place, places))
    place, name = exact or _near(post, places) or ("", line.name)
    return replace(
        line,
        village=placing.village(place, places),
        name=name,
        near=exact is None and place != " ".join(post.left),
    )


def bare(name: str) -> str:
    """A name without what leads to it: "an. Agus Salim", "namanya Rina"."""
    parts = _without_lead(name.split())
    while parts and _leads(parts[-1]):
        parts = parts[:-1]
    alone = all(part.casefold().strip(".") in _TITLES for part in parts)
    return "" if alone else " ".join(parts).strip(" ,;:-")


def _without_lead(parts: list[str]) -> list[str]:
    return parts[next((at for at, part in enumerate(parts) if not _leads(part)), len(parts)) :]


def _leads(part: str) -> bool:
    plain = part.casefold().strip(".,;:-()")
    return not plain or plain in _AROUND_NAME


def is_odd(name: str) -> bool:
    """Whether it may be more, or less, than a name: talk, a second post, a place."""
    said = cleaning.words(name)
    if not _IN_NO_NAME.isdisjoint(said) or any((word,) in _ROLES for word in said):
        return True
    try:
        names.parse_name(_TITLE.sub("", name))
    except Invalid:
        return True
    return False


# -- the post ----------------------------------------------------------------------------------


def _post(parts: list[str], positions: tuple[Position, ...]) -> _Post:
    """The first post of a village that is spelt out, else of the office, else one that is near, or begun."""
    known = _posts(positions)
    spelt = [(start, end, known[key]) for start, end, key in _keys(parts) if key in known]
    of_village = [one for one in spelt if one[2][0] not in _OF_OFFICE]
    if parts and parts[0].casefold() == "kecamatan" and not of_village:
        return _Post(Role.CAMAT.value, False, "", [], parts[1:])
    if spelt:
        start, end, (role, other) = (of_village or spelt)[0]
        return _Post(role, False, other, parts[:start], parts[end:])
    for start, end, key in _keys(parts):
        if near := words.mistyped(key, _VILLAGE):
            return _Post(near, True, "", parts[:start], parts[end:])
    begun = next((at for at, part in enumerate(parts) if part.casefold() in _BEGUN), None)
    if begun is not None:
        return _Post("", False, parts[begun].capitalize(), parts[:begun], parts[begun + 1 :])
    return _Post("", False, "", parts, [])


def _keys(parts: list[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Every few words that follow each other, the longest first."""
    for start in range(len(parts)):
        for end in range(min(start + _LONGEST, len(parts)), start, -1):
            yield start, end, tuple(cleaning.words(" ".join(parts[start:end])))


@lru_cache(maxsize=16)
def _posts(positions: tuple[Position, ...]) -> dict[tuple[str, ...], tuple[str, str]]:
    """Each post by its words: the role it has here, or its name where it has none."""
    others: dict[tuple[str, ...], tuple[str, str]] = {}
    for position in positions:
        role = position.code if position.code in placing.ROLES else ""
        for alias in (position.label, *position.aliases):
            others[tuple(cleaning.words(alias))] = (role, "" if role else position.label)
    return {**others, **{key: (role, "") for key, role in _ROLES.items()}}


# -- the place ---------------------------------------------------------------------------------


def _taken(post: _Post, fits: Callable[[list[str]], bool]) -> tuple[str, str] | None:
    """The place that stands on one of the two sides, and the name that is left."""
    for side, start, end in _spans(post.left, post.right):
        span, around = side[start:end], [*side[:start][-1:], *side[end : end + 1]]
        if span and not _says_subdistrict(around) and fits(span):
            return " ".join(span), _left_over(post, side, start, end)
    return None


def _spans(left: list[str], right: list[str]) -> Iterator[tuple[list[str], int, int]]:
    """All before the post, what follows it, then the edges; the longest first."""
    yield left, 0, len(left)
    yield from ((right, 0, count) for count in _counts(right))
    yield from ((left, 0, count) for count in _counts(left))
    yield from ((left, len(left) - count, len(left)) for count in _counts(left))
    yield from ((right, len(right) - count, len(right)) for count in _counts(right))


def _counts(side: list[str]) -> range:
    return range(min(_LONGEST + 2, len(side)), 0, -1)


def _says_subdistrict(said: list[str]) -> bool:
    return bool(_SUBDISTRICT.intersection(cleaning.words(" ".join(said))))


def _left_over(post: _Post, side: list[str], start: int, end: int) -> str:
    rest = side[:start] + side[end:]
    left, right = (rest, post.right) if side is post.left else (post.left, rest)
    return " ".join(filter(None, (bare(" ".join(left)), bare(" ".join(right)))))


def _names(span: list[str], places: Sequence[P]) -> bool:
    """Whether it is the name of a village, and ends with it: "perian pak" ends too late."""
    if placing.CODE.search(span[-1]):
        return len(span) == 1
    found = placing.exactly(" ".join(span), places)
    whole = len(span) == 1 or found != placing.exactly(" ".join(span[:-1]), places)
    return bool(found) and whole and not _says_subdistrict(span[:1])


def _near(post: _Post, places: Sequence[P]) -> tuple[str, str] | None:
    """What comes near to the name of a village, before the post or else behind it."""
    if not (post.role or post.other) and _is_subdistrict(post.left, places):
        return " ".join(post.left), ""
    for side in (post.left, post.right):
        if _says_subdistrict(side):
            return " ".join(side), _left_over(post, side, 0, len(side))
        if found := _nearest(side, places):
            return " ".join(side[slice(*found)]), _left_over(post, side, *found)
    if post.role and bare(" ".join(post.left)):
        return " ".join(post.left), bare(" ".join(post.right))
    return None


def _nearest(side: list[str], places: Sequence[P]) -> tuple[int, int] | None:
    known = [" ".join(cleaning.words(one.name)) for one in places]
    known += [
        f"{name} {' '.join(cleaning.words(one.subdistrict))}" for name, one in zip(known, places, strict=True)
    ]
    known += [name.rpartition(" ")[0] for name in known if name.count(" ") > 1]  # "loa duri", of several
    best: tuple[float, int, int, int] = (0, 0, 0, 0)
    for start, end, key in _keys(side):
        said = " ".join(word for word in key if word not in _AROUND_NAME)
        hit = (
            process.extractOne(said, known, scorer=fuzz.ratio, score_cutoff=_NEAR) if len(said) > 3 else None
        )
        best = max(best, (hit[1], end - start, start, end)) if hit else best
    return best[2:] if best[0] else None


# -- kecamatan ---------------------------------------------------------------------------------


def _in_subdistrict(line: Said[P], post: _Post, places: Sequence[P]) -> Said[P]:
    known = {tuple(cleaning.words(one.name)): one for one in placing.subdistricts(places)}

    def key(span: list[str]) -> tuple[str, ...]:
        return tuple(word for word in cleaning.words(" ".join(span)) if word not in _SUBDISTRICT)

    taken = _taken(post, lambda span: key(span) in known)
    if taken is None:
        near, name = placing.subdistrict_before(line.about, places)
        return replace(line, subdistrict=near, name=name)
    place, name = taken
    one = known[key(place.split())]
    return replace(line, subdistrict=Found(one, (one,), exact=True), name=name)


def _is_subdistrict(said: list[str], places: Sequence[P]) -> bool:
    plain = cleaning.words(" ".join(said))
    return any(plain == cleaning.words(one.name) for one in placing.subdistricts(places))


# -- the last day ------------------------------------------------------------------------------

_MONTHS = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_DAYS = "|".join(day.casefold() for day in dates.DAYS)
_LEADING = r"(?:(?:per|mulai|sejak|hingga|sampai|pada|terhitung|hari\s+terakhir|tanggal|tgl\.?)\s+)*"
_DAY = re.compile(
    rf"(?<![\w.]){_LEADING}(?:"
    rf"[0-9]{{1,2}}[\s/.-]+(?:[a-z]{{3,}}[\s/.-]+[0-9]{{2,4}}|(?:{_MONTHS})(?!\w))"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"|[0-9]{1,2}[/.-][0-9]{1,2}(?:[/.-][0-9]{2,4})?(?![.0-9])"
    rf"|(?:{_MONTHS})\s+[0-9]{{4}}"
    rf"|hari\s+ini|besok|lusa|kemarin|kemaren|sekarang(?:\s+juga)?|(?:{_DAYS})(?:\s+depan)?"
    r"|(?:(?:akhir|awal)\s+)?(?:minggu|bulan|tahun)\s+(?:ini|depan|lalu)|(?:akhir|awal)\s+(?:bulan|tahun)"
    r"|[0-9]{1,2}\.?$)(?!\w)",
    re.IGNORECASE,
)


def day_apart(said: str) -> tuple[str, str]:
    """A text without the day that is named in it, and that day; "" where it is none, or now."""
    plain = cleaning.visible(said[: cleaning.LIMIT])
    found = _DAY.search(plain)
    if found is None:
        return plain, ""
    rest = f"{plain[: found.start()]} {plain[found.end() :]}".strip()
    return rest, "" if found[0].casefold().startswith("sekarang") else found[0]
