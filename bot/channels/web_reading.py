"""Reads what pages and scripts send to the web chat; what cannot be used is refused in Indonesian."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message as Event

from bot.channels.fields import media_type

TEXT_LIMIT = 10_000  # characters; well past what any real chat lets through, so that the bot can answer
FILE_LIMIT = 10 * 1024 * 1024
FIELDS_LIMIT = 256 * 1024  # bytes of everything that is not a file
FARTHEST = timedelta(days=366)
MORNING = time(9)

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_DURATION = re.compile(r"P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Upload:
    """A file that came with a post; its name and kind are what the browser claims."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Post:
    """What somebody said: a text, a pressed choice, or a file with a text beside it."""

    key: str  # the same for the same post sent twice
    text: str = ""
    choice: str = ""
    upload: Upload | None = None
    reply_to: str = ""  # number of the message that it answers


async def read_post(request: Request) -> Post:
    """What was posted to a chat, as JSON, as a form or with a file."""
    fields = await read_fields(request)
    key = fields.get("id") or request.headers.get("id") or uuid4().hex
    text, choice = fields.get("text", ""), fields.get("choice", "")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise HTTPException(400, "Tanda kiriman (id) hanya boleh huruf, angka, - dan _, paling panjang 64.")
    if not isinstance(text, str) or not isinstance(choice, str) or len(choice) > 200:
        raise HTTPException(400, "Isi text dan choice harus berupa tulisan.")
    upload = fields.get("file")
    if not isinstance(upload, Upload):
        upload = None
    # A lone half of a surrogate pair is valid JSON but no valid text.
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").strip()
    choice = choice.encode("utf-8", "replace").decode()
    reply_to = str(fields.get("reply_to") or "")
    if reply_to and not _NUMBER.fullmatch(reply_to):
        raise HTTPException(400, "Isi reply_to harus angka: nomor pesan yang dibalas.")
    if len(text) > TEXT_LIMIT:
        raise HTTPException(413, "Pesan terlalu panjang. Bagi menjadi beberapa pesan.")
    if not (text or choice or upload):
        raise HTTPException(400, "Pesannya masih kosong. Tulis dulu, lalu kirim.")
    return Post(key, text, choice, upload, reply_to)


async def read_fields(request: Request) -> Mapping[str, object]:
    """The fields of a JSON object or a form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    files = FILE_LIMIT if kind == "multipart/form-data" else 0
    request = await _bounded(request, FIELDS_LIMIT + files)
    if kind in _FORMS:
        try:
            form = await request.form(max_files=1, max_fields=20, max_part_size=FIELDS_LIMIT)
        except (HTTPException, MultiPartException) as error:
            raise HTTPException(400, "Kiriman tidak terbaca. Coba kirim sekali lagi.") from error
        try:
            return {name: await _field(value) for name, value in form.items()}
        finally:
            await form.close()
    try:
        fields = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "Kiriman tidak terbaca: bukan JSON yang utuh.") from error
    if not isinstance(fields, dict):
        raise HTTPException(400, "Kiriman harus berupa objek JSON.")
    return fields


def read_moment(fields: Mapping[str, object], now: datetime, zone: ZoneInfo) -> datetime:
    """Where the clock is asked to go: `to` a moment, `by` a duration, or the next `day` of a month."""
    try:
        moment = _moment(fields, now, zone).astimezone(UTC)
    except (ValueError, TypeError, OverflowError) as error:
        example = 'Contoh: {"by": "P7D"}, {"to": "2026-12-08T08:00"} atau {"day": 8}.'
        raise HTTPException(400, f"Waktunya belum terbaca. {example}") from error
    if moment <= now:
        raise HTTPException(400, "Waktu contoh hanya bisa maju. Pilih waktu sesudah sekarang.")
    if moment - now > FARTHEST:
        raise HTTPException(400, "Paling jauh satu tahun sekali putar.")
    return moment


def _moment(fields: Mapping[str, object], now: datetime, zone: ZoneInfo) -> datetime:
    if to := fields.get("to"):
        text = str(to)
        if len(text) <= len("2026-12-08"):
            return datetime.combine(date.fromisoformat(text), MORNING, zone)
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if by := fields.get("by"):
        match = _DURATION.fullmatch(str(by))
        if match is None:
            raise ValueError("not a duration")
        weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
        return now + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    return _next_day(int(str(fields.get("day", ""))), now, zone)


def _next_day(day: int, now: datetime, zone: ZoneInfo) -> datetime:
    """09.00, when reminders have come, of the next date with that day of the month; some months have no 31st."""
    if not 1 <= day <= 31:
        raise ValueError("no such day")
    start = now.astimezone(zone)
    dates = (start.date() + timedelta(days=ahead) for ahead in range(63))
    moments = (datetime.combine(each, MORNING, zone) for each in dates if each.day == day)
    return next(moment for moment in moments if moment > start)


async def _bounded(request: Request, limit: int) -> Request:
    """The same request, read to its end, unless that is past `limit` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HTTPException(413, "Berkas terlalu besar. Paling besar 10 MB.")

    async def receive() -> Event:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return Request(request.scope, receive)


async def _field(value: UploadFile | str) -> Upload | str | None:
    if isinstance(value, str):
        return value
    name = _CONTROL.sub("", (value.filename or "").replace("\\", "/").rpartition("/")[2]).strip()
    content = await value.read(FILE_LIMIT + 1)
    if len(content) > FILE_LIMIT:
        raise HTTPException(413, "Berkas terlalu besar. Paling besar 10 MB.")
    if not content:
        # A form without a chosen file sends an empty one.
        return None
    mime = media_type(value.content_type or "") or "application/octet-stream"
    return Upload(name[-120:] or "berkas", mime, content)
