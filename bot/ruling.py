"""The rules as the districts decided them in chat, over the files under `bot/rules`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from bot import logs, rules
from bot.domain.rulebook import Rules
from bot.errors import Misconfigured
from bot.store import decisions
from bot.store.database import Tx
from bot.store.decisions import Decision, Mark
from bot.store.vault import Vault

log = logs.get(__name__)

#: A district's own closing sentence under its reminders: a decision that is no row of the rules.
WORDING = "wording"
#: Where the agency is reached from a district, as its office knows it: no row of the rules either.
BRANCH = "branch"
#: Who signs for a district, likewise.
HEAD = "head"
_SENTENCES = (WORDING, BRANCH, HEAD)


@dataclass(frozen=True, slots=True)
class _Known:
    base: Rules
    mark: Mark
    rules: Rules


#: One entry for each open store, which its vault stands for.
_known: WeakKeyDictionary[Vault, _Known] = WeakKeyDictionary()


def current(tx: Tx, base: Rules) -> Rules:
    """`base` with all that the districts decided; what cannot be applied any more is left out."""
    mark = decisions.mark(tx)
    known = _known.get(tx.vault)
    if known is None or known.base is not base or known.mark != mark:
        found = decisions.in_force(tx) if mark.in_force else []
        known = _Known(base, mark, _applied(base, [one for one in found if one.name not in _SENTENCES]))
        _known[tx.vault] = known
    return known.rules


def closing(tx: Tx, district: str, on: date) -> str:
    """The sentence that a district wants under its reminders on that day; empty where there is none."""
    mine = decisions.of_district(tx, district, WORDING)
    found = [one for one in mine if str(one.body.get("effective_from", "")) <= on.isoformat()]
    return str(found[-1].body.get("text", "")) if found else ""


def branch(tx: Tx, district: str) -> Mapping[str, str]:
    """The agency's branch as the district's office set it: name, address, phone, hospitals; empty where it did not."""
    found = decisions.of_district(tx, district, BRANCH)
    return {name: str(said) for name, said in found[-1].body.items()} if found else {}


def head(tx: Tx, district: str) -> str:
    """The name of who signs for a district's office; empty while nobody said it."""
    found = decisions.of_district(tx, district, HEAD)
    return str(found[-1].body.get("name", "")) if found else ""


def _applied(base: Rules, found: Sequence[Decision]) -> Rules:
    if not found:
        return base
    try:
        return rules.with_decisions(base, _rows(found))
    except Misconfigured:
        return rules.with_decisions(base, _rows(_usable(base, found)))


def _usable(base: Rules, found: Iterable[Decision]) -> list[Decision]:
    """The decisions that the rules still know how to read; one may rest on those before it."""
    kept: list[Decision] = []
    for one in found:
        try:
            rules.with_decisions(base, _rows([*kept, one]))
        except Misconfigured as error:
            log.warning("decision %s of %s is left out: %s", one.id, one.district, error)
        else:
            kept.append(one)
    return kept


def _rows(found: Sequence[Decision]) -> list[tuple[str, str, dict[str, object]]]:
    return [(one.district, one.name, dict(one.body)) for one in found]
