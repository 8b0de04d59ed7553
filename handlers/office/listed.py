"""Names of kecamatan and villages as the office types or pastes them, several at once."""

import re
from collections.abc import Sequence

from bot.domain import placing
from bot.errors import Doubtful, Invalid
from bot.store.places import Village

MOST = 1000  # lines of a list
SHOWN = 12  # names said back

_NUMBERED = re.compile(r"^\s*(?:\d{1,4}\s*[.)\t](?!\d)|[-*•])\s*")
#: Titles of columns, and what stands beside names in a sheet.
TITLES = {"no", "nomor", "kode", "desa", "nama desa", "nama", "kecamatan", "kode desa", "daftar desa"}


def subdistricts(said: str, known: Sequence[Village]) -> list[str]:
    """The codes of the kecamatan named; raises `Invalid` for one that is not of the district."""
    found: list[str] = []
    for part in _parts(said):
        meant = placing.subdistrict(part, known)
        if meant.sure is None:
            near = [one.name for one in meant.likely[:3]]
            raise Invalid("siaran/where_unknown", said=part[:40], near=near)
        found.append(meant.sure.code)
    if not found:
        raise Invalid("siaran/where_unknown", said=said[:40], near=[])
    return list(dict.fromkeys(found))


def villages(said: str, known: Sequence[Village]) -> list[str]:
    """The codes of the villages named; `Doubtful` where some are not known, `Invalid` where none is."""
    found: list[str] = []
    unknown: list[str] = []
    for part in _parts(said)[:MOST]:
        meant = placing.village(part, known).sure
        if meant is None:
            unknown.append(part[:40])
        else:
            found.append(meant.code)
    codes = list(dict.fromkeys(found))
    values = {"unknown": unknown[:SHOWN], "more": max(len(unknown) - SHOWN, 0)}
    if not codes:
        raise Invalid("siaran/villages_none", **values)
    if unknown:
        raise Doubtful("siaran/villages_unknown", codes, count=len(codes), **values)
    return codes


def _parts(said: str) -> list[str]:
    """One name a line; in a single line, between commas."""
    lines = said.splitlines()
    parts = lines if len(lines) > 1 else re.split(r"[,;]|\s+dan\s+", said)
    bare = [_NUMBERED.sub("", part).strip(" \t.,;") for part in parts]
    return [part for part in bare if part and part.casefold() not in TITLES]


def from_rows(rows: Sequence[Sequence[str]]) -> str:
    """A list out of the rows of a sheet: a code where there is one, else name and kecamatan."""
    titles = next((_titles(row) for row in rows if _titles(row)), {})
    name, where = titles.get("name"), titles.get("where")
    lines = []
    for row in rows:
        cells = [cell.strip() for cell in row]
        code = next((cell for cell in cells if placing.CODE.fullmatch(cell)), "")
        if code or _titles(cells):
            lines.append(code)
        elif name is not None and name < len(cells):
            kecamatan = cells[where] if where is not None and where < len(cells) else ""
            lines.append(f"{cells[name]}, Kec. {kecamatan}" if kecamatan and cells[name] else cells[name])
        else:
            lines.append(next((cell for cell in cells if cell and not cell.isdecimal()), ""))
    return "\n".join(line for line in lines if line)


def _titles(row: Sequence[str]) -> dict[str, int]:
    """Which columns hold names and kecamatan, where the row is one of titles."""
    plain = [cell.strip().casefold() for cell in row]
    if not any(cell in TITLES for cell in plain):
        return {}
    named = [at for at, cell in enumerate(plain) if cell in ("desa", "nama desa", "daftar desa", "nama")]
    found = {"name": named[0]} if named else {}
    return found | ({"where": plain.index("kecamatan")} if "kecamatan" in plain else {})
