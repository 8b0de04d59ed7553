"""What goes out where a platform takes no free text: texts that it has approved beforehand.

A *stencil* is such a text, `templates/whatsapp/<name>.txt`, in place of one of our own sentences: its
variables are values of that sentence.  What has none of its own is announced by the general one, `KNOCK`,
and leaves when the person writes.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot import texts
from bot.messages import Choice, Stencil

LANGUAGE = "id"
UTILITY = "UTILITY"
KNOCK = "ada_pesan"
#: Our sentence, and the stencil that stands for it.
IN_PLACE: Mapping[str, str] = {
    "reminders/plan": "iuran_rencana",
    "reminders/soon": "iuran_segera",
    "reminders/last": "iuran_besok",
    "reminders/after": "iuran_terlewat",
    "reminders/planned": "iuran_janji",
    "reminders/unregistered": "belum_terdaftar",
    "checking/told_recorded": "bukti_diterima",
    "checking/told_returned": "bukti_kembali",
    "checking/told_reversed": "pencatatan_batal",
    "siaran/meeting_reminder": "acara_pengingat",
    "siaran/meeting_off": "acara_batal",
    "projects/remind_begin": "proyek_mulai",
    "projects/remind_soon": "proyek_termin",
    "projects/remind_after": "proyek_terlewat",
    "projects/remind_plan": "proyek_rencana",
    "incidents/reminder": "kejadian_batas",
    "chat/knock": KNOCK,
}
#: The buttons of a stencil: those that its sentence always has, in their order there, three at most.
BUTTONS: Mapping[str, tuple[str, ...]] = {
    "iuran_rencana": ("Sudah bayar", "Minggu ini", "Senin depan"),
    "iuran_segera": ("Sudah bayar", "Belum"),
    "iuran_besok": ("Sudah bayar", "Belum"),
    "iuran_terlewat": ("Sudah bayar", "Dana belum cair", "Belum dianggarkan"),
    "iuran_janji": ("Sudah bayar", "Belum"),
    "belum_terdaftar": ("Daftarkan orang",),
    "bukti_kembali": ("Laporkan lagi",),
    "pencatatan_batal": ("Laporkan lagi",),
    "proyek_mulai": ("Lihat proyek",),
    "proyek_termin": ("Lihat proyek",),
    "proyek_terlewat": ("Lihat proyek",),
    "proyek_rencana": ("Lengkapi data", "Lihat proyek"),
    "kejadian_batas": ("Lihat kejadian",),
    KNOCK: ("Baca pesan",),
}

#: The most of a value that is sent, in characters; 60 of what is not named here.
LIMITS: Mapping[str, int] = {
    "when": 40, "example": 40, "office": 80, "total": 100, "reason": 120, "place": 120,
}  # fmt: skip
LIMIT = 60
#: Said of a value that is empty: the platform refuses an empty one.
UNSAID: Mapping[str, str] = {
    "name": "Bapak/Ibu",
    "office": "kantor kabupaten",
    "place": "wilayah Bapak/Ibu",
    "reason": "alasannya belum ditulis",
}
UNKNOWN = "(belum tercatat)"
MASK = "••••"
#: What WhatsApp would read as emphasis, and a reviewer as a variable, by signs that look alike.
_ALIKE = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ʻ", "{": "(", "}": ")"})
_BREAKS = {"Zs", "Zl", "Zp"}
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
#: An amount stays; ten digits or more without a letter between them may be a NIK or a telephone number.
_DIGITS = re.compile(r"Rp ?\d{1,3}(?:\.\d{3}){1,3}(?![\W_]*\d)|\d(?:[\W_]*\d){9,}")
_HEADER = re.compile(r"\{# \S+: .+?  Values: (.+)\. #\}")
_SAMPLE = re.compile(r"(\w+) \(([^()]*)\)(?:, |$)")
_VARIABLE = re.compile(r"\{\{ (\w+) \}\}")


@dataclass(frozen=True, slots=True)
class Definition:
    """A stencil as the platform is asked for it: variables stand in `body` as {{name}}."""

    name: str
    body: str
    samples: tuple[tuple[str, str], ...]
    buttons: tuple[str, ...] = ()
    sentence: str = ""  # of ours, for which it stands

    @property
    def components(self) -> list[dict[str, Any]]:
        """Its parts, as the Graph API wants them."""
        body: dict[str, Any] = {"type": "BODY", "text": self.body}
        if self.samples:
            named = [{"param_name": name, "example": sample} for name, sample in self.samples]
            body["example"] = {"body_text_named_params": named}
        if not self.buttons:
            return [body]
        quick = [{"type": "QUICK_REPLY", "text": label} for label in self.buttons]
        return [body, {"type": "BUTTONS", "buttons": quick}]

    @property
    def payload(self) -> dict[str, Any]:
        """The body of POST /<business account>/message_templates."""
        return {
            "name": self.name,
            "language": LANGUAGE,
            "category": UTILITY,
            "parameter_format": "NAMED",
            "components": self.components,
        }


def definitions() -> list[Definition]:
    """All of them, in the order of `IN_PLACE`, the general one last."""
    return [definition(name) for name in IN_PLACE.values()]


@cache
def definition(name: str) -> Definition:
    """One stencil, read from its file."""
    head, _, body = texts.source(f"whatsapp/{name}.txt").partition("\n")
    declared = _HEADER.fullmatch(head)
    return Definition(
        name,
        _VARIABLE.sub(r"{{\1}}", body.strip()),
        tuple(_SAMPLE.findall(declared[1])) if declared else (),
        BUTTONS.get(name, ()),
        next((sentence for sentence, stencil in IN_PLACE.items() if stencil == name), ""),
    )


def fill(template: str, values: Mapping[str, Any]) -> Stencil | None:
    """The stencil of one of our sentences, with the words of its variables; None if it has none."""
    name = IN_PLACE.get(template)
    if name is None:
        return None
    if "total" in values:
        values = {**values, "total": texts.render("words/total", values)}
    return _filled(name, values)


def _filled(name: str, values: Mapping[str, Any]) -> Stencil:
    variables = [variable for variable, _ in definition(name).samples]
    return Stencil(name, tuple((one, words(one, values.get(one, ""))) for one in variables))


def presses(name: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Of the choices of a message those that the buttons of its stencil offer, button by button.

    Ends before the first button that nothing stands behind: its press comes back as its label.
    """
    by_label = {choice.label: choice for choice in choices}
    found = []
    for label in BUTTONS.get(name, ()):
        if label not in by_label:
            break
        found.append(by_label[label])
    return tuple(found)


def read(stencil: Stencil) -> str:
    """What the person reads, as marked text."""
    return texts.render(f"whatsapp/{stencil.name}", dict(stencil.words))


def words(variable: str, value: object) -> str:
    """A value as the platform takes it: one line, nothing hidden, no long number, never empty, not too long."""
    said = unicodedata.normalize("NFC", str(value).replace(texts.LITERAL, "*"))
    said = " ".join("".join(map(_visible, said)).split())
    said = _DIGITS.sub(_masked, said).translate(_ALIKE)
    return _cut(said or UNSAID.get(variable, UNKNOWN), LIMITS.get(variable, LIMIT))


def _visible(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind in _BREAKS or sign in "\t\n\r\v\f\x85":
        return " "
    return "" if kind in _HIDDEN else sign


def _masked(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("Rp") else MASK


def _cut(text: str, limit: int) -> str:
    """Shortened at a word, where one ends in the second half."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    at = kept.rfind(" ")
    return f"{kept[:at] if at > limit // 2 else kept}".rstrip(" ,.;:") + "…"
