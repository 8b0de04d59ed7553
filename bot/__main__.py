"""The command line: `python -m bot` (or `payung`)."""

import asyncio
import re
import resource
import sqlite3
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

import click

from bot import (
    __version__,
    app,
    backup,
    breach_command,
    check,
    demo,
    gateways,
    key_commands,
    logs,
    regions,
    rules,
    settings,
    template_commands,
    template_cost,
)
from bot.channels.whatsapp_wire import Graph
from bot.clock import SystemClock
from bot.domain.offices import DISTRICT, Office, Role, office_day
from bot.errors import InUse, Misconfigured
from bot.store import invitations, places, records
from bot.store.database import Store, Tx, open_store
from bot.store.invitations import Invitation
from bot.store.records import Act
from bot.store.vault import open_key_file
from handlers.district import links

#: What a token of Telegram or of Meta looks like.
_TOKEN = re.compile(r"[0-9]{6,12}:[A-Za-z0-9_-]{30,}|EAA[A-Za-z0-9]{40,}")


class _Friendly(click.Group):
    """Says in one line what the operator must change, instead of a traceback."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if any(map(_TOKEN.search, args)):
            raise click.ClickException(
                "that is a token: everybody on this machine can read the command line; put it into .env, and "
                "make a new one, since this one was seen"
            )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Misconfigured as error:
            raise click.ClickException(str(error)) from None
        except sqlite3.Error as error:
            raise click.ClickException(f"the database could not be used: {error}") from None


@click.group(cls=_Friendly)
@click.version_option(__version__)
def main() -> None:
    """Payung Desa: helps villages keep their people insured. Settings come from the environment."""
    logs.quiet()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what a crash would write to disk has the keys in it


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


@main.command()
def run() -> None:
    """Run the bot with its real channels."""
    found = settings.load()
    logs.setup(found.log_level)
    _run(app.run(found))


@main.command(name="demo")
@click.option("--port", type=int, default=None, help="Port of the page (default: PAYUNG_PORT, else 8080).")
@click.option("--host", default=None, help="Address to listen on (default: PAYUNG_HOST, else 127.0.0.1).")
def demo_(port: int | None, host: str | None) -> None:
    """Try everything in a browser: real villages, made-up people, a clock that can be moved."""
    found = settings.load()
    logs.setup("warning")
    _run(demo.run(host or found.host, port or found.port, found.start, click.echo))


@main.command(name="check")
def check_() -> None:
    """Say what is missing or wrong, one line each."""
    results = _run(check.everything())
    for name, problem in results:
        click.echo(f"{'ok     ' if not problem else 'PROBLEM'} {name}{': ' + problem if problem else ''}")
    sys.exit(1 if any(problem for _, problem in results) else 0)


main.add_command(key_commands.key)


@main.command(name="backup")
@click.argument("path", type=click.Path(path_type=Path), required=False)
def backup_(path: Path | None) -> None:
    """Make a backup (PATH, or by its time in PAYUNG_BACKUPS). The bot may go on meanwhile."""
    found = settings.load()
    made = app.backups(found).make(SystemClock(found.start).now(), path)
    click.echo(f"Backup written to {made.path} ({made.size} bytes).")
    click.echo(f"Opened again for a test: {made.rows} rows, all there, and the audit chain holds.")
    if made.removed:
        click.echo(f"{made.removed} older ones were removed.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="Another place, for looking at it.")
@click.option("--replace", is_flag=True, help="Take the place of a database that has data; it is kept.")
def restore(file: Path, into: Path | None, replace: bool) -> None:
    """Put the database of a backup FILE in place. Stop the bot first."""
    found = settings.load()
    target, vault = into or found.database, open_key_file(found.key_file)
    done = backup.restore(file, target, vault, SystemClock(found.start).now(), replace=replace)
    for table, count in done.calmed.rows.items():
        if count:
            click.echo(f"{count:>8} {table}")
    click.echo(f"Restored to {target} from {file}, made at {done.manifest.made[:16]} UTC.")
    if done.kept:
        click.echo(f"The database that was there is kept: {done.kept}")
    calmed = done.calmed
    click.echo(
        f"Nothing old is sent: {calmed.messages} messages, {calmed.events} events and "
        f"{calmed.jobs} jobs that waited were set aside."
    )


async def _with_store(work: Any) -> Any:
    found = settings.load()
    async with open_store(found.database, open_key_file(found.key_file)) as store:
        return await work(store, found)


@main.command()
@click.option("--district", required=True, help="Code of the district, as in 64.02.")
@click.option("--role", type=click.Choice([role.value for role in DISTRICT]), default=Role.ADMIN.value)
@click.option("--subdistrict", default="", help="With --role camat: code of the kecamatan, as in 64.02.01.")
@click.option("--name", default="", help="Whom it is for; shown when they are greeted.")
def invite(district: str, role: str, subdistrict: str, name: str) -> None:
    """Print a one-time code for somebody of the district office. Stop the bot first."""
    if (role == Role.CAMAT) != bool(subdistrict):
        raise click.UsageError("--role camat and --subdistrict belong together")

    async def make(store: Store, found: settings.Settings) -> tuple[str, list[str]]:
        known = app.served(found).district(district)
        office = Office(Role(role), known.code, subdistrict=subdistrict)
        now = SystemClock(found.start).now()

        def put(tx: Tx) -> tuple[str, list[str]]:
            if subdistrict and not any(office.sees(one.code) for one in places.villages(tx, known.code)):
                raise Misconfigured(
                    f"{district} has no kecamatan {subdistrict}: give its code, as in 64.02.01"
                )
            code = invitations.make(tx, Invitation(office, name), None, now)
            records.note(tx, now, Act(None, "invite", known.code, {"role": role, "by": "command line"}))
            return code, links(tx, code)

        return await store.transact(put)

    code, found = _run(_with_store(make))
    click.echo(f"Code (valid {invitations.LIFE.days} days, once): {code}")
    for link in found:
        click.echo(f"Link: {link}")
    if not found:
        click.echo("Send it to the bot as a message. The link is shown once the bot has run with a channel.")


@main.command()
@click.argument("district")
def villages(district: str) -> None:
    """Load the villages of DISTRICT (as in 64.02) into the database."""
    count = _run(_with_store(lambda store, _found: app.load_villages(store, district)))
    click.echo(f"{count} villages of {district} are in the database.")


@main.group(name="rules")
def rules_() -> None:
    """The dated rules: rates, programmes, positions, districts, reminders."""


@rules_.command(name="check")
def rules_check() -> None:
    """Read all rule files and name the row that is wrong."""
    counts = rules.counts(rules.load(None, *settings.load().rule_folders))
    click.echo(f"Rules are in order: {', '.join(f'{count} {table}' for table, count in counts.items())}.")


@main.command()
@click.option(
    "--code", "codes", multiple=True, help="A code of the daily line in the office's group; may be repeated."
)
def doctor(codes: tuple[str, ...]) -> None:
    """Look at the database: damage, the audit chain, what waits or was parked. Stop the bot first."""

    async def look(store: Store, found: settings.Settings) -> list[str]:
        lines = await check.database(store, SystemClock(found.start).now().astimezone(UTC))
        told = [*app.backups(found).heads(), *((f"the line {code}", _head(code)) for code in codes)]
        chain, in_use = await check.heads(store, told), await check.keys_in_use(store, found.backup_folder)
        return [*lines[:2], *chain, *lines[2:], *in_use]

    for line in _run(_with_store(look)):
        click.echo(line)


def _head(code: str) -> records.Head:
    try:
        return records.Head.parse(code)
    except ValueError as error:
        raise Misconfigured(f"--code {code}: {error}") from None


@asynccontextmanager
async def _account() -> AsyncIterator[template_commands.Line]:
    """The way to our WhatsApp account; what it says is written down unless the bot runs, which hears it itself."""
    found = settings.load()
    if not found.whatsapp_token.get_secret_value():
        raise Misconfigured("PAYUNG_WHATSAPP_TOKEN is not set: see docs/panduan/operator.md")
    access = gateways.access(found)
    clock = SystemClock(found.start)
    async with AsyncExitStack() as stack:
        graph = Graph(access)
        stack.push_async_callback(graph.close)
        store = None
        vault = open_key_file(found.key_file)
        with suppress(InUse):
            store = await stack.enter_async_context(open_store(found.database, vault))
        advice = partial(gateways.account_refused, graph.health)
        yield template_commands.Line(graph, access.business_id, store, clock.now, advice=advice)


_templates = template_commands.templates(_account)
main.add_command(_templates)
main.add_command(breach_command.incident)


@_templates.command()
@click.option("--district", default="64.02", help="Code of the district, as in 64.02.")
@click.option("--villages", type=click.IntRange(1), default=None, help="How many; else all of the district.")
def cost(district: str, villages: int | None) -> None:
    """Reckon what a month of reminders costs, by the dated price in the rules."""
    found = settings.load()
    rulebook = rules.load(None, *found.rule_folders)
    count = sum(1 for _ in regions.villages(district)) if villages is None else villages
    on = office_day(SystemClock(found.start).now())
    for line in template_cost.lines(rulebook, rulebook.district(district), count, on):
        click.echo(line)


if __name__ == "__main__":
    main()
