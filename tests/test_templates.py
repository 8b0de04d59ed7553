"""What the bot says: each sentence declares its values, is used, is short, and speaks politely."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from jinja2 import meta

from bot import presses, rules
from bot.texts import FOLDER, environment
from handlers import reminders

ROOT = FOLDER.parent
NAMES = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.txt"))
FOLDERS = {name.partition("/")[0] for name in NAMES}

#: Words of offices and programs; people are spoken to in theirs.
_AVOIDED = re.compile(
    r"(?i)\b(?:submit|error|invalid|sesi|payload|opsi|klik|reminder|due date|belum bayar)\b"
)
#: A caption, and a WhatsApp message with buttons, end here.
LONGEST = 1024


def _source(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def _declared(name: str) -> set[str]:
    first = _source(name).partition("\n")[0]
    found = re.fullmatch(r"\{# (\S+): .+?[.?!]  Values: (.+)\. #\}", first)
    assert found, f"{name}: the first line says {first!r}"
    assert found[1] == name
    without_notes = re.sub(r"\([^()]*\)", "", found[2])
    return set() if found[2] == "none" else {value.strip() for value in without_notes.split(",")}


def _used(name: str) -> set[str]:
    return set(meta.find_undeclared_variables(environment().parse(_source(name))))


@cache
def _nodes() -> tuple[ast.AST, ...]:
    """Everything that is written in the code."""
    paths = (*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py"))
    return tuple(node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _constants() -> Iterator[tuple[str, bool]]:
    """Names of templates in the code, and beginnings of names that are put together there."""
    for node in _nodes():
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield str(node.values[0].value), True
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, False


def _named() -> tuple[set[str], set[str]]:
    found = [(text, begun) for text, begun in _constants() if text.partition("/")[0] in FOLDERS]
    whole = {text for text, begun in found if not begun and re.fullmatch(r"\w+/[\w-]+", text)}
    return whole, {text for text, begun in found if begun and text.endswith("/")}


def _said(name: str) -> str:
    """The sentence itself: no declaration, no marks of the template language."""
    body = _source(name).partition("\n")[2]
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", body, flags=re.DOTALL)


def test_the_first_line_declares_exactly_the_values_that_are_used() -> None:
    assert {name: _declared(name) for name in NAMES} == {name: _used(name) for name in NAMES}


def test_every_template_named_in_the_code_exists() -> None:
    whole, _ = _named()
    assert {name for name in whole if name not in NAMES} == set()


def test_every_template_is_used() -> None:
    whole, begun = _named()
    whole |= {part for name in NAMES for part in re.findall(r'{% include "(\S+)\.txt" %}', _source(name))}
    assert {name for name in NAMES if name not in whole and not name.startswith(tuple(begun))} == set()


def test_every_stage_of_a_reminder_has_its_sentence() -> None:
    stages = {stage.name for stage in rules.load().stages(date(2026, 12, 1))}
    assert stages
    assert stages <= set(reminders.TEMPLATES)
    assert {f"reminders/{template}" for template in reminders.TEMPLATES.values()} <= set(NAMES)


def test_a_sentence_uses_peoples_words() -> None:
    said = {name: _AVOIDED.findall(_said(name)) for name in NAMES}
    assert {name: words for name, words in said.items() if words} == {}


def test_a_sentence_leaves_room_for_its_values() -> None:
    assert {name for name in NAMES if len(_said(name)) > LONGEST // 2} == set()


def test_labels_of_buttons_use_peoples_words_and_fit() -> None:
    labels = list(_labels())
    assert labels
    assert [label for label in labels if _AVOIDED.search(label)] == []
    assert [label for label in labels if len(label) > 30] == []


def _labels() -> Iterator[str]:
    for call in _nodes():
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Choice" and len(call.args) > 1:
            label = call.args[1]
            if isinstance(label, ast.Constant):
                yield str(label.value)


#: What whoever defrauds people asks for; the bot only ever says that it does not.
_ASKED_BY_FRAUDS = re.compile(
    r"(?i)\b(otp|kode verifikasi|pin (?:bank|atm)|m-?banking|cvv|transfer|kirim(?:kan)? (?:uang|dana|pulsa))\b"
)
_REFUSED = re.compile(r"(?i)\b(?:tidak pernah meminta|jangan(?: memberi)?|tidak pernah memintanya)\b")


def test_nothing_asks_for_a_code_a_bank_pin_or_money() -> None:
    found = []
    for name in NAMES:
        for sentence in re.split(r"[.?!\n;]", _said(name)):
            if _ASKED_BY_FRAUDS.search(sentence) and not _REFUSED.search(sentence):
                found.append((name, sentence))
    assert found == []


#: Numbered lines that are choices, or go with buttons of their own.
CHOOSING = {
    "answers/unknown", "chat/choose", "chat/undecided", "form/left_several", "projects/ask_more_workers", "projects/load_review",
    "start/ask_role", "start/which_place",
}  # fmt: skip


def test_a_list_with_numbers_is_known_to_have_them() -> None:
    """Below such a list a number that would do harm is not taken for the question above: see `bot.presses`."""
    numbered = {name for name in NAMES if re.search(r"\{\{ (?:\w+ \+ )?loop\.index0? \}\}", _source(name))}
    assert numbered - CHOOSING == set(presses.LISTS)
    assert numbered >= CHOOSING
