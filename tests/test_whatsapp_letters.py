"""How letters look in WhatsApp: nothing too long, nothing lost, everything to be reached, marks as written."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import stencils
from bot.channels.splitting import written
from bot.channels.whatsapp_letters import CHOOSE, MORE, PICTURE_LIMIT, Part, parts, shown
from bot.messages import Address, Choice, Document, Letter, Stencil
from bot.texts import LITERAL, plain
from tests.fakes import whatsapp_spec
from tests.fakes.whatsapp_spec import limits

SITI = Address("whatsapp", "siti")
SHEET = Document("Iuran Desa Perian.xlsx", "application/vnd.ms-excel", b"PK")
PICTURE = Document("tren.png", "image/png", b"\x89PNG")

ANY = st.text(st.characters(), max_size=300)
MARKED = st.text(alphabet=f"ab1 .*_~`\n😀é{LITERAL}", max_size=200)
LONG = st.builds(lambda text, times: text * times, MARKED, st.integers(1, 60))
LABELS = st.lists(st.one_of(st.text(max_size=100), st.sampled_from(["Ya", "ya", "Desa Muara Muntai Ilir",
    "Desa Muara Muntai Ulu dan sekitarnya", "Desa Muara Muntai Ulu dan lain"])), max_size=40)  # fmt: skip
FILES = st.sampled_from([None, SHEET, PICTURE])


def choices(labels: list[str], nonce: str = "a1b2c3") -> tuple[Choice, ...]:
    return tuple(Choice(f"{nonce}.{n}", label, "catatan " * (n % 15)) for n, label in enumerate(labels))


def payload(part: Part) -> dict[str, Any]:
    """The request that is made of a part; `test_whatsapp_sending` sees the real ones."""
    whole = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "6281234500001"}
    return whole | {"type": part.kind, part.kind: part.content, "biz_opaque_callback_data": "7"}


def wrong(found: list[Part]) -> list[str]:
    """What the platform would not take, by its limits and by its description where that is at hand."""
    payloads = [payload(part) for part in found]
    lines = [line for each in payloads for line in limits(each)]
    if shapes := whatsapp_spec.meta():
        lines += [line for each in payloads if (line := shapes.message(each))]
    return lines


def said(part: Part) -> str:
    """The text that people see."""
    content: dict[str, Any] = part.content
    if part.kind == "interactive":
        content = content["body"]
    return str(content.get("body", content.get("text", content.get("caption", ""))))


def options(part: Part) -> list[tuple[str, str]]:
    """Id and title of each button or row."""
    action: Any = part.content["action"]
    found = (
        [button["reply"] for button in action["buttons"]]
        if "buttons" in action
        else action["sections"][0]["rows"]
    )
    return [(each["id"], each["title"]) for each in found]


def bare(text: str) -> str:
    """What is left of a text without blanks and marks, in plain letters."""
    return re.sub(r"[\s*]", "", text.replace(LITERAL, "").replace("＊", "")).translate(
        {ord(wide): unicodedata.normalize("NFKC", wide) for wide in "＿～｀"}
    )


@given(st.one_of(ANY, LONG), LABELS, FILES)
@example("* *", ["Ya"], None)
@example("* *", [], SHEET)
@example("* *", [], None)
def test_whatever_is_said_is_within_the_limits(text: str, labels: list[str], file: Document | None) -> None:
    found = parts(Letter(SITI, text, choices=choices(labels), attachment=file), "1003383421387256")
    assert wrong(found) == []
    assert found or not (shown(text).strip() or labels or file)


@given(LONG, LABELS, FILES)
def test_nothing_of_a_text_is_lost_and_the_choices_come_last(
    text: str, labels: list[str], file: Document | None
) -> None:
    found = parts(Letter(SITI, text, choices=choices(labels), attachment=file), "1")
    whole = "".join(bare(said(part)) for part in found if said(part) != CHOOSE)
    assert whole == bare(text)
    if labels:
        assert [part.kind for part in found].count("interactive") == 1
        assert found[-1].kind == "interactive"


@given(LABELS.filter(bool))
def test_every_choice_can_be_reached(labels: list[str]) -> None:
    offered = choices(labels)
    reached: list[str] = []
    begun = 0
    while begun < len(offered):
        shown_now = options(parts(Letter(SITI, "Pilih desa", choices=offered[begun:]))[-1])
        reached += [identity for identity, title in shown_now if title != MORE or ".+" not in identity]
        more = [identity for identity, _ in shown_now if ".+" in identity]
        begun = int(more[0].partition(".+")[2]) if more else len(offered)
        assert more in ([], [f"a1b2c3.+{len(reached)}"])
    assert reached == [choice.id for choice in offered]


def test_up_to_three_short_choices_are_buttons_and_the_others_a_list() -> None:
    def form(*labels: str) -> str:
        return str(parts(Letter(SITI, "Sudah benar?", choices=choices(list(labels))))[-1].content["type"])

    assert form("Ya") == form("Ya", "Tidak", "x" * 20) == form("😀" * 10) == "button"
    assert form("Ya", "x" * 21) == form("😀" * 11) == form("1", "2", "3", "4") == form("Ya", "ya") == "list"


def test_a_long_label_is_whole_in_its_note_and_a_short_one_has_its_own() -> None:
    labels = ["Desa Muara Muntai Ulu dan sekitarnya", "Perian", "Perian", "Muara-muntai-ilir-seberang-kota"]
    found: Any = parts(Letter(SITI, "Desa?", choices=choices(labels)))[0].content
    assert found["action"]["button"] == "Pilih"
    assert found["action"]["sections"][0]["rows"] == [
        {"id": "a1b2c3.0", "title": "Desa Muara Muntai Ulu…", "description": labels[0]},
        {"id": "a1b2c3.1", "title": "Perian", "description": "catatan"},
        {"id": "a1b2c3.2", "title": "Perian (2)", "description": "Perian"},
        {"id": "a1b2c3.3", "title": "Muara-muntai-ilir-seber…", "description": labels[3]},
    ]


def test_ten_choices_fit_and_of_eleven_nine_are_shown() -> None:
    ten, eleven = (options(parts(Letter(SITI, "x", choices=choices([f"Desa {n}" for n in range(count)])))[0])
                   for count in (10, 11))  # fmt: skip
    assert ten[-1] == ("a1b2c3.9", "Desa 9")
    assert eleven[-2:] == [("a1b2c3.8", "Desa 8"), ("a1b2c3.+9", "Lainnya »")]


def test_of_a_long_question_the_last_paragraphs_stand_beside_the_buttons() -> None:
    text = "\n\n".join(["baris pertama " * 60, "Periksa dulu.", "Sudah benar?"])
    found = parts(Letter(SITI, text, choices=choices(["Ya", "Tidak"])))
    assert [part.kind for part in found] == ["interactive"]
    found = parts(Letter(SITI, "awal " * 100 + "\n\n" + text, choices=choices(["Ya", "Tidak"])))
    assert [part.kind for part in found] == ["text", "interactive"]
    assert said(found[1]) == text


def test_a_file_comes_with_its_caption_or_its_buttons_or_before_its_list() -> None:
    def forms(document: Document, labels: list[str]) -> list[dict[str, Any]]:
        letter = Letter(SITI, "*Iuran* Perian", choices=choices(labels), attachment=document)
        return [{part.kind: part.content} for part in parts(letter, "77")]

    assert forms(SHEET, []) == [
        {"document": {"id": "77", "filename": SHEET.name, "caption": "*Iuran* Perian"}}
    ]
    assert forms(PICTURE, []) == [{"image": {"id": "77", "caption": "*Iuran* Perian"}}]
    asked = forms(SHEET, ["Ya", "Tidak"])[0]["interactive"]
    assert asked["header"] == {"type": "document", "document": {"id": "77", "filename": SHEET.name}}
    assert forms(PICTURE, ["Ya"])[0]["interactive"]["header"] == {"type": "image", "image": {"id": "77"}}
    file, listed = forms(SHEET, list("abcd"))
    assert file == {"document": {"id": "77", "filename": SHEET.name}}
    assert listed["interactive"]["body"] == {"text": "*Iuran* Perian"}


def test_a_picture_that_is_too_large_goes_as_a_document() -> None:
    large = Document("peta.png", "image/png", b"x" * (PICTURE_LIMIT + 1))
    assert parts(Letter(SITI, "", attachment=large), "1")[0].kind == "document"


# -- approved texts -----------------------------------------------------------------------------


def test_an_approved_text_goes_instead_of_everything_else() -> None:
    stencil = Stencil("iuran_jatuh_tempo", (("nama", "Siti Aminah"), ("bulan", "November 2026")))
    letter = Letter(
        SITI,
        "tidak dikirim",
        choices=choices(["Sudah", "Belum", "Nanti", "Lain"]),
        stencil=stencil,
        attachment=SHEET,
    )
    (part,) = parts(letter)
    assert wrong([part]) == []
    assert part == Part("template", {
        "name": "iuran_jatuh_tempo",
        "language": {"code": "id"},
        "components": [
            {"type": "body", "parameters": [
                {"type": "text", "parameter_name": "nama", "text": "Siti Aminah"},
                {"type": "text", "parameter_name": "bulan", "text": "November 2026"},
            ]},
            *({"type": "button", "sub_type": "quick_reply", "index": str(n),
               "parameters": [{"type": "payload", "payload": f"a1b2c3.{n}"}]} for n in range(3)),
        ],
    })  # fmt: skip


@given(
    st.lists(st.tuples(st.from_regex(r"[a-z]{1,9}", fullmatch=True), st.text(max_size=60)), max_size=5),
    LABELS,
)
def test_any_words_fit_an_approved_text(words: list[tuple[str, str]], labels: list[str]) -> None:
    stencil = Stencil("iuran", tuple((name, stencils.words(name, word)) for name, word in words))
    found = parts(Letter(SITI, "", choices=choices(labels), stencil=stencil))
    assert wrong(found) == []


# -- marks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "marked, seen",
    [
        ("*Halo* Siti", "*Halo* Siti"),
        ("* Halo * Siti", " *Halo*  Siti"),
        ("x*Halo* *Halo*x", "xHalo Halox"),
        ("*a**b*", "ab"),
        ("** *", "＊ "),
        (f"{LITERAL}Siti{LITERAL}", "＊Siti＊"),
        ("_miring_ ~coret~ `kode`", "＿miring＿ ～coret～ ｀kode｀"),
        ("*_Siti_*", "*＿Siti＿*"),
        ("siti_aminah@desa.id", "siti_aminah@desa.id"),
        ("https://t.me/payung_bot?start=_K7-~x", "https://t.me/payung_bot?start=_K7-~x"),
        ("*https://payung.id/_a*", "*https://payung.id/_a*"),
        ("<Budi & Sons>", "<Budi & Sons>"),
    ],
)
def test_marks_are_bold_or_literal(marked: str, seen: str) -> None:
    assert shown(marked) == seen


_SIGNS = {sign: re.compile(rf"(?<![^\W_]){re.escape(sign)}(?=\S)([^{sign}\n]+?)(?<=\S){re.escape(sign)}(?![^\W_])")
          for sign in "*_~`"}  # fmt: skip


def formatted(text: str) -> Iterator[tuple[str, str]]:
    """What WhatsApp would format in a text, as far as its rules are known."""
    for sign, pattern in _SIGNS.items():
        yield from ((sign, found[1]) for found in pattern.finditer(text))


@given(MARKED)
def test_what_people_write_is_never_formatted(text: str) -> None:
    value = text.replace("*", LITERAL)
    assert list(formatted(shown(value))) == []
    assert unicodedata.normalize("NFKC", shown(value)) == unicodedata.normalize("NFKC", plain(value))
    assert written(shown(value)) == written(value)


@given(st.text(alphabet=f"ab1 ._~`😀é{LITERAL}", max_size=40).map(str.strip).filter(bool))
def test_only_what_a_template_makes_bold_is_bold(name: str) -> None:
    assert list(formatted(shown(f"Halo *{name}*, apa kabar?"))) == [("*", shown(name))]


def test_rows_that_begin_alike_show_the_words_in_which_they_differ() -> None:
    labels = [f"Pembangunan jalan usaha tani RT 0{number}" for number in range(1, 7)]
    found: Any = parts(Letter(SITI, "Proyek?", choices=choices(labels)))[0].content
    rows = found["action"]["sections"][0]["rows"]
    assert [row["title"] for row in rows] == [f"…jalan usaha tani RT 0{number}" for number in range(1, 7)]
    assert [row["description"] for row in rows] == labels
