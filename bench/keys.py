"""Backups that were tampered with, the restore drill, and keys that change: how sure, how long.

python -m bench.keys [--villages 400] [--flips 400]

A database of so many villages with twelve members each, 75 messages and one proof of 60 kB for each
village.  One backup is made; `flips` copies of it, each with one bit flipped at a place drawn by chance,
are refused or not; the backup itself is restored, which is the drill.  Then a newer key comes: everything
is brought under it while 50 small transactions a second go on, whose wait is compared with the same
without it; then the old key is retired, and the whole database moves to another key file.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import click

from bench import table
from bot import keys
from bot.backup import Backups, restore
from bot.errors import Misconfigured
from bot.store import keyfile, sealed
from bot.store.database import Store, Tx, open_store
from bot.store.inbox import stamp
from bot.store.vault import Vault, new_key_file, open_key_file

NOW = datetime(2026, 12, 8, 18, tzinfo=UTC)
MEMBERS, MESSAGES, PROOF = 12, 75, 60_000
RATE = 50  # transactions a second
T = TypeVar("T")
GOAL_DRILL, GOAL_WAIT = 60.0, 0.1  # seconds: of the drill; longer than without, 99 of 100


def fill(tx: Tx, villages: int) -> None:
    """Every kind of sealed row that grows with an office's work."""
    vault, now = tx.vault, stamp(NOW)
    for number in range(villages):
        code = f"64.{1 + number // 200:02}.{1 + number // 20 % 10:02}.{2001 + number % 20}"
        tx.run("INSERT INTO village VALUES (:code, :district, '', '')", code=code, district=code[:5])
        for one in range(MEMBERS):
            nik = f"64020157{number:05}{one:03}"
            tx.run(
                "INSERT INTO member (village, name, nik, nik_index, details, category, position, since, joined,"
                " state, state_at) VALUES (:code, 'Orang', :nik, :index, :details, '', '', '', '', 'active', '')",
                code=code, nik=vault.seal("member.nik", nik), index=vault.index("member.nik", nik),
                details=vault.seal_json("member.details", {"mother": "Kartini", "wage": 2_487_913}),
            )  # fmt: skip
        for one in range(MESSAGES):
            tx.run(
                "INSERT INTO outbox (key, channel, chat, thread, lane, kind, template, body, public, repeatable,"
                " reason, status, not_before, expires_at, created_at) VALUES (:key, 'whatsapp', :chat, '', 0,"
                " 'text', '', :body, 0, 0, '', 'sent', '', '', :now)",
                key=f"{number}:{one}", chat=vault.conceal(f"62812{number:07}"), now=now,
                body=vault.seal_json("outbox.body", ["Iuran " * 60, [], ""]),
            )  # fmt: skip
        proof = vault.seal_bytes("file.body", random.Random(number).randbytes(PROOF))
        tx.run("INSERT INTO file (body, mime, at) VALUES (:proof, 'image/jpeg', :now)", proof=proof, now=now)


def flipped(backup: Path, to: Path, vault: Vault, flips: int, damage: int = 1) -> int:
    """How many of so many tampered copies are refused, with nothing restored."""
    content, dice, refused = bytearray(backup.read_bytes()), random.Random(7), 0
    for _ in range(flips):
        place, bit = dice.randrange(len(content)), damage << dice.randrange(8)
        content[place] ^= bit
        (to / "x.backup").write_bytes(content)
        content[place] ^= bit
        try:
            restore(to / "x.backup", to / "x.db", vault, NOW, replace=True)
        except Misconfigured:
            refused += not (to / "x.db").exists()
    return refused


async def waits(store: Store, while_: Callable[[], Awaitable[object]]) -> list[float]:
    """How long small transactions wait meanwhile, each from its turn on the clock; sorted."""
    found: list[float] = []

    async def one(due: float) -> None:
        await asyncio.sleep(due - time.perf_counter())
        await store.transact(_small)
        found.append(time.perf_counter() - due)

    work = asyncio.ensure_future(while_())
    begun, number, open_ = time.perf_counter(), 0, set()
    while not work.done():
        number += 1
        due = begun + number / RATE
        open_.add(asyncio.ensure_future(one(due)))
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
    await asyncio.gather(work, *open_)
    return sorted(found)


def _small(tx: Tx) -> None:
    body = tx.vault.seal("inbox.body", "tagihan")
    tx.run(
        "INSERT INTO inbox (channel, external_id, conversation, received_at, body, state, not_before)"
        " SELECT 'x', COUNT(*), 'x', '', :body, 'done', '' FROM inbox",
        body=body,
    )


async def rotated(path: Path, key: Path) -> tuple[float, int, list[float], list[float]]:
    """Seconds, values, and the waits of small transactions with and without it."""
    keyfile.change(key, keyfile.rotated)
    async with open_store(path, open_key_file(key)) as store:
        calm = await waits(store, lambda: asyncio.sleep(5))
        began = time.perf_counter()
        busy = await waits(store, keys.Resealer(store).tick)
        took = time.perf_counter() - began
        usage = await store.read(sealed.usage)
    if set(usage) != {2}:
        raise SystemExit(f"not everything is under the newest key: {usage}")
    return took, usage.total(), calm, busy


def measure(folder: Path, villages: int, flips: int) -> int:
    """Print the table; 0 if the goals were reached."""
    begun = time.perf_counter()
    key, path = folder / "keys" / "a.key", folder / "payung.db"
    new_key_file(key)
    vault = open_key_file(key)

    async def prepare() -> None:
        async with open_store(path, vault) as store:
            await store.transact(lambda tx: fill(tx, villages))

    asyncio.run(prepare())
    made, took = _timed(lambda: Backups(path, vault, folder / "backups", 3).make(NOW))
    print(f"{villages} villages, {villages * MEMBERS:,} members, {path.stat().st_size / 1e6:.0f} MB")
    print(f"{'backup, opened again, s':46} {took:9.2f}   {made.size / 1e6:.0f} MB")
    (folder / "flips").mkdir()
    refused, took = _timed(lambda: flipped(made.path, folder / "flips", vault, flips))
    print(f"{'one bit flipped: refused':46} {refused:>5}/{flips}  {took / flips:.2f} s each")
    done, drill = _timed(lambda: restore(made.path, folder / "drill.db", vault, NOW, replace=False))
    print(
        f"{'restore drill, s':46} {drill:9.2f}   {done.calmed.rows['member']:,} members; goal: {GOAL_DRILL}"
    )
    seconds, values, calm, busy = asyncio.run(rotated(path, key))
    print(f"{'values under a newer key while others write':46} {values:9,}   in {seconds:.1f} s")
    for name, found in (("without", calm), ("meanwhile", busy)):
        middle, late = found[len(found) // 2], found[len(found) * 99 // 100]
        print(
            f"{f'{RATE} transactions a second, {name}, ms':46} {middle * 1000:9.1f}   p99 {late * 1000:.1f}"
        )
    made.path.unlink()
    _, took = _timed(lambda: keys.retire(key, path, folder / "backups", 1))
    print(f"{'the old key retired, s':46} {took:9.2f}")
    new_key_file(folder / "keys" / "b.key")
    (moved, _), took = _timed(lambda: keys.replace(key, folder / "keys" / "b.key", path, NOW))
    print(f"{'moved to another key file, s':46} {took:9.2f}   {moved.values:,} values, {moved.names} names")
    longer = busy[len(busy) * 99 // 100] - calm[len(calm) * 99 // 100]
    reached = refused == flips and drill < GOAL_DRILL and longer < GOAL_WAIT
    print("reached" if reached else "MISSED")
    return table.told("backups", flips, time.perf_counter() - begun, wrong=flips - refused, held=reached)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


@click.command()
@click.option("--villages", default=400, show_default=True)
@click.option("--flips", default=400, show_default=True)
def main(villages: int, flips: int) -> None:
    """Measure, and say whether the goals were reached."""
    with TemporaryDirectory() as folder:
        raise SystemExit(measure(Path(folder), villages, flips))


if __name__ == "__main__":
    main()
