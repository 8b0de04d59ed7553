"""Documents and pictures: set in type in a child process, from a source in `templates/` and plain data.

Data is never a part of a source: what somebody wrote into a name stays text.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import texts
from bot.reports import children

PDF = "application/pdf"
PNG = "image/png"
#: Rows of one PDF; what is longer goes into a sheet, which can be sorted and counted too.
MOST_ROWS = 300
#: After so many seconds the child is killed.
PATIENCE = 25.0
#: Pixels of a picture, which is as wide as a large telephone's screen.
WIDTH = 1080
#: Width of a picture's page in points: of what is drawn on it, a letter of 11 is read on a telephone.
PAGE_WIDTH = 390

_CHILD = Path(__file__).with_name("typesetting.py")
_FONTS = Path(__file__).with_name("fonts")
_FOLDER = "paper_pages"
_BASE = "base.typ"


class NotPrinted(Exception):
    """The document could not be made; says what the child said last."""


async def pdf(page: str, data: Mapping[str, Any]) -> bytes:
    """A document of the page `templates/paper_pages/<page>.typ`."""
    return await _typeset(page, data, "pdf", 72)


async def png(drawing: str) -> bytes:
    """A picture of an SVG drawing."""
    return await _typeset("picture", {"svg": drawing}, "png", 72 * WIDTH / PAGE_WIDTH)


async def _typeset(page: str, data: Mapping[str, Any], shape: str, ppi: float) -> bytes:
    told = {
        "sources": {
            "main.typ": texts.source(f"{_FOLDER}/{page}.typ"),
            _BASE: texts.source(f"{_FOLDER}/{_BASE}"),
        },
        "data": data,
        "format": shape,
        "ppi": ppi,
        "fonts": str(_FONTS),
    }
    child = await children.run(_CHILD, json.dumps(told).encode(), PATIENCE, {})
    if child.code != 0 or not child.made:
        raise NotPrinted(f"{page}: {child.said.decode(errors='replace')[-500:]}")
    return child.made
