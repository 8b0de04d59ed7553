"""stub: replaced by the templates helper."""

from collections.abc import Mapping
from typing import Any

from bot.messages import Stencil

KNOCK = "ada_pesan"
IN_PLACE: Mapping[str, str] = {}


def fill(template: str, values: Mapping[str, Any]) -> Stencil | None:
    name = IN_PLACE.get(template)
    return Stencil(name) if name else None
