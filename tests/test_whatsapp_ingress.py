"""A webhook takes what WhatsApp signed, all of it, and only that; and answers 200 only when it is safe."""

import copy
import hashlib
import hmac
import io
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot import logs
from bot.channels.whatsapp_ingress import BODY_LIMIT, PATH, Hook, webhook
from bot.channels.whatsapp_updates import read
from bot.errors import Misconfigured, Unreadable
from bot.messages import Arrival
from tests import needs
from tests.fakes import whatsapp_people as people
from tests.fakes.inbox import Inbox
from tests.fakes.whatsapp_people import NAMES, PHONE_NUMBER_ID, SECRET, Json, People, packed, signed

TOKEN = "rahasia-kantor_01"
OLD_SECRET = "11112222333344445555666677778888"
THEIR_NUMBER = "1122334455667"


@dataclass
class Edge:
    """The webhook with an inbox behind it."""

    inbox: Inbox = field(default_factory=Inbox)
    number: str = PHONE_NUMBER_ID
    secrets: tuple[str, ...] = (SECRET,)

    def client(self) -> httpx2.AsyncClient:
        app = Starlette(routes=webhook(Hook(self.number, TOKEN, self.secrets), NAMES, self.inbox.accept))
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://bot")

    async def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        given = signed(body) if headers is None else headers
        async with self.client() as client:
            return (await client.post(PATH, content=body, headers=dict(given))).status_code

    async def get(self, **asked: str) -> tuple[int, str]:
        query = {f"hub.{name}": value for name, value in asked.items()}
        async with self.client() as client:
            answer = await client.get(PATH, params=query)
        return answer.status_code, answer.text

    @property
    def arrivals(self) -> list[Arrival]:
        return [arrival for batch in self.inbox.batches for arrival in batch]


BODY = packed(People().say("daftar / iuran"))


# -- the challenge ---------------------------------------------------------------------------


async def test_the_challenge_is_answered_as_it_came() -> None:
    edge = Edge()
    assert await edge.get(mode="subscribe", verify_token=TOKEN, challenge="1158201444") == (200, "1158201444")
    assert edge.inbox.batches == []


@pytest.mark.parametrize(
    "asked",
    [
        {"mode": "subscribe", "verify_token": "rahasia", "challenge": "1158201444"},
        {"mode": "subscribe", "verify_token": TOKEN + "1", "challenge": "1158201444"},
        {"mode": "subscribe", "verify_token": TOKEN.upper(), "challenge": "1158201444"},
        {"mode": "subscribe", "verify_token": "", "challenge": "1158201444"},
        {"mode": "subscribe", "verify_token": "\ud83d".encode("utf-8", "replace").decode(), "challenge": "1"},
        {"mode": "subscribe", "challenge": "1158201444"},
        {"mode": "unsubscribe", "verify_token": TOKEN, "challenge": "1158201444"},
        {"mode": "Subscribe", "verify_token": TOKEN, "challenge": "1158201444"},
        {"verify_token": TOKEN, "challenge": "1158201444"},
        {"mode": "subscribe", "verify_token": TOKEN},
        {"mode": "subscribe", "verify_token": TOKEN, "challenge": "<script>alert(1)</script>"},
        {"mode": "subscribe", "verify_token": TOKEN, "challenge": "1" * 300},
        {},
    ],
)
async def test_nobody_else_is_answered(asked: dict[str, str]) -> None:
    assert await Edge().get(**asked) == (403, "")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_no_other_method_is_known(method: str) -> None:
    async with Edge().client() as client:
        assert (await client.request(method, PATH)).status_code == 405


# -- signatures ------------------------------------------------------------------------------


async def test_what_is_signed_is_kept_and_acknowledged() -> None:
    edge = Edge()
    assert await edge.post(BODY) == 200
    [arrival] = edge.arrivals
    incoming = read(arrival.body, NAMES)
    assert incoming
    assert (incoming.text, incoming.external_id) == ("daftar / iuran", arrival.external_id)


def _signatures() -> Iterator[tuple[str, dict[str, str]]]:
    right = signed(BODY)["X-Hub-Signature-256"]
    digest = right.removeprefix("sha256=")
    sha1 = hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()
    unkeyed = hashlib.sha256(BODY).hexdigest()
    wrong = {
        "empty": "",
        "no scheme": digest,
        "scheme alone": "sha256=",
        "wrong scheme": f"sha1={digest}",
        "old algorithm": f"sha1={sha1}",
        "upper-case scheme": f"SHA256={digest}",
        "upper-case digest": f"sha256={digest.upper()}",
        "truncated": right[:-1],
        "half": right[:39],
        "longer": right + "0",
        "blank inside": f"sha256= {digest}",
        "two": f"{right},{right}",
        "other secret": signed(BODY, "1" * 32)["X-Hub-Signature-256"],
        "empty secret": signed(BODY, "")["X-Hub-Signature-256"],
        "no secret": f"sha256={unkeyed}",
        "of another body": signed(BODY + b" ")["X-Hub-Signature-256"],
        "letters no digest has": "sha256=" + "ü" * 32,
        "very long": "sha256=" + "a" * 20_000,
    }
    for name, value in wrong.items():
        yield name, {"X-Hub-Signature-256": value}
    yield "missing", {}
    yield "older header", {"X-Hub-Signature": f"sha1={sha1}"}


@pytest.mark.parametrize("headers", [pytest.param(found, id=name) for name, found in _signatures()])
async def test_a_wrong_signature_is_refused(headers: dict[str, str]) -> None:
    edge = Edge()
    raw = [(name.encode(), value.encode("utf-8")) for name, value in headers.items()]
    async with edge.client() as client:
        status = (await client.post(PATH, content=BODY, headers=raw)).status_code
    assert status == (403 if headers.get("X-Hub-Signature-256") else 401)
    assert edge.inbox.batches == []


@pytest.mark.parametrize("place", [0, 1, len(BODY) // 2, len(BODY) - 1])
async def test_a_body_altered_by_one_byte_is_refused(place: int) -> None:
    altered = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
    edge = Edge()
    assert await edge.post(altered, signed(BODY)) == 403
    assert edge.inbox.batches == []


async def test_the_signature_is_of_the_bytes_and_not_of_what_they_mean() -> None:
    again = json.dumps(json.loads(BODY)).encode()
    assert again != BODY
    assert await Edge().post(again, signed(BODY)) == 403


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
async def test_two_secrets_count_while_one_is_exchanged(secret: str) -> None:
    edge = Edge(secrets=(SECRET, OLD_SECRET))
    assert await edge.post(BODY, signed(BODY, secret)) == 200
    assert await edge.post(BODY, signed(BODY, "3" * 32)) == 403
    assert len(edge.arrivals) == 1


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        "Application/JSON;charset=UTF-8",
        "application/json",
        "text/plain",
        "",
    ],
)
async def test_the_content_type_does_not_matter(content_type: str) -> None:
    assert await Edge().post(BODY, signed(BODY) | {"Content-Type": content_type}) == 200


@pytest.mark.parametrize(
    "hook",
    [
        Hook(PHONE_NUMBER_ID, TOKEN, ()),
        Hook(PHONE_NUMBER_ID, TOKEN, ("",)),
        Hook(PHONE_NUMBER_ID, TOKEN, (SECRET, "")),
        Hook(PHONE_NUMBER_ID, TOKEN, (f"{SECRET}\n",)),
        Hook(PHONE_NUMBER_ID, "", (SECRET,)),
        Hook(PHONE_NUMBER_ID, "dua kata", (SECRET,)),
        Hook("", TOKEN, (SECRET,)),
    ],
)
def test_an_open_door_is_refused_at_start(hook: Hook) -> None:
    with pytest.raises(Misconfigured):
        webhook(hook, NAMES, Inbox().accept)


def test_the_secrets_are_not_shown() -> None:
    shown = repr(Hook(PHONE_NUMBER_ID, TOKEN, (SECRET, OLD_SECRET)))
    assert not [secret for secret in (TOKEN, SECRET, OLD_SECRET) if secret in shown]


# -- sizes, garbage, a database that is away ---------------------------------------------------


@pytest.mark.parametrize("more, status", [(0, 200), (1, 413)])
async def test_only_bodies_of_a_sane_size_are_taken(more: int, status: int) -> None:
    body = BODY + b" " * (BODY_LIMIT - len(BODY) + more)
    edge = Edge()
    assert await edge.post(body) == status
    assert len(edge.arrivals) == (status == 200)


GARBAGE = [
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"null",
    b"[]",
    b"{}",
    b"17",
    b'"entry"',
    b'{"entry":5}',
    b'{"entry":[5]}',
    b'{"entry":[{"changes":5}]}',
    b'{"entry":[{"changes":[5]}]}',
    b'{"entry":[{"changes":[{"field":"messages"}]}]}',
    b'{"entry":[{"changes":[{"field":"messages","value":{}}]}]}',
    b'{"entry":[{"changes":[{"field":"messages","value":{"messages":{}}}]}]}',
    b'{"entry":[{"changes":[{"field":"messages","value":{"messages":[{}]}}]}]}',
    b'{"entry":[{"changes":[{"field":"messages","value":{"statuses":[7]}}]}]}',
    b'{"entry":[{"changes":[{"field":"account_update","value":{}}]}]}',
    b'{"entry":[{"changes":[{"field":"user_id_update","value":{"user_id_update":[{}]}}]}]}',
    b'{"entry":' + b"[" * 50_000,
    b'{"entry":' * 900 + b"1" + b"}" * 900,
    b'{"entry":[' + b"9" * 5000 + b"]}",
    b'{"kind":"message","value":{"id":"wamid.A","from":"6281234500001","type":"text"}}',
]


@pytest.mark.parametrize("body", GARBAGE, ids=lambda body: body[:60].decode("latin-1"))
async def test_signed_garbage_is_kept_as_one_event_that_nobody_can_read(body: bytes) -> None:
    edge = Edge()
    assert await edge.post(body) == 200
    [arrival] = edge.arrivals
    with pytest.raises(Unreadable):
        read(arrival.body, NAMES)


async def test_garbage_is_kept_as_it_came() -> None:
    edge = Edge()
    await edge.post(b'{"entry": \xff')
    assert json.loads(edge.arrivals[0].body)["value"] == '{"entry": \\xff'


@pytest.mark.parametrize("body", [*GARBAGE, BODY], ids=lambda body: body[:60].decode("latin-1"))
async def test_what_is_not_safe_is_not_acknowledged(body: bytes) -> None:
    edge = Edge(Inbox(refusals=1))
    assert await edge.post(body) == 503
    assert await edge.post(body) == 200
    assert len(edge.arrivals) == 1


async def test_a_request_that_breaks_off_is_not_acknowledged() -> None:
    edge = Edge()
    app = Starlette(routes=webhook(Hook(PHONE_NUMBER_ID, TOKEN, (SECRET,)), NAMES, edge.inbox.accept))
    pieces = iter(
        [
            {"type": "http.request", "body": BODY[:20], "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    answered: list[int] = []

    async def receive() -> Mapping[str, object]:
        return next(pieces)

    async def send(message: Mapping[str, object]) -> None:
        if message["type"] == "http.response.start":
            answered.append(int(str(message["status"])))

    headers = [(name.lower().encode(), value.encode()) for name, value in signed(BODY).items()]
    scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": headers}
    await app(scope, receive, send)  # type: ignore[arg-type]
    assert answered == [400]
    assert edge.inbox.batches == []


# -- batches ---------------------------------------------------------------------------------


def _cases() -> Iterator[object]:
    """Every webhook body that the authors of a client library test with."""
    for path in sorted(needs.FIXTURES.glob("*.json")) if needs.FIXTURES.is_dir() else ():
        for name, case in json.loads(path.read_text(encoding="utf-8")).items():
            if "entry" not in case:
                continue
            yield pytest.param(case, id=f"{path.stem}:{name}")
            if "all" in case:
                yield pytest.param(case["all"], id=f"{path.stem}:{name}:all")


CASES = list(_cases())


def elements(request: Json) -> list[tuple[str, Json]]:
    """Every message, status and change of the account in a request, found another way than the bot's."""
    found: list[tuple[str, Json]] = []
    for entry in request["entry"]:  # type: ignore[attr-defined]
        for change in entry["changes"]:
            value = change["value"]
            lists = [(kind, value[kind]) for kind in ("messages", "statuses", "errors") if kind in value]
            found += [(kind, each) for kind, listed in lists for each in listed]
            if not lists:
                found.append((change["field"], value))
    return found


def same(arrivals: list[Arrival], wanted: list[tuple[str, Json]]) -> bool:
    """Whether the events hold the elements, each once and nothing else, in this order."""
    held = [json.loads(arrival.body)["value"] for arrival in arrivals]
    return [each.get("value", each) if "field" in each else each for each in held] == [e for _, e in wanted]


@needs.fixtures
@pytest.mark.parametrize("case", CASES)
async def test_a_recorded_request_comes_in_whole_and_each_event_is_read_or_ignored(case: Json) -> None:
    edge = Edge(number=THEIR_NUMBER)
    assert await edge.post(packed(case)) == 200
    assert same(edge.arrivals, elements(case))
    for arrival in edge.arrivals:
        incoming = read(arrival.body, NAMES)
        if incoming is not None:
            assert (incoming.external_id, incoming.address.conversation) == (
                arrival.external_id,
                arrival.conversation,
            )


def everything() -> list[Json]:
    """All recorded requests of messages, and some statuses, each with ids of its own."""
    found: list[Json] = []
    for number, case in enumerate(CASES):
        request = copy.deepcopy(case.values[0])  # type: ignore[attr-defined]
        for kind, element in elements(request):
            if kind in ("messages", "statuses"):
                element["id"] = f"wamid.{number}"
        found.append(request)
    siti = People(number=THEIR_NUMBER)
    found += [siti.report(siti.status(f"wamid.s{n}", "delivered", row=n)) for n in range(1, 9)]
    return found


def one_value(requests: list[Json]) -> Json:
    """The messages of several requests in one value, as they come when many people write at once."""
    merged: dict[str, list[object]] = {"contacts": [], "messages": [], "statuses": []}
    for request in requests:
        value = request["entry"][0]["changes"][0]["value"]  # type: ignore[index]
        for kind, listed in merged.items():
            listed += value.get(kind, [])
    return people.request(dict(merged), number=THEIR_NUMBER)


def several_changes(requests: list[Json]) -> Json:
    """The changes of several requests in one entry."""
    changes = [change for request in requests for change in request["entry"][0]["changes"]]  # type: ignore[index]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


def several_entries(requests: list[Json]) -> Json:
    """The entries of several requests in one."""
    entries = [entry for request in requests for entry in request["entry"]]  # type: ignore[attr-defined]
    return {"object": "whatsapp_business_account", "entry": entries}


@needs.fixtures
@pytest.mark.parametrize(
    "batched", [one_value, several_changes, several_entries], ids=lambda way: way.__name__
)
@pytest.mark.parametrize("seed", range(3))
async def test_a_batch_loses_nothing_in_any_order_and_twice_is_the_same(batched, seed: int) -> None:  # type: ignore[no-untyped-def]
    requests = everything()
    random.Random(seed).shuffle(requests)
    batch = batched(requests)
    edge = Edge(number=THEIR_NUMBER)
    assert await edge.post(packed(batch)) == 200
    assert same(edge.arrivals, elements(batch))
    once = edge.inbox.ids
    assert len(set(once)) == len(once)
    assert await edge.post(packed(batch)) == 200
    assert edge.inbox.ids == once * 2
    alone = Edge(number=THEIR_NUMBER)
    for request in requests:
        await alone.post(packed(request))
    if batched is not several_entries:  # news of the account have the time of their entry
        once, alone_ids = ([i for i in ids if i[:3] in ("msg", "st:")] for ids in (once, alone.inbox.ids))
    else:
        alone_ids = alone.inbox.ids
    assert sorted(once) == sorted(alone_ids)


@pytest.mark.parametrize("who", [people.SITI, people.BUDI, people.HIDDEN], ids=["v23", "2026", "hidden"])
async def test_a_cut_request_is_kept_wherever_it_is_cut(who: people.Somebody) -> None:
    writer = People(who)
    body = packed(
        writer.bring(writer.message("text", {"body": "iuran"}), writer.message("text", {"body": "é 😀"}))
    )
    edge = Edge()
    async with edge.client() as client:
        for end in range(len(body)):
            cut = body[:end]
            assert (await client.post(PATH, content=cut, headers=signed(cut))).status_code == 200
            [arrival] = edge.inbox.batches[-1]
            assert json.loads(arrival.body)["value"] == cut.decode("utf-8", "backslashreplace")
    assert len(set(edge.inbox.ids)) == len(body)
    for arrival in edge.arrivals:
        with pytest.raises(Unreadable):
            read(arrival.body, NAMES)


@pytest.mark.slow
async def test_ten_thousand_statuses_come_in_one_request() -> None:
    siti = People()
    statuses = [siti.status(people.wamid(people.OUR_NUMBER, n), "sent", row=n) for n in range(10_000)]
    edge = Edge()
    assert await edge.post(packed(siti.report(*statuses))) == 200
    assert len(set(edge.inbox.ids)) == 10_000
    assert (
        len({arrival.conversation for arrival in edge.arrivals}) > 3_000
    )  # many are gone through side by side


async def test_what_is_meant_for_another_number_is_left_out() -> None:
    edge, ours, theirs = Edge(), People(), People(number="999")
    batch = several_entries(
        [ours.say("satu"), theirs.say("dua"), theirs.report(theirs.status("wamid.A", "sent"))]
    )
    assert await edge.post(packed(batch)) == 200
    [arrival] = edge.arrivals
    assert json.loads(arrival.body)["value"]["text"] == {"body": "satu"}
    silent = Edge()
    assert await silent.post(packed(theirs.say("dua"))) == 200
    assert silent.inbox.batches == []


def _refusal(arrival: Arrival) -> str:
    try:
        read(arrival.body, NAMES)
    except Unreadable as error:
        return str(error)
    return ""


async def test_an_id_in_the_place_of_a_name_of_the_platform_is_not_logged() -> None:
    stream = io.StringIO()
    logs.setup("debug", stream)
    edge, budi = Edge(), People(people.BUDI)
    system = budi.message("system", {"body": "x", "type": people.BUDI.scoped})
    status = budi.status("wamid.A", "6281234500002")
    other = people.request({"a": 1}, field=people.BUDI.scoped)
    for request in (budi.bring(system), budi.report(status), other):
        await edge.post(packed(request))
    told = [*map(_refusal, edge.arrivals)]
    logs.setup("info", io.StringIO())
    written = stream.getvalue()
    assert (len(told), written.count("ignored")) == (3, 3)
    assert "ID.1349" not in written
    assert "628123" not in written


async def test_no_number_and_no_name_is_logged() -> None:
    stream = io.StringIO()
    logs.setup("debug", stream)
    edge, siti = Edge(Inbox(refusals=1)), People()
    for body in (BODY, BODY, packed(People(number="999").say("dua")), b'{"6281234500001"'):
        await edge.post(body)
    await edge.post(BODY, signed(BODY, "x"))
    for request in (siti.react("wamid.A"), siti.move("6281234500009"), siti.renew("ID.1")):
        await edge.post(packed(request))
    written = stream.getvalue() + "".join(map(_refusal, edge.arrivals))
    logs.setup("info", io.StringIO())
    assert "another number" in written
    assert "signature" in written
    for secret in ("6281234500001", "6281234500009", "Siti", "iuran", SECRET, "wamid"):
        assert secret not in written


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300) | st.sampled_from(GARBAGE), right=st.booleans(), away=st.booleans())
@pytest.mark.slow
async def test_any_bytes_are_answered(body: bytes, right: bool, away: bool) -> None:
    edge = Edge(Inbox(refusals=away))
    status = await edge.post(body, None if right else {"X-Hub-Signature-256": body[:40].hex()})
    expected = (503 if away else 200) if right else (403 if body else 401)
    assert status == expected
    assert len(edge.inbox.batches) == (status == 200)


@settings(max_examples=200, deadline=None)
@given(
    asked=st.dictionaries(st.sampled_from(["mode", "verify_token", "challenge", "x"]), st.text(max_size=20))
)
@pytest.mark.slow
async def test_any_question_is_answered(asked: dict[str, str]) -> None:
    assert await Edge().get(**asked) == (403, "")
