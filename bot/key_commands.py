"""The command line for keys: make, rotate, print on paper, bring back, retire, replace."""

import asyncio
from pathlib import Path

import click

from bot import keys, settings
from bot.clock import SystemClock
from bot.errors import InUse, Misconfigured
from bot.settings import Settings
from bot.store import keyfile, shares
from bot.store.database import open_store
from bot.store.sealed import Place
from bot.store.vault import new_key_file, open_key_file

_FILE = click.Path(path_type=Path)


class _Keys(click.Group):
    """`key` alone makes one, and so does `key PATH`: a path has a `/` or a `.` in it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (
            args[0] not in self.commands and not args[0].startswith("-") and {*"/."} & {*args[0]}
        ):
            args = ["new", *args]
        return super().parse_args(ctx, args)


key = _Keys("key", help="The key that personal data is encrypted with; alone: make one.")


@key.command()
@click.argument("path", type=_FILE, required=False)
def new(path: Path | None) -> None:
    """Make a key file (PATH, or PAYUNG_KEY_FILE)."""
    target = path or settings.key_place()
    new_key_file(target)
    click.echo(f"Key written to {target}.")
    click.echo("Print `key shares` and keep them in three places: without the key nobody can read the data.")


@key.command()
def rotate() -> None:
    """Add a newer key to the key file; the older ones stay until `key retire`."""
    ring = keyfile.change(settings.key_place(), keyfile.rotated)
    click.echo(f"Key {ring.newest} is added. Restart the bot: it brings everything under it while it works.")
    click.echo("Print `key shares` anew: the shares printed before lack this key.")


@key.command()
def reseal() -> None:
    """Bring everything under the newest key now. Stop the bot first; one that runs does it by itself."""
    done = asyncio.run(_reseal(settings.load()))
    click.echo(
        f"{done.changed} values were brought under the newest key."
        if done
        else "Everything is under it already."
    )
    if done and done.stuck:
        raise Misconfigured(f"{done.stuck} values do not open and stay as they are: the log names them")


@key.command()
@click.argument("number", type=click.IntRange(1, keyfile.LAST))
def retire(number: int) -> None:
    """Remove key NUMBER from the key file, once nothing needs it. Stop the bot first."""
    found = settings.load()
    keys.retire(found.key_file, found.database, found.backup_folder, number)
    click.echo(
        f"Key {number} is removed. Backups kept elsewhere may need it: keep its paper shares with them."
    )


@key.command()
@click.argument("path", type=_FILE)
def replace(path: Path) -> None:
    """Move the database to the key file PATH, when others have seen the old one. Stop the bot first."""
    found = settings.load()
    moved, aside = keys.replace(found.key_file, path, found.database, SystemClock(found.start).now())
    click.echo(f"{moved.values} values and {moved.names} WhatsApp names are under {path} now.")
    click.echo(f"{moved.codes} invitations that were open have ended: make them anew.")
    if moved.stuck:
        click.echo(f"{moved.stuck} values could not be opened with the old key either, and stay as they are.")
    click.echo(f"Set PAYUNG_KEY_FILE={path}, print `key shares`, make a backup.")
    click.echo(f"Old key file, old backups and {aside} belong together: whoever has both reads them.")


@key.command(name="shares")
def shares_() -> None:
    """Print three sheets of paper, of which any two bring the key file back (and one tells nothing)."""
    for share in shares.split(keyfile.read(settings.key_place())):
        click.echo("\n".join([*share.lines(), "", *_HOW]))


@key.command()
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
@click.option("--to", type=_FILE, help="Another place than PAYUNG_KEY_FILE.")
def recover(first: Path, second: Path, to: Path | None) -> None:
    """Bring the key file back from two of the sheets, typed into the files FIRST and SECOND."""
    ring = shares.join(*(shares.read(_text(path), path.name) for path in (first, second)))
    target = to or settings.key_place()
    keyfile.create(target, ring)
    click.echo(f"Key file with key {', '.join(map(str, sorted(ring.keys)))} written to {target}.")
    click.echo(f"Remove {first} and {second} now.")


_HOW = (
    "Two of the three shares, typed as they stand, bring the key file back:",
    "python -m bot key recover FILE FILE. No I, L, O or U is used.",
    "\f",
)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error.strerror}") from None


async def _reseal(found: Settings) -> Place | None:
    vault = open_key_file(found.key_file)
    try:
        async with open_store(found.database, vault) as store:
            return await keys.Resealer(store, pause=0).tick()
    except InUse:
        raise Misconfigured(
            "a bot has the database open: it brings everything under the newest key by itself, once restarted"
        ) from None
