"""What a run of simulated years counted: bills, payments, reminders sent and not sent, and why."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bench.promises import Sent
from bot.messages import Lane
from bot.store.database import Tx

_ENDED = """
SELECT key, status, error FROM outbox WHERE lane = :lane AND status NOT IN ('ready', 'sending')
"""
_PLANS = "SELECT kind, subject, village, period, stage, person, outcome FROM plan"
_BILLS = """
SELECT segment, COUNT(*) AS n, SUM(settled) AS settled, COUNT(DISTINCT month) AS months,
    COUNT(*) FILTER (WHERE given IS NOT NULL) AS given, COALESCE(SUM(COALESCE(given, ours)), 0) AS rupiah
FROM bill GROUP BY segment ORDER BY segment DESC
"""
_PAYMENTS = """
SELECT segment, state, COUNT(*) AS n, COUNT(amount) AS named, COUNT(proof) AS proved FROM payment
GROUP BY segment, state ORDER BY segment DESC, state
"""
_OTHERS = """
SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'quarantined') AS quarantined,
    (SELECT COUNT(*) FROM inbox WHERE state IN ('new', 'taken')) AS unhandled,
    (SELECT COUNT(*) FROM outbox AS o WHERE status IN ('ready', 'sending') AND not_before <= :now AND NOT EXISTS (
        SELECT 1 FROM outbox AS h WHERE h.channel = o.channel AND h.chat = o.chat AND h.lane = o.lane AND h.id < o.id
            AND h.status = 'ready' AND h.not_before > :now  -- it waits behind one that is held until the morning
    )) AS unsent,
    (SELECT COUNT(*) FROM audit) AS acts, (SELECT COUNT(*) FROM intention) AS intentions
"""


@dataclass(slots=True)
class Tally:
    """Counted on the way, because the bot forgets what it sent after 90 days."""

    villages: int = 0
    events: int = 0
    restarts: int = 0
    made: int = 0  # messages that planners say they made
    broken: list[str] = field(default_factory=list)
    planned: Sequence[Sent] = ()  # what planners sent and what arrived
    rows: list[str] = field(default_factory=list)
    _ended: dict[str, str] = field(default_factory=dict)

    def harvest(self, tx: Tx) -> None:
        """Note what became of the planners' messages."""
        for row in tx.all(_ENDED, lane=int(Lane.REMINDER)):
            self._ended[row["key"]] = f"{row['status']}: {row['error']}" if row["error"] else row["status"]

    def count(self, tx: Tx, now: datetime) -> None:
        """Count everything once, in the end."""
        self.rows += [
            f"bills {r['segment']}: {r['n']} in {r['months']} months, {r['settled']} settled, "
            f"{r['given']} with the agency's figure, Rp{r['rupiah']:,}"
            for r in tx.all(_BILLS)
        ]
        self.rows += [
            f"payments {r['segment']} {r['state']}: {r['n']}, {r['named']} with a sum, {r['proved']} with a proof"
            for r in tx.all(_PAYMENTS)
        ]
        plans = tx.all(_PLANS)
        self.rows += self._reminders(plans)
        queued = sum(row["outcome"] == "queued" for row in plans)
        if self.made and queued != self.made:
            self.broken.append(f"planners made {self.made} messages of {queued} plans")
        found = tx.one(_OTHERS, now=now.isoformat(timespec="microseconds"))
        self.rows.append(f"{found['acts']} acts in the audit chain, {found['intentions']} answers kept")
        for what in ("quarantined", "unhandled", "unsent"):
            if found[what]:
                self.broken.append(f"{found[what]} {what}")

    def _reminders(self, plans: Iterable[dict[str, str]]) -> Iterable[str]:
        """A line for each kind and stage: how many arrived, and why the others did not."""
        arrived = {one.key for one in self.planned}
        counted: dict[str, Counter[str]] = {}
        for row in plans:
            name = row["stage"] if row["kind"] == "reminder" else row["kind"]
            key = ":".join(
                str(row[part]) for part in ("kind", "subject", "village", "period", "stage", "person")
            )
            became = row["outcome"]
            if became == "queued":
                became = self._ended.get(key, "not sent yet")
                became = f"{became} (arrived)" if became.startswith("unknown") and key in arrived else became
            counted.setdefault(name, Counter())[became] += 1
        for name, found in sorted(counted.items()):
            sent = found.pop("sent", 0)
            others = "; ".join(f"{number} {why}" for why, number in found.most_common())
            yield f"reminders {name}: sent {sent}; skipped {sum(found.values())}{': ' if others else ''}{others}"

    def lines(self) -> Sequence[str]:
        """The table."""
        first = f"{self.villages} villages, {self.events} events of people, {self.restarts} restarts"
        return [first, *self.rows]
