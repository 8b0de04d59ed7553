"""What the bot is measured against: the same registration, written as python-telegram-bot's guide shows.

`ConversationHandler` with `PicklePersistence`, the library's own polling and transport, no rate
limiter; the same questions, buttons and messages, plain validation in place of ours.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

NOTICE = (
    "Sebelum mulai, tentang data pribadi:\n"
    "Yang melihat: petugas desa ini, Dinas Pemberdayaan Masyarakat dan Desa Kabupaten Kutai Kartanegara, "
    "dan BPJS Ketenagakerjaan.\n"
    "Gunanya hanya untuk kepesertaan jaminan sosial; disimpan selama terdaftar dan 5 tahun sesudahnya.\n"
    "Ingin melihat, mengoreksi, atau menghapus: ketik <b>DATA SAYA</b>."
)
ASK = {
    "name": "(1 dari 9) Siapa nama lengkapnya? Tulis seperti di KTP.\n"
    "Kapan saja boleh ketik KEMBALI, NANTI, atau BATAL.",
    "nik": "(2 dari 9) Berapa NIK {name}?\n16 angka di KTP, boleh pakai spasi.",
    "birth": "(3 dari 9) Menurut NIK: lahir {born}, {sex}. Benar?\n"
    "Kalau di KTP lain, ketik tanggal lahir yang di KTP.",
    "place": "(4 dari 9) Lahir di mana? Cukup kota atau kabupatennya, seperti di KTP.",
    "mother": "(5 dari 9) Siapa nama ibu kandung {name}?\n"
    "Seperti di KK. BPJS memintanya untuk mencocokkan data.",
    "phone": "(6 dari 9) Nomor HP-nya?\nContoh: 0812 3456 7890",
    "position": "(7 dari 9) Apa jabatannya?\nPilih, atau ketik saja, misalnya: kasi pelayanan",
    "wage": "(8 dari 9) Berapa upah sebulan yang dilaporkan? Boleh ditulis 2,5 jt.\n"
    "Pilih atau ketik jumlahnya.",
    "since": "(9 dari 9) Mulai bertugas tanggal berapa, menurut SK?\nContoh: 2 Januari 2024",
}
REVIEW = (
    "Periksa dulu:\n1 Nama: {name}\n2 NIK: ••••{tail}\n3 Lahir: {born}, {sex}\n4 Tempat lahir: {place}\n"
    "5 Ibu kandung: {first}•••••\n6 Nomor HP: ••••{phone_tail}\n7 Jabatan: {position}\n"
    "8 Upah sebulan: Rp{wage}\n9 Mulai bertugas: {since}\n"
    "Ada yang salah? Ketik UBAH dan nomornya, misalnya: ubah 3"
)
SAVED = (
    "{name} tersimpan pukul {at} WITA, status: diajukan.\n"
    "BPJS Ketenagakerjaan perlu menerimanya dulu; DPMD mengabari. Bapak/Ibu tidak perlu melakukan apa-apa."
)
POSITIONS = (
    "Kepala Desa", "Sekretaris Desa", "Kaur Tata Usaha dan Umum", "Kaur Keuangan", "Kaur Perencanaan",
    "Kasi Pemerintahan", "Kasi Kesejahteraan", "Kasi Pelayanan", "Kepala Dusun", "Ketua BPD",
    "Wakil Ketua BPD", "Sekretaris BPD", "Anggota BPD", "Ketua RT", "Sekretaris RT", "Bendahara RT",
)  # fmt: skip
BUTTONS = {
    "birth": ("Benar",),
    "phone": ("Tidak punya HP",),
    "position": POSITIONS,
    "wage": ("Rp2.022.200",),
    "review": ("Benar, simpan", "Ubah"),
    "saved": ("Daftarkan lagi", "Status desa"),
}
ORDER = tuple(ASK)
MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober",
    "november", "desember",
)  # fmt: skip

Answers = dict[str, Any]


def _person_name(text: str) -> Answers | None:
    return {"name": text.strip()} if re.fullmatch(r"[A-Za-z' .-]{3,60}", text) else None


def _nik(text: str) -> Answers | None:
    digits = re.sub(r"\D", "", text)
    if len(digits) != 16:
        return None
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    woman = day > 40
    try:
        born = datetime(1900 + year if year > 30 else 2000 + year, month, day - 40 * woman)  # noqa: DTZ001
    except ValueError:
        return None
    shown = f"{born.day} {MONTHS[born.month - 1].title()} {born.year}"
    return {"nik": digits, "tail": digits[-4:], "born": shown, "sex": "perempuan" if woman else "laki-laki"}


def _birth(text: str) -> Answers | None:
    return {} if text.lower() in {"ya", "benar"} else None


def _place(text: str) -> Answers | None:
    return {"place": text.strip()} if text.strip() else None


def _mother(text: str) -> Answers | None:
    found = _person_name(text)
    return found and {"mother": found["name"], "first": found["name"][0]}


def _phone(text: str) -> Answers | None:
    digits = re.sub(r"\D", "", text)
    return {"phone": digits, "phone_tail": digits[-4:]} if re.fullmatch(r"08\d{8,11}", digits) else None


def _position(text: str) -> Answers | None:
    return next(({"position": label} for label in POSITIONS if label.lower() == text.lower()), None)


def _wage(text: str) -> Answers | None:
    found = re.fullmatch(r"(\d+)(?:,(\d))? ?jt", text.strip().lower())
    if not found:
        return None
    return {"wage": f"{int(found[1]) * 1_000_000 + int(found[2] or 0) * 100_000:,}".replace(",", ".")}


def _since(text: str) -> Answers | None:
    found = re.fullmatch(r"(\d{1,2}) (\w+) (\d{4})", text.strip().lower())
    return {"since": text.strip().title()} if found and found[2] in MONTHS else None


PARSE: dict[str, Callable[[str], Answers | None]] = {
    "name": _person_name, "nik": _nik, "birth": _birth, "place": _place, "mother": _mother,
    "phone": _phone, "position": _position, "wage": _wage, "since": _since,
}  # fmt: skip

Context = ContextTypes.DEFAULT_TYPE
Callback = Callable[[Update, Context], Awaitable[str | int]]


def _keyboard(topic: str) -> InlineKeyboardMarkup | None:
    labels = BUTTONS.get(topic, ())
    rows = [[InlineKeyboardButton(label, callback_data=f"{topic}:{label}")] for label in labels]
    return InlineKeyboardMarkup(rows) if rows else None


async def _say(update: Update, topic: str, text: str) -> None:
    assert update.effective_chat is not None
    await update.effective_chat.send_message(
        text, parse_mode=ParseMode.HTML, reply_markup=_keyboard(topic), disable_web_page_preview=True
    )


async def begin(update: Update, context: Context) -> str:
    """*daftar*: the notice, then the first question."""
    assert context.user_data is not None
    context.user_data.clear()
    await _say(update, "notice", NOTICE)
    await _say(update, "name", ASK["name"])
    return "name"


async def answered(topic: str, update: Update, context: Context) -> str:
    """A typed or tapped answer: the next question, the review, or this one again."""
    assert context.user_data is not None
    found = PARSE[topic](await _said(update))
    if found is None:
        await _say(update, topic, "Belum bisa dibaca. Coba tulis sekali lagi.")
        return topic
    context.user_data.update(found)
    following = ORDER[ORDER.index(topic) + 1] if topic != ORDER[-1] else "review"
    text = ASK[following] if following != "review" else REVIEW
    await _say(update, following, text.format(**context.user_data))
    return following


async def _said(update: Update) -> str:
    query = update.callback_query
    if query is None:
        assert update.message is not None
        return update.message.text or ""
    label = (query.data or "").partition(":")[2]
    await query.answer(label)
    await query.edit_message_reply_markup(None)
    return label


async def saved(update: Update, context: Context) -> int:
    """The review is right: keep the person."""
    assert context.user_data is not None
    await _said(update)
    context.bot_data.setdefault("members", []).append(dict(context.user_data))
    at = datetime.now().strftime("%H.%M")  # noqa: DTZ005, TID251
    await _say(update, "saved", SAVED.format(name=context.user_data["name"], at=at))
    return ConversationHandler.END


def conversation() -> ConversationHandler[Context]:
    """The registration."""
    text = filters.TEXT & ~filters.COMMAND
    states: dict[object, list[Any]] = {}
    for topic in ORDER:
        answer = partial(answered, topic)
        states[topic] = [MessageHandler(text, answer), CallbackQueryHandler(answer, pattern=f"^{topic}:")]
    states["review"] = [CallbackQueryHandler(saved, pattern="^review:Benar")]
    entry: Any = MessageHandler(filters.Regex(re.compile("^/?daftar$", re.IGNORECASE)), begin)
    return ConversationHandler([entry], states, [], name="registration", persistent=True, allow_reentry=True)


@click.command()
@click.option("--api", required=True)
@click.option("--token", required=True)
@click.option("--folder", required=True, type=click.Path(path_type=Path))
def main(api: str, token: str, folder: Path) -> None:
    """Poll until a stop signal."""
    builder = ApplicationBuilder().token(token).base_url(f"{api}/bot")
    application = builder.persistence(PicklePersistence(folder / "baseline.pickle")).build()
    application.add_handler(conversation())
    application.run_polling()


if __name__ == "__main__":
    main()
