"""The only door to `templates/`: every sentence the bot says.

Marked text is plain text with one neutral emphasis, `*bold*`, that only templates may use: an
asterisk in what people wrote becomes `LITERAL` and turns back at the channel's border.
"""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import new_context

FOLDER = Path(__file__).parent.parent / "templates"
LITERAL = "\ue000"

_BOLD = re.compile(r"\*([^*\n]+)\*")
_BLANK_LINES = re.compile(r"\n{3,}")


def _neutral(value: Any) -> Any:
    return value.replace("*", LITERAL) if isinstance(value, str) else value


@cache
def environment(*, drawings: bool = False) -> Environment:
    """The templates' environment, undefined values are errors; in drawings (XML) every value is escaped."""
    # Elsewhere that would be wrong: the text is not HTML until a channel makes it so.
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=None if drawings else _neutral,
        autoescape=drawings,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals.clear()  # templates get what they declare, and nothing else
    return made


@cache
def _compiled(name: str) -> Any:
    return environment().get_template(f"{name}.txt")


def render(name: str, values: Mapping[str, Any]) -> str:
    """The marked text of template `name`; an undefined or missing value raises."""
    template = _compiled(name)
    # There are no globals to be copied: a file of nonsense has thousands of reasons.
    context = new_context(template.environment, template.name, template.blocks, dict(values), shared=True)
    text = "".join(template.root_render_func(context))
    return _BLANK_LINES.sub("\n\n", text.strip())


def source(name: str) -> str:
    """A file of `templates/` as it stands there: a page that is set in type from data beside it."""
    return (FOLDER / name).read_text(encoding="utf-8")


def drawing(name: str, values: Mapping[str, Any]) -> str:
    """The drawing (SVG) of template `name`."""
    return environment(drawings=True).get_template(f"{name}.svg").render(values)


def plain(marked: str) -> str:
    """Without emphasis."""
    return _BOLD.sub(r"\1", marked).replace(LITERAL, "*")


def html(marked: str) -> str:
    """Emphasis as <b>, everything else escaped."""
    return _BOLD.sub(r"<b>\1</b>", escape(marked, quote=False)).replace(LITERAL, "*")
