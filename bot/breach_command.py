"""`python -m bot incident`: the report after a leak, while the bot goes on."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click

from bot import app, breach, settings
from bot.breach import Leak
from bot.clock import SystemClock
from bot.domain.rulebook import District, Rules
from bot.errors import Misconfigured
from bot.store import copies
from bot.store.vault import open_key_file


def _moment(text: str, district: District) -> datetime:
    """A day or a moment; without a zone it is the district's clock."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Misconfigured(f"{text!r} is no moment: write 2026-11-23 or 2026-11-23T08:00") from None
    return (at if at.tzinfo else at.replace(tzinfo=district.zone)).astimezone(UTC)


def _district(rules: Rules, place: str) -> District:
    if place and not place.replace(".", "").isdigit():
        raise Misconfigured(f"{place!r} is no code: write 64.02, 64.02.01 or 64.02.01.2001")
    return rules.district(place[:5]) if place else rules.districts[0]


class _Told(TypedDict):
    """The options, by their names."""

    since: str
    until: str
    known: str
    place: str
    key_leaked: bool
    file: Path | None


def _leak(told: _Told, district: District, now: datetime) -> Leak:
    until, known = (_moment(text, district) if text else now for text in (told["until"], told["known"]))
    leak = Leak(_moment(told["since"], district), until, known, told["place"], told["key_leaked"])
    if leak.until < leak.since:
        raise Misconfigured("--until is before --since")
    return leak


@click.command()
@click.option("--since", required=True, help="When it began: 2026-11-23, or 2026-11-23T08:00.")
@click.option("--until", default="", help="When it ended (default: now).")
@click.option(
    "--known", default="", help="When you learnt of it: 3 x 24 hours count from then (default: now)."
)
@click.option("--village", "place", default="", help="Only there: code of a village, kecamatan or district.")
@click.option("--key-leaked", is_flag=True, help="The key file was taken too: sealed data count as readable.")
@click.option(
    "--list", "file", type=click.Path(path_type=Path), help="Write everybody to this new file (CSV)."
)
def incident(**told: Unpack[_Told]) -> None:
    """Say whose data a leak reached, which, what was opened, and by when to tell them. The bot may go on."""
    began = time.perf_counter()
    found = settings.load()
    district, now = _district(app.served(found), told["place"]), SystemClock(found.start).now()
    leak, file = _leak(told, district, now), told["file"]
    with copies.looked_at(found.database, open_key_file(found.key_file)) as tx:
        report = breach.gather(tx, leak)
    for line in breach.lines(report, now):
        click.echo(line)
    if file:
        _write(file, breach.table(report))
        click.echo(f"Everybody is in {file}, for you alone (mode 600): delete it when they were told.")
    for letter in breach.letters(report, district):
        click.echo(f"\n{'-' * 72}\n{letter}")
    click.echo(f"{'-' * 72}\nMade in {time.perf_counter() - began:.1f} seconds.")


def _write(file: Path, text: str) -> None:
    if file.exists():
        raise Misconfigured(f"{file} exists already: name a new file")
    with copies.in_words("the list could not be written"), copies.private_file(file) as out:
        out.write(text.encode())
