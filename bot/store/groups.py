"""How many people of a district are registered in each of its groups."""

from typing import NamedTuple

from bot.store.database import Tx, queries

Q = queries(__file__)


class Size(NamedTuple):
    """People registered and not ended, in how many villages."""

    people: int = 0
    villages: int = 0


def sizes(tx: Tx, district: str) -> dict[str, Size]:
    """By the code of the group; those without anybody are left out."""
    return {
        row["category"]: Size(row["people"], row["villages"]) for row in tx.all(Q.sizes, district=district)
    }
