"""What every channel must do, whatever its platform: one suite, run for each of them."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot import texts
from bot.channels import memory
from bot.channels.base import Channel
from bot.channels.memory import Memory
from bot.channels.telegram import Telegram
from bot.channels.web import Chats, Persona, Web
from bot.channels.web_chats import WHATSAPP
from bot.channels.web_reading import Post
from bot.channels.web_whatsapp import WhatsAppChats
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_updates import split
from bot.channels.whatsapp_wire import Access
from bot.clock import ManualClock
from bot.errors import SendError, Unreadable
from bot.messages import Address, Choice, Document, File, Incoming, Kind, Letter
from tests.fakes import whatsapp_people
from tests.fakes.bot_api import TOKEN, BotApi
from tests.fakes.whatsapp_api import TOKEN as WHATSAPP_TOKEN
from tests.fakes.whatsapp_api import WhatsAppApi
from tests.fakes.whatsapp_people import NAMES, PHONE_NUMBER_ID, People, packed
from tests.world import START

Say = Callable[[str], bytes]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Stand:
    """A channel with a private chat and a group, and somebody who writes and reads there."""

    channel: Channel
    private: Address
    group: Address | None  # None where there are no groups
    said: Say  # the raw event of this text in the private chat
    said_in_group: Say
    seen: Callable[[str], tuple[str, Document]]  # caption and file of the sent message with this id


@asynccontextmanager
async def _memory() -> AsyncIterator[Stand]:
    def said(chat: str) -> Say:
        return lambda text: memory.arrival("siti", START, 1, text=text, chat=chat).body

    def seen(message: str) -> tuple[str, Document]:
        letter = channel.sent[int(message) - 1]
        assert letter.attachment
        return texts.plain(letter.text), letter.attachment

    channel = Memory()
    private, group = (Address(memory.NAME, chat) for chat in ("siti", "#kantor"))
    yield Stand(channel, private, group, said("siti"), said("#kantor"), seen)


@asynccontextmanager
async def _web() -> AsyncIterator[Stand]:
    people = (Persona("siti", "Siti", "", "", "7", False), Persona("kantor", "Kantor", "", "", "7", True))
    yield _on_page(Web(Chats(people, ManualClock(START))))


@asynccontextmanager
async def _web_whatsapp() -> AsyncIterator[Stand]:
    people = (Persona("siti", "Siti", "", "", "7", False, channel=WHATSAPP),)
    web = WhatsAppChats(Chats(people, ManualClock(START)))
    web.chats.open_until["siti"] = START + timedelta(days=1)
    yield _on_page(web)


def _on_page(web: Web) -> Stand:
    people = tuple(web.chats.personas.values())

    def said(persona: Persona) -> Say:
        return lambda text: web.say(persona, Post(text, text))[1].body

    def seen(message: str) -> tuple[str, Document]:
        shown = web.chats.find("siti", message)
        assert shown
        return texts.plain(shown.text), web.file_of("siti", message)

    private, group = (Address(web.name, person.id) for person in (people[0], people[-1]))
    room = group if people[-1].room else None
    return Stand(web, private, room, said(people[0]), said(people[-1]), seen)


@asynccontextmanager
async def _telegram() -> AsyncIterator[Stand]:
    async with BotApi() as api, Telegram(TOKEN, api.address, ManualClock(START)) as channel:

        def said(chat: int) -> Say:
            def say(text: str) -> bytes:
                api.people.say(text, chat=chat, sender=7001)
                return json.dumps(api.state.updates[-1]).encode()

            return say

        def seen(message: str) -> tuple[str, Document]:
            shown: Any = api.state.messages[7001, int(message)]
            document = shown["document"]
            data = api.state.files[document["file_id"]][1]
            return shown.get("caption", ""), Document(document["file_name"], document["mime_type"], data)

        private, group = (Address(channel.name, chat) for chat in ("7001", "-5001"))
        yield Stand(channel, private, group, said(7001), said(-5001), seen)


@asynccontextmanager
async def _whatsapp() -> AsyncIterator[Stand]:
    siti, people = whatsapp_people.SITI.number, People()
    async with WhatsAppApi() as api:
        api.hears(siti)
        access = Access(WHATSAPP_TOKEN, PHONE_NUMBER_ID, "", (), "", api.address)

        def said(text: str) -> bytes:
            return split(packed(people.say(text)), PHONE_NUMBER_ID, NAMES)[0].body

        def seen(message: str) -> tuple[str, Document]:
            sent = next(each for each in api.sent if each.id == NAMES.reveal(message)).content
            file = sent.get("header", {}).get("document", sent)
            kept = api.state.media[file["id"]]
            return texts.plain(sent.get("caption", "")), Document(file["filename"], kept.mime, kept.data)

        async with WhatsApp(access, NAMES) as channel:
            private = Address(channel.name, NAMES.conceal(siti))
            yield Stand(channel, private, None, said, said, seen)


CHANNELS = {
    "memory": _memory, "web": _web, "web as whatsapp": _web_whatsapp, "telegram": _telegram,
    "whatsapp": _whatsapp,
}  # fmt: skip


@pytest.fixture(params=sorted(CHANNELS))
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    """Each channel in turn."""
    async with CHANNELS[request.param]() as made:
        yield made


async def test_a_channel_has_the_name_that_its_addresses_carry(stand: Stand) -> None:
    assert stand.channel.name == stand.private.channel


async def test_a_letter_that_was_sent_has_an_id_of_its_own(stand: Stand) -> None:
    choices = (Choice("abc.0", "Ya"), Choice("abc.1", "Tidak", "nanti saja"))
    letters = [
        Letter(to, "Halo *Siti*", choices=choices, key=f"k{n}") for n, to in enumerate([stand.private] * 2)
    ]
    ids = [await stand.channel.send(letter) for letter in letters]
    ids.append(await stand.channel.send(Letter(stand.group or stand.private, "Halo")))
    assert "" not in ids
    assert len(set(ids)) == len(ids)


async def test_buttons_can_be_changed_and_taken_away_twice(stand: Stand) -> None:
    choices = (Choice("abc.0", "Ya"),)
    message = await stand.channel.send(Letter(stand.private, "Halo", choices=choices))
    edit = Letter(stand.private, "Halo lagi", Kind.EDIT, choices, message)
    close = Letter(stand.private, "", Kind.CLOSE, message=message)
    for letter in (edit, edit, close, close):
        assert isinstance(await stand.channel.send(letter), str)


@pytest.mark.parametrize("caption", ["", "Daftar iuran *Desa Perian* <Budi & Siti>"])
@pytest.mark.parametrize(
    "document",
    [
        Document("Iuran Desa Perian; Nov 2026.xlsx", XLSX, b"PK\x03\x04\r\n\x00--\xff\n\r\n"),
        Document("Iuran Désa ' 100% \U0001f4c4.pdf", "application/pdf", b"%PDF" * 300_000),
    ],
    ids=["xlsx", "pdf"],
)
async def test_a_file_arrives_whole_with_its_name_kind_and_caption(
    stand: Stand, document: Document, caption: str
) -> None:
    message = await stand.channel.send(Letter(stand.private, caption, attachment=document))
    assert stand.seen(message) == (texts.plain(caption), document)


async def test_the_buttons_under_a_file_can_be_taken_away(stand: Stand) -> None:
    document = Document("iuran.xlsx", XLSX, b"PK")
    letter = Letter(stand.private, "Sudah benar?", choices=(Choice("abc.0", "Ya"),), attachment=document)
    message = await stand.channel.send(letter)
    for _ in range(2):
        await stand.channel.send(Letter(stand.private, "", Kind.CLOSE, message=message))
    assert stand.seen(message)[1] == document


async def test_the_end_of_a_press_that_is_long_over_is_no_failure(stand: Stand) -> None:
    assert isinstance(
        await stand.channel.send(Letter(stand.private, "Sudah", Kind.ANSWER, message="q0")), str
    )


@pytest.mark.parametrize(
    "letter",
    [
        Letter(Address("", "nowhere"), "Halo"),
        Letter(Address("", "nowhere"), "", Kind.CLOSE, message="1"),
        Letter(Address("", "nowhere"), "Halo", Kind.EDIT, message="999999"),
        Letter(Address("", ""), "Halo"),
        Letter(Address("", "nowhere"), "Halo", attachment=Document("Halo.xlsx", XLSX, b"PK")),
        Letter(Address("", "nowhere"), "", Kind.LEAVE),
    ],
    ids=lambda letter: letter.kind.value,
)
async def test_what_cannot_be_sent_fails_as_a_send_error(stand: Stand, letter: Letter) -> None:
    to = replace(letter.to, channel=stand.channel.name)
    try:
        told = await stand.channel.send(replace(letter, to=to))
    except SendError as error:
        told = str(error)
    assert "Halo" not in told


async def test_a_file_that_is_not_there_fails_as_a_send_error(stand: Stand) -> None:
    with pytest.raises(SendError):
        await stand.channel.fetch(File("nothing"), 1000)


async def test_a_file_that_is_too_large_is_not_fetched(stand: Stand) -> None:
    with pytest.raises(SendError):
        await stand.channel.fetch(File("nothing", size=1001), 1000)


async def test_groups_are_told_from_private_chats(stand: Stand) -> None:
    assert not stand.channel.is_group(stand.private.chat)
    assert stand.group is None or stand.channel.is_group(stand.group.chat)


@pytest.mark.parametrize("text", ["halo", "Siti *Aminah* <b> & 😀", "a\nb", "/start ABCD"])
async def test_what_somebody_wrote_is_read(stand: Stand, text: str) -> None:
    incoming = stand.channel.parse(stand.said(text))
    assert incoming
    assert (incoming.text, incoming.shape, incoming.group) == (text, "text", False)
    assert incoming.address == stand.private
    assert incoming.sender
    assert incoming.external_id
    assert incoming.at.utcoffset() == timedelta()


async def test_what_somebody_wrote_in_a_group_is_read_as_such(stand: Stand) -> None:
    if stand.group is None:
        return
    private, group = (
        stand.channel.parse(stand.said("halo")),
        stand.channel.parse(stand.said_in_group("/rekap")),
    )
    assert private
    assert group
    assert group.group
    assert group.address == stand.group
    assert group.sender == private.sender


async def test_reading_an_event_twice_gives_the_same(stand: Stand) -> None:
    body = stand.said("halo")
    assert stand.channel.parse(body) == stand.channel.parse(body)


def _unreadable(channel: Channel, body: bytes) -> str:
    """Why a body cannot be read; empty where it can, or needs no answer."""
    try:
        assert isinstance(channel.parse(body), Incoming | None)
    except Unreadable as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"{}", b"1", b'"x"', b"\xff\xfe", b'{"message": 1}', b'{"address": ["a"]}',
     b'{"update_id": "x"}', b"[" * 100_000, b'{"chat": {}}', b'{"at": 1e999}'],
    ids=[f"body{n}" for n in range(14)],
)  # fmt: skip
async def test_a_body_of_any_shape_is_ignored_or_unreadable(stand: Stand, body: bytes) -> None:
    assert len(_unreadable(stand.channel, body)) < 200


async def test_an_event_with_a_part_missing_is_ignored_or_unreadable(stand: Stand) -> None:
    whole = json.loads(stand.said("halo"))
    for name in whole:
        for value in (None, [], {}, "x", -1, True):
            body = json.dumps({**whole, name: value}).encode()
            assert "halo" not in _unreadable(stand.channel, body)
