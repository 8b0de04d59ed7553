"""The table of rights as the documentation has it, and one event put to the engine without a trace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot import texts
from bot.domain.offices import Role
from bot.messages import Address, Choice, File, Incoming, Kind, Outgoing
from bot.routing import Table, Where, dispatch
from bot.store import outbox, people, prompts
from bot.store.database import Tx
from bot.turns import Turn
from tests.world import World, rulebook

DOCUMENT = Path(__file__).parent.parent / "docs" / "hak-akses.md"
#: The columns of the table, in their order.
COLUMNS = (
    Role.HEAD,
    Role.SECRETARY,
    Role.TREASURER,
    Role.ADMIN,
    Role.OPERATOR,
    Role.VIEWER,
    Role.BRANCH,
    Role.CAMAT,
)
PLACES = {"pribadi": Where.PRIVATE, "grup": Where.GROUP, "pribadi, grup": Where.BOTH}


@dataclass(frozen=True, slots=True)
class Right:
    """One row: who may, and where.  `open_to_all` needs no office."""

    sign: str
    roles: frozenset[Role]
    where: Where
    open_to_all: bool = False


def documented() -> dict[str, Right]:
    """The table of `docs/hak-akses.md`, by sign; `AssertionError` for a line that cannot be read."""
    found: dict[str, Right] = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `"):
            continue
        first, *cells, place = [cell.strip() for cell in line.strip().strip("|").split("|")]
        assert len(cells) == len(COLUMNS), line
        assert place in PLACES, line
        sign = first.split("`")[1]
        roles = frozenset(role for role, cell in zip(COLUMNS, cells, strict=True) if cell == "✓")
        everybody = all(cell == "siapa saja" for cell in cells)
        assert roles or everybody, line
        assert sign not in found, line
        found[sign] = Right(sign, roles, PLACES[place], everybody)
    return found


class Undone(Exception):
    """Carries the answers out of a transaction that leaves no trace."""

    def __init__(self, said: list[tuple[str, str]]) -> None:
        super().__init__("undone")
        self.said = said


Look = Callable[[Tx], Incoming]


async def answers(here: World, table: Table, event: Look) -> list[tuple[str, str]]:
    """What people would read of the engine's answers to an event; nothing of it is kept."""

    def run(tx: Tx) -> None:
        turn = Turn(tx, here.clock.now(), rulebook(), event(tx))
        said = told(dispatch(table, turn))
        raise Undone([*said, *([("", "work that waits")] if tx.worked else [])])

    try:
        await here.store.transact(run)
    except Undone as undone:
        return undone.said
    raise AssertionError("the transaction was kept")


def typed(here: World, user: str, chat: str, text: str) -> Look:
    """Somebody writes."""
    return lambda _tx: _event(here, user, chat, text=text)


def pressed(here: World, user: str, chat: str, meaning: str, *, owned: bool) -> Look:
    """Somebody presses a button of this meaning; `owned`: it was made for them alone."""

    def look(tx: Tx) -> Incoming:
        nonce = prompts.nonce()
        actor = people.actor(tx, here.channel.name, user, here.clock.now().date()) if owned else None
        person = actor.person if actor else None
        to = Address(here.channel.name, chat)
        prompts.make(
            tx, here.clock.now(), nonce, Outgoing(to, "", {}, [Choice(meaning, "x")], person=person), ""
        )
        return replace(_event(here, user, chat), choice=f"{nonce}.0", shape="tap", tap="t", message="1")

    return look


def brought(here: World, user: str, chat: str, shape: str, result: Mapping[str, object]) -> Look:
    """A job of somebody's is done."""
    return lambda _tx: replace(_event(here, user, chat), shape=shape, result=result)


def sent(here: World, user: str, chat: str, shape: str) -> Look:
    """Somebody sends a file."""
    file = File("x", "x.jpg", "image/jpeg", 1000)
    return lambda _tx: replace(_event(here, user, chat), shape=shape, file=file)


def replied(here: World, user: str, chat: str, key: str) -> Look:
    """Somebody replies to what the bot said there under this key."""

    def look(tx: Tx) -> Incoming:
        now, said = here.clock.now(), Outgoing(Address(here.channel.name, chat), "chat/thanks", public=True)
        outbox.put(tx, now, replace(said, key=key))
        tx.run("UPDATE outbox SET platform_id = '77', status = 'sent' WHERE key = :key", key=key)
        return _event(here, user, chat, text="Sampai tanggal 15.", reply_to="77")

    return look


def _event(here: World, user: str, chat: str, **values: str) -> Incoming:
    at = Address(here.channel.name, chat)
    group = chat.startswith("#")
    return Incoming(at, user, "1", here.clock.now(), group=group, **values)  # type: ignore[arg-type]


def told(said: Sequence[Outgoing]) -> list[tuple[str, str]]:
    """What people read of it: template and text, without the ends of presses."""
    shown = [out for out in said if out.kind not in (Kind.ANSWER, Kind.CLOSE)]
    return [(out.template, texts.render(out.template, out.values) if out.template else "") for out in shown]
