"""What was said to a village and done about it: read for its evidence, from messages, plans and the audit chain."""

import json
from datetime import datetime
from typing import Any

from bot.domain.evidence import Act, Message, Period, Planned
from bot.store.database import Tx, queries
from bot.store.records import Plan

Q = queries(__file__)


def messages(tx: Tx, village: str, period: Period) -> list[Message]:
    """What was written, in the order in which it was."""
    rows = tx.all(Q.messages, village=village, first=str(period.first), last=str(period.last))
    return [
        Message(
            row["key"],
            row["template"],
            row["channel"],
            row["person"] or "",
            row["status"],
            row["error"],
            datetime.fromisoformat(row["created_at"]),
            _moment(row["ended_at"]),
            _moment(row["delivered_at"]),
            _moment(row["read_at"]),
            bool(row["stencil"]),
        )
        for row in rows
    ]


def plans(tx: Tx, village: str, period: Period) -> list[Planned]:
    """What was to be written, and why some of it was not."""
    rows = tx.all(Q.plans, village=village, first=str(period.first), last=str(period.last))
    return [_planned(row) for row in rows]


def _planned(row: Any) -> Planned:
    plan = Plan(row["kind"], row["subject"], row["village"], row["period"], row["stage"], row["person"])
    at = datetime.fromisoformat(row["at"])
    return Planned(plan.key, plan.kind, plan.stage, row["name"] or "", at, row["outcome"])


def acts(tx: Tx, village: str) -> list[Act]:
    """What people did about a village, in the order of the chain."""
    return [
        Act(
            row["seq"],
            datetime.fromisoformat(row["at"]),
            row["actor"] or "",
            row["action"],
            json.loads(row["details"]),
            row["hash"].hex(),
        )
        for row in tx.all(Q.acts, object=f"village:{village}")
    ]


def head(tx: Tx) -> tuple[int, str]:
    """The last act of the chain and its hash; (0, "") where nothing was done."""
    row = tx.one(Q.head)
    return (row["seq"], row["hash"].hex()) if row else (0, "")


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
