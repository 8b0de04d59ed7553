"""Approved texts: each is true to its sentence, and what is filled in is what the platform takes."""

import json
import re
import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import meta

from bot import stencils, texts
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.messages import Address, Choice, Stencil
from bot.store import stencils as kept
from bot.store.database import Store
from bot.store.people import Recipient
from bot.store.records import Plan
from handlers import reminders, unregistered
from tests.test_templates import _labels
from tests.world import laid

NOW = datetime(2026, 10, 8, 1, 0, tzinfo=UTC)
DEFINITIONS = {one.name: one for one in stencils.definitions()}
BILL = {
    "name": "Siti Aminah", "role": "Kaur Keuangan", "place": "Desa Perian, Kec. Muara Muntai",
    "month": "September 2026", "segment": "", "total": "Rp1.584.000", "missing": "", "people": 8,
    "due": "Kamis, 15 Oktober 2026", "when": "3 hari lagi", "example": "13 Oktober", "older": "Agustus 2026",
    "closing": "Kantor kami buka sampai pukul 16.00.", "office": "DPMD", "reason": "bulannya keliru",
    "at": "Selasa, 20 Oktober 2026, 09.00 WITA", "answered": False, "number": 2, "amount": "Rp98.000",
    "until": "Rabu, 25 November 2026, 10.00 WITA",
}  # fmt: skip


def _variables(name: str) -> set[str]:
    return set(meta.find_undeclared_variables(texts.environment().parse(texts.source(f"{name}.txt"))))


def _refused(name: str, said: str) -> str:
    """Why WhatsApp, or we ourselves, would not send this as the value of a variable."""
    if not said.strip() or said != said.strip():
        return "empty, or space at its edge"
    if re.search(r"[\n\t\r\v\f\x85\u2028\u2029]| {4}", said):
        return "newline, tab or four spaces"
    if len(said) > {"place": 120, "reason": 120, "total": 100, "office": 80}.get(name, 60):
        return "too long"
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") for sign in said):
        return "hidden signs"
    if re.search(r"[*_~`{}]", said):
        return "would be read as a mark"
    bare = re.sub(r"Rp ?\d{1,3}(\.\d{3})+", "", said)
    return "a long number" if re.search(r"\d{10}", re.sub(r"[\W_]", "", bare)) else ""


@pytest.mark.parametrize("sentence", sorted(stencils.IN_PLACE))
def test_a_stencil_says_nothing_that_its_sentence_does_not_know(sentence: str) -> None:
    one = stencils.IN_PLACE[sentence]
    assert _variables(f"whatsapp/{one}") <= _variables(sentence)
    assert f"in place of {sentence}," in texts.source(f"whatsapp/{one}.txt").partition("\n")[0]


def test_every_file_is_in_the_register_and_every_one_in_the_register_has_its_file() -> None:
    files = {path.stem for path in (texts.FOLDER / "whatsapp").glob("*.txt")}
    assert files == set(DEFINITIONS)
    assert len(DEFINITIONS) == len(stencils.IN_PLACE)
    assert set(stencils.BUTTONS) <= files


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_the_text_that_is_submitted_is_the_file(name: str) -> None:
    one = DEFINITIONS[name]
    body = texts.source(f"whatsapp/{name}.txt").partition("\n")[2].strip()
    assert one.body == body.replace("{{ ", "{{").replace(" }}", "}}")
    assert {variable for variable, _ in one.samples} == _variables(f"whatsapp/{name}")


@pytest.mark.parametrize("template", sorted(reminders.ANSWERS))
def test_the_buttons_of_a_reminder_are_its_first_answers(template: str) -> None:
    labels = ("Sudah bayar", *(label for _, label in reminders.ANSWERS[template]))
    assert stencils.BUTTONS[stencils.IN_PLACE[f"reminders/{template}"]] == labels[:3]


@pytest.mark.slow
def test_the_other_buttons_are_those_of_the_code() -> None:
    to = Recipient(1, "Siti Aminah", Role.HEAD, Address("whatsapp", "x"))
    plan = Plan("unregistered", "", "64.02.01.2001", "2026-10", "once", 0)
    values = {"place": "Desa Perian", "office": "DPMD"}
    said = unregistered.message(plan, to, values, Month(2026, 10), NOW)
    assert stencils.BUTTONS["belum_terdaftar"] == tuple(choice.label for choice in said.choices)
    assert "Laporkan lagi" in set(_labels())


@pytest.mark.parametrize("sentence", sorted(stencils.IN_PLACE))
def test_a_sentence_is_filled_and_read(sentence: str) -> None:
    filled = stencils.fill(sentence, BILL)
    assert filled is not None
    assert filled.name == stencils.IN_PLACE[sentence]
    assert [one for one in filled.words if _refused(*one)] == []
    said = stencils.read(filled)
    assert all(word in said for _, word in filled.words)
    assert said.count("*") == 2


def test_a_sentence_without_a_stencil_has_none() -> None:
    assert stencils.fill("month/bill", BILL) is None
    assert stencils.fill("siaran/invitation", BILL) is None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Rp1.584.000 untuk 8 orang"),
        ({"missing": "Rp500.000"}, "kurang Rp500.000 dari Rp1.584.000"),
        ({"segment": " peserta mandiri (BPU)"}, "Rp1.584.000 untuk 8 orang peserta mandiri (BPU)"),
        ({"total": "", "people": 0}, "lihat tagihan SIPP"),
        (
            {"total": "", "segment": " peserta mandiri (BPU)"},
            "lihat tagihan SIPP, untuk peserta mandiri (BPU)",
        ),
    ],
)
def test_the_amount_says_what_the_sentence_says(values: dict[str, Any], said: str) -> None:
    bill = {**BILL, "older": "", **values}
    filled = stencils.fill("reminders/soon", bill)
    assert filled is not None
    assert dict(filled.words)["total"] == said
    assert said in texts.plain(texts.render("reminders/soon", bill))


def test_the_amount_names_an_older_month_that_is_open_too() -> None:
    filled = stencils.fill("reminders/soon", {**BILL, "older": "September 2026"})
    assert filled is not None
    told = "Rp1.584.000 untuk 8 orang (iuran September 2026 juga belum tercatat)"
    assert dict(filled.words)["total"] == told


def test_the_general_one_names_who_and_about_where() -> None:
    named = stencils.fill("chat/knock", {"office": "DPMD", "place": "Desa Perian"})
    assert named == Stencil("ada_pesan", (("office", "DPMD"), ("place", "Desa Perian")))
    nameless = stencils.fill("chat/knock", {"office": "", "place": ""})
    assert nameless is not None
    assert stencils.read(nameless).startswith(
        "*Ada pesan untuk Bapak/Ibu dari kantor kabupaten* tentang urusan BPJS Ketenagakerjaan di wilayah Bapak/Ibu."
    )


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("name", "Siti\n\tAminah", "Siti Aminah"),
        ("name", "Siti" + " " * 9 + "Aminah", "Siti Aminah"),
        ("name", "\u202eSiti\u200b Aminah\u2028", "Siti Aminah"),
        ("name", "  \u200b ", "Bapak/Ibu"),
        ("reason", "", "alasannya belum ditulis"),
        ("month", "", "(belum tercatat)"),
        ("name", "Ma’ruf, S.Pd.I., M.M.", "Ma’ruf, S.Pd.I., M.M."),
        ("name", "*Budi* _x_ {{nik}}", "∗Budi∗ ˍxˍ ((nik))"),
        ("name", f"{texts.LITERAL}Budi", "∗Budi"),
        ("reason", "NIK 6402010507850003 keliru", "NIK •••• keliru"),
        ("reason", "NIK 6402 0105 0785 0003 keliru", "NIK •••• keliru"),
        ("reason", "hubungi +62 812-3456-7890", "hubungi +••••"),
        ("reason", "0812_3456_7890", "••••"),
        ("reason", "٠٨١٢٣٤٥٦٧٨٩٠", "••••"),
        ("total", "kurang Rp500.000 dari Rp1.584.000", "kurang Rp500.000 dari Rp1.584.000"),
        ("total", "Rp1.584.000.000 untuk 812 orang", "Rp1.584.000.000 untuk 812 orang"),
        ("total", "Rp6402010507850003", "Rp••••"),
        ("due", "Kamis, 15 Oktober 2026", "Kamis, 15 Oktober 2026"),
        ("at", "Selasa, 20 Oktober 2026, 09.00 WITA", "Selasa, 20 Oktober 2026, 09.00 WITA"),
        ("people", 8, "8"),
    ],
)
def test_a_value_becomes_words_that_the_platform_takes(variable: str, value: object, said: str) -> None:
    assert stencils.words(variable, value) == said
    assert _refused(variable, said) == ""


def test_a_long_value_ends_at_a_word() -> None:
    said = stencils.words("name", "Ni Luh Putu Ayu Sri Wahyuni Dewi Kusumaningrum binti Abdurrahman Saleh")
    assert said == "Ni Luh Putu Ayu Sri Wahyuni Dewi Kusumaningrum binti…"
    assert stencils.words("name", "A" * 80) == "A" * 59 + "…"


_ODD = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="0123456789 .-+/_()\u00a0\u200b\u0660\uff11", max_size=40),
    st.text(alphabet="ab *_~`{}\n\t\r\u202e\u2028\ue000", max_size=200),
    st.integers(),
    st.none(),
)


def _survives(variable: str, value: object) -> None:
    said = stencils.words(variable, value)
    assert _refused(variable, said) == "", (value, said)
    assert stencils.words(variable, said) == said


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["name", "place", "reason", "total", "month", "office"]), _ODD)
def test_no_value_is_refused(variable: str, value: object) -> None:
    _survives(variable, value)


@pytest.mark.slow
@settings(max_examples=5000, deadline=None)
@given(st.sampled_from(["name", "place", "reason", "total", "month", "office"]), _ODD)
def test_no_value_of_five_thousand_is_refused(variable: str, value: object) -> None:
    _survives(variable, value)


def _choices(*labels: str) -> list[Choice]:
    return [Choice(f"n.{number}", label) for number, label in enumerate(labels)]


def test_each_button_presses_the_choice_of_its_name() -> None:
    after = _choices("Sudah bayar", "Dana belum cair", "Belum dianggarkan", "Data salah", "Lainnya")
    assert stencils.presses("iuran_terlewat", after) == tuple(after[:3])
    assert stencils.presses("bukti_kembali", ()) == ()
    assert stencils.presses("acara_pengingat", _choices("Ubah jawaban")) == ()
    assert stencils.presses("iuran_segera", _choices("Belum")) == ()
    assert stencils.presses(stencils.KNOCK, _choices("Baca pesan")) == tuple(_choices("Baca pesan"))


@pytest.fixture(scope="module")
def library() -> ModuleType:
    """Somebody else's idea of what Meta wants."""
    return pytest.importorskip("pywa.types.templates")


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_a_library_asks_for_it_in_the_same_words(library: ModuleType, name: str) -> None:
    one = DEFINITIONS[name]
    parts = [library.BodyText(one.body, **dict(one.samples))]
    if one.buttons:
        parts.append(library.Buttons(buttons=[library.QuickReplyButton(text=label) for label in one.buttons]))
    theirs = library.Template(
        name=name,
        language=library.TemplateLanguage.INDONESIAN,
        category=library.TemplateCategory.UTILITY,
        parameter_format=library.ParamFormat.NAMED,
        components=parts,
    )
    assert json.loads(theirs.to_json()) == one.payload


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with laid(tmp_path / "payung.db") as opened:
        yield opened


async def _note(store: Store, *said: str, later: int = 0) -> bool:
    """Whether it may be sent after this was heard: status, reason, category."""
    at = NOW + timedelta(minutes=later)

    def hear(tx: Any) -> bool:
        kept.note(tx, "ada_pesan", *said, at)
        return kept.approved(tx, "ada_pesan")

    return await store.transact(hear)


async def test_only_what_is_approved_may_be_sent(store: Store) -> None:
    assert not await store.read(lambda tx: kept.approved(tx, "ada_pesan"))
    assert not await _note(store, "PENDING", "", "UTILITY")
    assert await _note(store, "APPROVED", "", "UTILITY", later=1)
    assert await _note(store, "FLAGGED", "", "", later=2)
    assert not await _note(store, "PAUSED", "people complained", "", later=3)
    assert [(one.status, one.category, one.reason) for one in await store.read(kept.all_)] == [
        ("PAUSED", "UTILITY", "people complained")
    ]


async def test_other_news_leaves_the_standing_as_it_was(store: Store) -> None:
    assert await _note(store, "APPROVED", "", "UTILITY")
    assert await _note(store, "RED", "low quality", "", later=1)
    assert await _note(store, "", "", "MARKETING", later=2)
    (one,) = await store.read(kept.all_)
    assert (one.status, one.category, one.reason) == ("APPROVED", "MARKETING", "")


async def test_older_news_that_comes_later_changes_nothing(store: Store) -> None:
    assert not await _note(store, "REJECTED", "INVALID_FORMAT", "UTILITY", later=5)
    assert not await _note(store, "APPROVED", "", "UTILITY", later=4)
    (one,) = await store.read(kept.all_)
    assert one == kept.Known("ada_pesan", "REJECTED", "UTILITY", "INVALID_FORMAT", NOW + timedelta(minutes=5))
