"""The official description of the Bot API as a judge of calls, answers and updates.

`specs/telegram-bot-api.json` is the machine-readable form of https://core.telegram.org/bots/api.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

SPECS = Path(__file__).parents[3] / "shared" / "specs"
TELEGRAM = SPECS / "telegram-bot-api.json"

_WHOLE = re.compile(r"-?\d{1,18}")
_PLAIN = {"Integer", "Float", "Boolean", "String"}


class Spec:
    """Checks return what is wrong, one line each: nothing wrong, no lines."""

    def __init__(self, path: Path = TELEGRAM) -> None:
        document = json.loads(path.read_text())
        self.methods: Mapping[str, Any] = document["methods"]
        self.types: Mapping[str, Any] = document["types"]

    def request(self, method: str, parameters: Mapping[str, object]) -> list[str]:
        """What is wrong with a call; values as they came: text where the request was a form."""
        described = self.methods.get(method)
        if described is None:
            return [f"{method}: no such method"]
        fields = described.get("fields", [])
        values = {
            field["name"]: _decoded(field["types"], parameters[field["name"]])
            for field in fields
            if field["name"] in parameters
        }
        unknown = parameters.keys() - {field["name"] for field in fields}
        return [f"{method}.{name}: no such parameter" for name in unknown] + self._fields(
            fields, values, method
        )

    def response(self, method: str, result: object) -> list[str]:
        """What is wrong with the result of a call."""
        return self._any(self.methods[method]["returns"], result, method)

    def thing(self, type_name: str, value: object) -> list[str]:
        """What is wrong with one object."""
        return self._one(type_name, value, type_name)

    def _fields(
        self, fields: Sequence[Mapping[str, Any]], value: Mapping[str, object], path: str
    ) -> list[str]:
        wrong = []
        for field in fields:
            name = field["name"]
            if name in value:
                wrong += self._any(field["types"], value[name], f"{path}.{name}")
            elif field["required"]:
                wrong.append(f"{path}.{name}: missing")
        return wrong

    def _any(self, types: Sequence[str], value: object, path: str) -> list[str]:
        """Wrong only if none of the types fits; then by the one that fits best."""
        return min((self._one(name, value, path) for name in types), key=len)

    def _one(self, name: str, value: object, path: str) -> list[str]:
        if name.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{path}: not an array"]
            return [line for item in value for line in self._one(name[9:], item, f"{path}[]")]
        if name in _PLAIN:
            return [] if _is_plain(name, value) else [f"{path}: not {name}"]
        described = self.types[name]
        if "subtypes" in described:
            return self._any(described["subtypes"], value, path)
        return self._object(described, value, path)

    def _object(self, described: Mapping[str, Any], value: object, path: str) -> list[str]:
        fields = described.get("fields", [])
        if not fields:  # InputFile and the events that are empty today
            return []
        if not isinstance(value, dict):
            return [f"{path}: not {described['name']}"]
        unknown = value.keys() - {field["name"] for field in fields}
        return [f"{path}.{key}: no such field" for key in unknown] + self._fields(fields, value, path)


def _is_plain(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return name == "Boolean"
    kinds: Mapping[str, Any] = {"Integer": int, "Float": int | float, "String": str, "Boolean": bool}
    return isinstance(value, kinds[name])


def _decoded(types: Sequence[str], value: object) -> object:
    """A form's text as what the method wants: nested values come as JSON, numbers as digits."""
    if not isinstance(value, str) or "String" in types or "InputFile" in types:
        if types[0] == "Integer" and isinstance(value, str) and _WHOLE.fullmatch(value):
            return int(value)
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


@cache
def telegram() -> Spec | None:
    """The specification, or None where its file is not at hand."""
    return Spec() if TELEGRAM.is_file() else None
