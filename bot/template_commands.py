"""The command line for message templates: check, export, submit, and what became of them.

`templates` makes the group for `python -m bot`; what speaks to the Graph API and the database is handed in.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from bot import stencil_lint, stencils
from bot.errors import GiveUp, SendError
from bot.stencils import LANGUAGE, UTILITY, Definition
from bot.store import stencils as kept
from bot.store.database import Store, Tx

T = TypeVar("T")

DEADLINE = 30.0  # seconds for one call
PAUSE = 60.0  # seconds between two looks
MOST_PAGES = 50
_FIELDS = "id,name,language,status,category,rejected_reason,components"
_UNDECIDED = frozenset({"PENDING", "IN_APPEAL"})
_NO_REASON = frozenset({"", "NONE"})


class Graph(Protocol):
    """The Graph API; raises `SendError`."""

    async def call(self, method: str, path: str, deadline: float, **kwargs: Any) -> Mapping[str, Any]:
        """One call; `params` and `json` as httpx takes them; the path begins after the version."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """The way to our business account.  Without a store nothing is written down: the bot hears it itself."""

    graph: Graph
    business: str
    store: Store | None
    now: Callable[[], datetime]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    advice: Callable[[], str] = lambda: ""  # what the operator must do where Meta refuses; else empty

    @property
    def path(self) -> str:
        """Where the account's templates are."""
        return f"/{self.business}/message_templates"


@dataclass(frozen=True, slots=True)
class There:
    """A template as the account has it."""

    id: str
    status: str
    category: str
    reason: str

    @property
    def undecided(self) -> bool:
        """Whether Meta is still looking at it."""
        return self.status in _UNDECIDED


Connect = Callable[[], AbstractAsyncContextManager[Line]]
Ours = Callable[[], Sequence[Definition]]


def templates(connect: Connect, ours: Ours = stencils.definitions) -> click.Group:
    """The group `templates`; `connect` opens the way to the account, or raises `Misconfigured`."""

    @click.group(name="templates")
    def group() -> None:
        """The texts that WhatsApp must approve before they may be sent at any time."""

    @group.command(name="check")
    def check_() -> None:
        """Look for what Meta would refuse, or charge as marketing; one line each."""
        check(ours())

    @group.command(name="export")
    @click.option("--to", type=click.Path(path_type=Path), default="whatsapp-templates", help="Folder.")
    def export_(to: Path) -> None:
        """Write each template as JSON, and how to enter them by hand."""
        export(ours(), to)

    @group.command(name="submit")
    @click.option("--edit", is_flag=True, help="Send again what was rejected or has another text there.")
    @click.option("--watch", is_flag=True, help="Ask once a minute until all are decided.")
    def submit_(edit: bool, watch: bool) -> None:
        """Ask Meta to approve the templates that the account does not have yet."""
        check(ours())
        if not _run(connect, lambda line: submit(line, ours(), edit=edit, watch=watch)):
            raise click.exceptions.Exit(1)

    @group.command(name="status")
    @click.option("--watch", is_flag=True, help="Ask once a minute until all are decided.")
    def status_(watch: bool) -> None:
        """Say how each template stands with Meta, and write it down."""
        _run(connect, lambda line: status(line, ours(), watch=watch))

    return group


def check(ours: Sequence[Definition]) -> None:
    """Print what Meta would refuse, and end with 1 if there is anything."""
    found = stencil_lint.every(ours)
    for line in found:
        click.echo(line)
    if found:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(ours)} templates are in order.")


def export(ours: Sequence[Definition], to: Path) -> None:
    """Write the templates into a folder, made if need be."""
    check(ours)
    to.mkdir(parents=True, exist_ok=True)
    for one in ours:
        text = json.dumps(one.payload, ensure_ascii=False, indent=2)
        (to / f"{one.name}.json").write_text(text + "\n", encoding="utf-8")
    (to / "README.md").write_text(by_hand(ours), encoding="utf-8")
    click.echo(f"Written to {to}: {len(ours)} templates and README.md.")


def _run(connect: Connect, work: Callable[[Line], Coroutine[Any, Any, T]]) -> T:
    async def through() -> T:
        async with connect() as line:
            try:
                return await work(line)
            except SendError as error:
                advice = line.advice() or "nothing is lost, run it again"
                raise click.ClickException(f"Meta could not be asked ({error}): {advice}") from None

    return asyncio.run(through())


async def submit(line: Line, ours: Sequence[Definition], *, edit: bool, watch: bool) -> bool:
    """Create what is not there; with `edit` also send again what was rejected or differs.

    False: some were refused.
    """
    there, well = await there_now(line, ours), True
    for one in ours:
        known = there.get(one.name)
        if known is not None and not (edit and known.status in ("REJECTED", kept.DIFFERS)):
            click.echo(f"there already  {one.name}: {known.status}")
            continue
        well &= await _ask(line, one, known)
    await status(line, ours, watch=watch)
    return well


async def _ask(line: Line, one: Definition, known: There | None) -> bool:
    if known is None:
        path, body = line.path, one.payload
    else:
        path, body = f"/{known.id}", {"category": UTILITY, "components": one.components}
    try:
        await line.graph.call("POST", path, DEADLINE, json=body)
    except GiveUp as error:
        click.echo(f"REFUSED        {one.name}: {error}")
        return False
    click.echo(f"{'submitted' if known is None else 'sent again':<15}{one.name}")
    return True


async def status(line: Line, ours: Sequence[Definition], *, watch: bool) -> None:
    """Say how each stands, and keep it; with `watch` again until Meta has decided."""
    said: dict[str, There | None] = {}
    while True:
        there = await there_now(line, ours)
        for one in ours:
            known = there.get(one.name)
            if one.name not in said or said[one.name] != known:
                click.echo(_line(one.name, known))
            said[one.name] = known
        await _keep(line, ours, there)
        if not watch or not any(known.undecided for known in there.values()):
            break
        await line.pause(PAUSE)
    if line.store is None:
        click.echo("Not written down here: the bot runs, and hears by itself what Meta decides.")


def _line(name: str, known: There | None) -> str:
    if known is None:
        return f"{name:<18} not submitted"
    said = f"{name:<18} {known.category:<10} {known.status}"
    if known.reason:
        said += f": {known.reason}"
    if known.status == kept.DIFFERS:
        said += " (the account has another text: submit --edit)"
    if known.category != UTILITY:
        said += f"\n  WARNING: Meta counts it as {known.category}; marketing costs about 4 times as much"
    return said


async def _keep(line: Line, ours: Iterable[Definition], there: Mapping[str, There]) -> None:
    if line.store is None:
        return
    now = line.now()
    missing = {one.name for one in ours} - set(there)

    def write(tx: Tx) -> None:
        for gone in missing & {known.name for known in kept.all_(tx)}:
            kept.note(tx, gone, "DELETED", "", "", now)
        for name, known in there.items():
            kept.note(tx, name, known.status, known.reason, known.category, now)

    await line.store.transact(write)


async def there_now(line: Line, ours: Iterable[Definition]) -> dict[str, There]:
    """Our templates as the account has them, by name."""
    by_name = {one.name: one for one in ours}
    found: dict[str, There] = {}
    for entry in await _listed(line):
        one = by_name.get(str(entry.get("name")))
        if one is not None and entry.get("language") == LANGUAGE:
            found[one.name] = _there(one, entry)
    return found


async def _listed(line: Line) -> list[Mapping[str, Any]]:
    params = {"fields": _FIELDS, "limit": "100"}
    found: list[Mapping[str, Any]] = []
    for _ in range(MOST_PAGES):
        answer = await line.graph.call("GET", line.path, DEADLINE, params=params)
        found += [entry for entry in _items(answer.get("data")) if isinstance(entry, Mapping)]
        after = _after(answer.get("paging"))
        if not after:
            break
        params = {**params, "after": after}
    return found


def _after(paging: object) -> str:
    """Where the next page begins; empty on the last one."""
    if not isinstance(paging, Mapping) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after", "")) if isinstance(cursors, Mapping) else ""


def _there(one: Definition, entry: Mapping[str, Any]) -> There:
    state = str(entry.get("status", "UNKNOWN"))
    if state in kept.SENDABLE and not same(one, entry.get("components")):
        state = kept.DIFFERS
    reason = str(entry.get("rejected_reason") or "")
    return There(
        str(entry.get("id", "")),
        state,
        str(entry.get("category", "")),
        "" if reason in _NO_REASON else reason,
    )


def same(one: Definition, components: object) -> bool:
    """Whether the account has our text and our buttons."""
    body, buttons = "", []
    for part in _items(components):
        kind = part.get("type") if isinstance(part, Mapping) else ""
        if kind == "BODY":
            body = str(part.get("text", ""))
        elif kind == "BUTTONS":
            buttons = [button.get("text") for button in _items(part.get("buttons"))]
    return body.strip() == one.body and tuple(buttons) == one.buttons


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def by_hand(found: Iterable[Definition]) -> str:
    """How to enter the templates in Meta's own pages, where no access token is at hand."""
    return "\n".join([_HOW, *(_sheet(one) for one in found)])


_HOW = """# WhatsApp message templates

With an access token `python -m bot templates submit` does all of this.  By hand, for each template below:

1. business.facebook.com, WhatsApp Manager, *Message templates*, *Create template*.
2. Category **Utility**, type **Default**; the name as below; language **Indonesian**.
3. Variable type **Name**.  Copy the text into *Body*, as it stands; no header, no footer.
4. Fill in the sample of each variable: without samples a template is rejected.
5. Add the buttons as *Custom* quick replies, in this order.
6. Submit.  If Meta proposes the category Marketing, do not accept: it costs about 4 times as much.

Then `python -m bot templates status` says how they stand.  The .json files hold the same for the Graph API:
`POST /<business account>/message_templates`.
"""


def _sheet(one: Definition) -> str:
    lines = [f"## {one.name}", "", "```", one.body, "```", ""]
    lines += [f"- {{{{{name}}}}}: {sample}" for name, sample in one.samples]
    lines += [f"- button {number}: {label}" for number, label in enumerate(one.buttons, 1)]
    return "\n".join([*lines, ""])
