"""A Telegram that can be started and spoilt: the Bot API over HTTP, for tests and benches.

    python -m tests.fakes.bot_api --port 8081 [--validate SPEC.json] [--log sends.jsonl]

People's deeds and faults go in under `/control/`: POST /control/say, tap, contact, photo,
document, inject, membership, fault, clear with the keyword arguments of `People` and `Fault` as
JSON; GET /control/calls?after=n, /control/violations, /control/state.
"""

import asyncio
import inspect
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import click
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from tests.fakes.bot_faults import Fault, Faults
from tests.fakes.bot_methods import METHODS, Refusal, State
from tests.fakes.bot_people import People
from tests.fakes.bot_push import Push
from tests.fakes.spec import Spec

TOKEN = "123456:AAF-made-up-token-of-payung-desa-000"
DEEDS = ("say", "send", "tap", "press", "contact", "inject", "membership")
_QUIET = {"getUpdates", "getMe"}
_SENDS = {"sendMessage", "sendDocument", "sendPhoto"}
_QUOTED = re.compile(r'(?i)\b(name|filename)="((?:[^"\\]|\\.)*)"')


class Dropped(Exception):
    """The connection is closed instead of answered."""


@asynccontextmanager
async def serving(app: Any, port: int = 0) -> AsyncIterator[str]:
    """Serve an ASGI application on this loop as long as the block runs; gives its address."""
    listening = _listening(port)
    config = Config(app, http="httptools", ws="none", lifespan="off", access_log=False, log_level="critical")
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: HttpToolsProtocol(config=config, server_state=state, app_state={}), sock=listening
    )
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        tasks = list(state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class BotApi:
    """One server with one bot; `async with BotApi() as api` listens on `api.address`."""

    def __init__(
        self, port: int = 0, spec: Spec | None = None, log: Path | None = None, token: str = TOKEN
    ) -> None:
        self.token = token
        self.spec = spec
        self.state = State()
        self.people = People(self.state)
        self.faults = Faults()
        self.push = Push(self.state)
        self.calls: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.polls = 0
        self._log = log.open("a", buffering=1) if log else None
        self.polled = asyncio.Event()  # somebody asked for updates
        self.noted = asyncio.Event()  # a call was logged
        self.address = ""
        self._serving = serving(self, port)

    async def __aenter__(self) -> "BotApi":
        self.address = await self._serving.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.push.close()
        await self._serving.__aexit__(None, None, None)
        if self._log:
            self._log.close()

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The messages that really went out, in order."""
        return [call for call in self.calls if call["executed"] and call["method"] in _SENDS]

    def fault(self, **fields: Any) -> None:
        """Set a fault; see `Fault`."""
        self.faults.active.append(Fault(**fields))

    # -- HTTP --------------------------------------------------------------------------------

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """One request, as ASGI has it."""
        body = await _body(receive)
        path: str = scope["path"]
        try:
            if path.startswith("/bot"):
                status, answer = await self._bot(path[4:], scope, body)
            elif path.startswith("/file/bot"):
                status, answer = self._file(unquote(path[9:]))
            else:
                status, answer = self._control(path, scope, body)
        except Dropped:
            send.__self__.transport.abort()  # ASGI knows no way to hang up
            return
        start = {"type": "http.response.start", "status": status, "headers": [
            (b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))
        ]}  # fmt: skip
        await send(start)
        await send({"type": "http.response.body", "body": answer})

    async def _bot(self, rest: str, scope: Mapping[str, Any], body: bytes) -> tuple[int, bytes]:
        token, _, method = rest.partition("/")
        if token != self.token:
            return _refused(401, "Unauthorized") if ":" in token else _refused(404, "Not Found")
        parameters = _parameters(scope, body)
        chat = str(parameters.get("chat_id", ""))
        fault = self.faults.hit(method, chat)
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.refuse:
            raise Dropped
        if fault and fault.status:
            self._note(method, chat, parameters, fault.status, None)
            return _answered(fault)
        status, answer = await self._run(method, parameters)
        result = answer.get("result")
        self._note(method, chat, parameters, status, result)
        if fault:
            await asyncio.sleep(fault.hang)
            if fault.drop:
                raise Dropped
            if fault.raw is not None:
                return 200, fault.raw.encode()
        return status, json.dumps(answer).encode()

    async def _run(self, method: str, parameters: Mapping[str, object]) -> tuple[int, dict[str, object]]:
        if self.spec:
            self.violations += self.spec.request(method, parameters)
        if method == "getUpdates":
            self.polls += 1
            self.polled.set()
        try:
            if method not in METHODS:
                raise Refusal(404, "Not Found: method not found")
            result = METHODS[method](self.state, parameters)
            if inspect.isawaitable(result):
                result = await result
        except Refusal as refusal:
            return refusal.status, refusal.answer
        if self.spec:
            self.violations += [f"our answer: {line}" for line in self.spec.response(method, result)]
        return 200, {"ok": True, "result": result}

    def _note(
        self, method: str, chat: str, parameters: Mapping[str, object], status: int, result: object
    ) -> None:
        """Keep the call; one that a fault swallowed was not executed."""
        if method in _QUIET:
            return
        message_id = result.get("message_id") if isinstance(result, dict) else None
        files = {key: value[0] for key, value in parameters.items() if isinstance(value, tuple)}
        call = {
            "at": time.time(), "method": method, "chat": chat, "status": status,
            "executed": result is not None, "message_id": message_id, "params": {**parameters, **files},
        }  # fmt: skip
        self.calls.append(call)
        self.noted.set()
        if self._log:
            self._log.write(json.dumps(call) + "\n")

    def _file(self, rest: str) -> tuple[int, bytes]:
        token, _, path = rest.partition("/")
        file_id = path.split("/")[1] if path.count("/") == 2 else ""
        if token != self.token or file_id not in self.state.files:
            return _refused(404, "Not Found")
        return 200, self.state.files[file_id][1]

    def _control(self, path: str, scope: Mapping[str, Any], body: bytes) -> tuple[int, bytes]:
        name = path.removeprefix("/control/")
        given = json.loads(body or b"{}")
        query = dict(parse_qsl(scope["query_string"].decode()))
        answer: object = None
        if name in DEEDS:
            answer = getattr(self.people, name)(**given)
        elif name in {"document", "photo"}:
            answer = getattr(self.people, name)(**{**given, "content": given["content"].encode()})
        elif name == "fault":
            self.fault(**given)
        elif name == "clear":
            self.faults.active.clear()
        elif name == "calls":
            answer = self.calls[int(query.get("after", 0)) :]
        elif name == "violations":
            answer = self.violations
        elif name == "state":
            answer = {"pending": len(self.state.updates), "polls": self.polls, "calls": len(self.calls)}
        return 200, json.dumps(answer).encode()


def _listening(port: int) -> socket.socket:
    # The protocol is named because asyncio switches Nagle's delay (40 ms an answer) off only then.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return listening


async def _body(receive: Any) -> bytes:
    event = await receive()
    body: bytes = event.get("body", b"")
    while event.get("more_body"):
        event = await receive()
        body += event.get("body", b"")
    return body


def _refused(status: int, description: str) -> tuple[int, bytes]:
    return status, json.dumps({"ok": False, "error_code": status, "description": description}).encode()


def _answered(fault: Fault) -> tuple[int, bytes]:
    if fault.raw is not None:
        return fault.status, fault.raw.encode()
    parameters = {"parameters": dict(fault.parameters)} if fault.parameters else {}
    answer = {"ok": False, "error_code": fault.status, "description": fault.description} | parameters
    return fault.status, json.dumps(answer).encode()


def _parameters(scope: Mapping[str, Any], body: bytes) -> dict[str, object]:
    """The parameters of a call, whichever of the four ways they came."""
    query: dict[str, object] = dict(parse_qsl(scope["query_string"].decode()))
    content_type = dict(scope["headers"]).get(b"content-type", b"")
    if content_type.startswith(b"application/json"):
        query.update(json.loads(body or b"{}"))
        return query
    if content_type.startswith(b"multipart/form-data"):
        return query | _multipart(content_type.partition(b"boundary=")[2].strip(b'"'), body)
    return query | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _multipart(boundary: bytes, body: bytes) -> dict[str, object]:
    """The fields; a file as its name, its content byte by byte, and its MIME type."""
    found: dict[str, object] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head.decode().split("\r\n"))
        }
        marks = {
            name: re.sub(r"\\(.)", r"\1", value)
            for name, value in _QUOTED.findall(headers["content-disposition"])
        }
        mime = headers.get("content-type", "application/octet-stream")
        found[marks["name"]] = (marks["filename"], content, mime) if "filename" in marks else content.decode()
    return found


async def _serve(port: int, validate: Path | None, log: Path | None) -> None:
    async with BotApi(port, Spec(validate) if validate else None, log) as api:
        click.echo(f"{api.address} {api.token}")
        await asyncio.Event().wait()


@click.command()
@click.option("--port", default=8081, show_default=True)
@click.option(
    "--validate", type=click.Path(path_type=Path), help="Check every call against this specification."
)
@click.option("--log", type=click.Path(path_type=Path), help="Append every call to this file, as JSON lines.")
def main(port: int, validate: Path | None, log: Path | None) -> None:
    """Serve until interrupted."""
    asyncio.run(_serve(port, validate, log))


if __name__ == "__main__":
    main()
