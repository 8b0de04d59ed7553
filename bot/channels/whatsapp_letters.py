"""How a letter looks in WhatsApp: texts, up to three buttons, a list, a file, an approved template.

The limits are those of https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages,
counted in UTF-16 units, the narrowest way of counting.  WhatsApp reads `*`, `_`, `~` and backticks
as marks and knows no way to escape them.  Those that mean nothing are written in full width: every
phone can draw them, no WhatsApp formats them, and NFKC turns them back when somebody copies them to
us.  (An invisible joiner beside the sign would keep the sign, but clients differ in what they make
of it.)  An underscore within a word, and addresses of pages, are literal as they are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.splitting import furthest, last, split, written
from bot.messages import Choice, Document, Letter, Stencil
from bot.stencils import LANGUAGE
from bot.texts import LITERAL

TEXT_LIMIT = 4096
BODY_LIMIT = 1024  # of a message with buttons or a list, and of a caption
BUTTONS = 3
BUTTON_LIMIT = 20
ROWS = 10
TITLE_LIMIT = 24
NOTE_LIMIT = 72
PICTURES = ("image/png", "image/jpeg")
PICTURE_LIMIT = 5 * 1024 * 1024  # bytes; a larger one goes as a document
CHOOSE = "Pilih"
MORE = "Lainnya »"
NOTHING = "-"  # in place of an empty label, which WhatsApp refuses

_WIDE = str.maketrans({"*": "＊", "_": "＿", "~": "～", "`": "｀", LITERAL: "＊"})
_BOLD = re.compile(r"\*([^*\n]+)\*")
_MARKS = re.compile(rf"(https?://[^\s*`{LITERAL}]+|(?<=[^\W_])_(?=[^\W_]))|[*_~`{LITERAL}]")
_BROKEN = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Part:
    """One message: its type, and the object of that name in the request."""

    kind: str
    content: dict[str, object]


def parts(letter: Letter, media: str = "") -> list[Part]:
    """The messages a letter goes out as, in their order; `media` is the id of its uploaded file."""
    if letter.stencil is not None:
        return [_template(letter.stencil, letter.choices)]
    text = _BROKEN.sub("\ufffd", letter.text).strip()
    if letter.attachment is not None:
        return _with_file(text, letter.choices, letter.attachment, media)
    return _asked(text, letter.choices) if letter.choices else _texts(text)


def shown(marked: str) -> str:
    """Marked text as WhatsApp's own: emphasis where WhatsApp would see it, all else literal."""
    pieces = []
    end = 0
    for found in _BOLD.finditer(marked):
        pieces += [_literal(marked[end : found.start()]), _bold(found)]
        end = found.end()
    return "".join([*pieces, _literal(marked[end:])])


def _bold(found: re.Match[str]) -> str:
    """WhatsApp sees a mark only at the border of a word, with no blank on its inner side."""
    marked, inner = found.string, found[1].strip()
    beside = marked[found.start() - 1 : found.start()] + marked[found.end() : found.end() + 1]
    if not inner or any(each.isalnum() or each == "*" for each in beside):
        return _literal(found[1])
    before, _, after = found[1].partition(inner)
    return f"{before}*{_literal(inner)}*{after}"


def _literal(text: str) -> str:
    return _MARKS.sub(lambda found: found[1] or found[0].translate(_WIDE), text)


# -- texts, buttons, lists ----------------------------------------------------------------------


def _texts(marked: str) -> list[Part]:
    pieces = [shown(piece).strip() for piece in split(marked, TEXT_LIMIT, written)]
    return [Part("text", {"body": piece, "preview_url": False}) for piece in pieces if piece]


def _asked(text: str, choices: Sequence[Choice], header: dict[str, object] | None = None) -> list[Part]:
    """A question: what does not fit beside its choices goes before them."""
    before, body = last(text, BODY_LIMIT)
    content: dict[str, object] = {"type": "button" if _fits_buttons(choices) else "list"}
    if header:
        content["header"] = header
    content["body"] = {"text": shown(body).strip() or CHOOSE}
    content["action"] = _buttons(choices) if _fits_buttons(choices) else _list(choices)
    return [*_texts(before), Part("interactive", content)]


def _fits_buttons(choices: Sequence[Choice]) -> bool:
    labels = [_label(choice.label) for choice in choices]
    distinct = len({label.casefold() for label in labels}) == len(labels)
    return len(labels) <= BUTTONS and distinct and all(written(label) <= BUTTON_LIMIT for label in labels)


def _buttons(choices: Sequence[Choice]) -> dict[str, object]:
    replies = [{"id": choice.id, "title": _label(choice.label)} for choice in choices]
    return {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}


def _list(choices: Sequence[Choice]) -> dict[str, object]:
    """At most ten rows; of more choices nine, and one behind which the others are.

    The id of that one is the token of the first choice left out, with a plus before its number.
    """
    more = choices[ROWS - 1 :] if len(choices) > ROWS else ()
    taken = {MORE.casefold()} if more else set()
    rows = []
    shown = choices[: ROWS - 1] if more else choices
    for choice, short in zip(shown, _shortened([_label(choice.label) for choice in shown]), strict=True):
        title = _unique(short, taken)
        row = {"id": choice.id, "title": title}
        if note := _note(choice, title):
            row["description"] = note
        rows.append(row)
    if more:
        nonce, _, number = more[0].id.rpartition(".")
        rows.append({"id": f"{nonce}.+{number}", "title": MORE})
    return {"button": CHOOSE, "sections": [{"rows": rows}]}


def _shortened(labels: Sequence[str]) -> list[str]:
    """Their first words, or their last ones where it is only there that they differ."""
    first = [_short(label, TITLE_LIMIT) for label in labels]
    return [
        _tail(label, TITLE_LIMIT) if short != label and first.count(short) > 1 else short
        for label, short in zip(labels, first, strict=True)
    ]


def _tail(text: str, limit: int) -> str:
    """An ellipsis and the last words that fit."""
    words = text.split()
    for at in range(1, len(words)):
        tail = f"…{' '.join(words[at:])}"
        if written(tail) <= limit:
            return tail
    return _short(text, limit)


def _unique(label: str, taken: set[str]) -> str:
    """A title that no other row has: shortened, and numbered where that is not enough."""
    title, number = _short(label, TITLE_LIMIT), 1
    while title.casefold() in taken:
        number += 1
        mark = f" ({number})"
        title = _short(label, TITLE_LIMIT - len(mark)) + mark
    taken.add(title.casefold())
    return title


def _note(choice: Choice, title: str) -> str:
    """The whole label where the title is not, else what is said of the choice."""
    label = _label(choice.label)
    note = label if title != label else " ".join(_BROKEN.sub("\ufffd", choice.note).split())
    return _short(note.replace(LITERAL, "*"), NOTE_LIMIT)


def _label(text: str) -> str:
    """One line, and never none; titles know no emphasis."""
    return " ".join(_BROKEN.sub("\ufffd", text).replace(LITERAL, "*").split()) or NOTHING


def _short(text: str, limit: int) -> str:
    """As it is, or its first words and an ellipsis."""
    if written(text) <= limit:
        return text
    head = text[: furthest(iter(text), limit - 1)]
    if text[len(head)] != " " and (border := head.rfind(" ")) > 0:
        head = head[:border]
    return f"{head.rstrip()}…"


# -- files and templates ------------------------------------------------------------------------


def _with_file(text: str, choices: Sequence[Choice], document: Document, media: str) -> list[Part]:
    """A file with its caption; buttons stand under the file itself, a list in a message of its own."""
    picture = document.mime in PICTURES and len(document.data) <= PICTURE_LIMIT
    kind = "image" if picture else "document"
    file: dict[str, object] = {"id": media}
    if not picture:
        file["filename"] = _BROKEN.sub("\ufffd", document.name)
    if choices and _fits_buttons(choices):
        return _asked(text, choices, {"type": kind, kind: file})
    if choices:
        return [Part(kind, file), *_asked(text, choices)]
    before, caption = last(text, BODY_LIMIT)
    if caption := shown(caption).strip():
        file["caption"] = caption
    return [*_texts(before), Part(kind, file)]


def _template(stencil: Stencil, choices: Sequence[Choice]) -> Part:
    """An approved text with its words, as `bot.stencils.words` made them; its buttons get their tokens."""
    words = [{"type": "text", "parameter_name": name, "text": word} for name, word in stencil.words]
    components: list[dict[str, object]] = [{"type": "body", "parameters": words}] if words else []
    for index, choice in enumerate(choices[:BUTTONS]):
        pressed = {"type": "payload", "payload": choice.id}
        components.append(
            {"type": "button", "sub_type": "quick_reply", "index": str(index), "parameters": [pressed]}
        )
    content: dict[str, object] = {"name": stencil.name, "language": {"code": LANGUAGE}}
    return Part("template", content | ({"components": components} if components else {}))
