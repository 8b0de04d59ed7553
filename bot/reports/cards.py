"""Photos of identity cards, read in a child process where the extra `ocr` is installed; never kept."""

import importlib.util
import json
from datetime import date
from pathlib import Path

from bot.domain import identity_card
from bot.domain.identity_card import Card, Piece
from bot.reports import children

#: Bytes of a photo that is looked at: what the chat apps make of one is a tenth of it.
LARGEST = 5 * 1024 * 1024
#: After so many seconds the child is killed; on a small machine a card takes ten.
PATIENCE = 45.0

_READER = Path(__file__).with_name("card_reading.py")
_FEW = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def available() -> bool:
    """Whether this machine can read photos at all."""
    return importlib.util.find_spec("rapidocr") is not None


async def read(data: bytes, today: date) -> Card | None:
    """What stands on the card; None where nothing could be read for certain."""
    try:
        child = await children.run(_READER, data, PATIENCE, _FEW)
        told = json.loads(child.made or b"[]")
    except (TimeoutError, ValueError):
        return None
    pieces = [Piece(text, sure, [(x, y) for x, y in corners]) for text, sure, corners in told]
    return identity_card.read(pieces, today)
