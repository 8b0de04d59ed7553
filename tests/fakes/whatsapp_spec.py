"""Judges of what is sent to the Cloud API: the published shapes, and the limits that stand in its guides.

`specs/meta-business-messaging-api_v23.0.json` is Meta's own description (github.com/facebook/openapi,
MIT).  It is laxer and stricter than the platform in places that are known; `_mended` says where.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tests.needs import META

_TYPES = {"text": "TextMessage", "document": "DocumentMessage", "image": "ImageMessage",
          "interactive": "InteractiveMessage", "template": "TemplateMessage"}  # fmt: skip
_RUN = re.compile(r"[\n\t]| {5}")


class Shapes:
    """The published shapes; `of` says what is wrong with an object, "" for nothing."""

    def __init__(self, path: Path = META) -> None:
        document = json.loads(path.read_text())
        self._schemas = _mended(document["components"]["schemas"])
        self._validators: dict[str, Draft202012Validator] = {}

    def of(self, schema: str, thing: object) -> str:
        """Why it is not of that schema."""
        if schema not in self._validators:
            whole = {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": self._schemas}}
            self._validators[schema] = Draft202012Validator(whole)
        error = best_match(self._validators[schema].iter_errors(thing))
        return f"{schema} {error.json_path}: {error.message}" if error else ""

    def message(self, payload: Mapping[str, Any]) -> str:
        """Why it is no message, or no mark of having read one."""
        if payload.get("status") == "read":
            return self.of("MarkMessageRequestPayload", payload)
        kind = str(payload.get("type"))
        return self.of(_TYPES[kind], payload) if kind in _TYPES else f"{kind}: no such message"


@cache
def meta() -> Shapes | None:
    """The published shapes, or None where their file is not at hand."""
    return Shapes() if META.is_file() else None


def _mended(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The schemas without their known mistakes.

    1. `additionalProperties: false` inside `allOf` refuses the fields of the other halves, and with
       them `biz_opaque_callback_data` and `recipient`, which the guides describe.
    2. A person without a number is written to by `recipient`; then there is no `to`.
    3. The language of a template needs no `policy`.
    4. The index of a template's button is refused where it is 0 or 1; the guides begin at 0.
    """
    mended = {name: _open(copy.deepcopy(schema)) for name, schema in schemas.items()}
    base = mended["BaseMessageProperties"]
    base["required"] = [name for name in base["required"] if name != "to"]
    base["properties"]["recipient"] = {"type": "string"}
    base["oneOf"] = [{"required": ["to"]}, {"required": ["recipient"]}]
    mended["LanguageObject"]["required"] = ["code"]
    mended["TemplateComponent"]["properties"]["index"]["pattern"] = "^[0-9]$"
    return mended


def _open(schema: Any) -> Any:
    if isinstance(schema, dict):
        closed = schema.get("additionalProperties") is False
        kept = {name: _open(value) for name, value in schema.items() if name != "discriminator"}
        if closed:
            del kept["additionalProperties"]
        return kept
    return [_open(each) for each in schema] if isinstance(schema, list) else schema


# -- the limits as the guides have them, in UTF-16 units ----------------------------------------


def limits(payload: Mapping[str, Any]) -> list[str]:
    """What WhatsApp would refuse of a message, one line each."""
    kind = payload.get("type")
    content = payload.get(str(kind), {})
    match kind:
        case "text":
            return list(_text(content["body"], 4096, "text"))
        case "document" | "image":
            caption = content.get("caption")
            return [] if caption is None else list(_text(caption, 1024, "caption"))
        case "interactive":
            return list(_interactive(content))
        case "template":
            return list(_template(content))
    return [] if payload.get("status") == "read" else [f"{kind}: unknown"]


def _text(text: str, most: int, what: str) -> Iterator[str]:
    units = len(text.encode("utf-16-le")) // 2
    if not text.strip():
        yield f"{what}: empty"
    if units > most:
        yield f"{what}: {units} of {most}"


def _interactive(content: Mapping[str, Any]) -> Iterator[str]:
    yield from _text(content["body"]["text"], 1024, "body")
    action = content["action"]
    if content["type"] == "button":
        replies = [button["reply"] for button in action["buttons"]]
        yield from _options(replies, most=3, title=20, identity=256)
    else:
        yield from _text(action["button"], 20, "button of the list")
        rows = [row for section in action["sections"] for row in section["rows"]]
        yield from _options(rows, most=10, title=24, identity=200)
        for row in rows:
            if "description" in row:
                yield from _text(row["description"], 72, "description")
        if "header" in content:
            yield "a list with a file in its header"


def _options(options: list[Mapping[str, str]], *, most: int, title: int, identity: int) -> Iterator[str]:
    if not 0 < len(options) <= most:
        yield f"{len(options)} options of {most}"
    for name in ("id", "title"):
        if len({option[name] for option in options}) < len(options):
            yield f"two options with one {name}"
    for option in options:
        yield from _text(option["title"], title, "title")
        yield from _text(option["id"], identity, "id")
        if any(text != text.strip() or "\n" in text for text in (option["id"], option["title"])):
            yield "blanks around an option"


def _template(content: Mapping[str, Any]) -> Iterator[str]:
    for component in content.get("components", []):
        for parameter in component["parameters"]:
            text = parameter.get("text", parameter.get("payload", ""))
            yield from _text(text, 1024, "parameter")
            if _RUN.search(text):
                yield "parameter: line breaks or many blanks"
