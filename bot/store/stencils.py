"""stub: replaced by the templates helper."""

from datetime import datetime

from bot.store.database import Tx


def approved(tx: Tx, name: str) -> bool:
    return False


def heard(tx: Tx, name: str, status: str, reason: str, now: datetime) -> None:
    """."""
