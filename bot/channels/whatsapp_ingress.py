"""How events come in: WhatsApp asks once whether the address is ours, and brings signed requests.

What is signed is genuine: it is committed first and acknowledged after, also where nobody can read it.
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import logs
from bot.channels.base import Accept
from bot.channels.posted import whole
from bot.channels.whatsapp_names import Names
from bot.channels.whatsapp_updates import split
from bot.errors import Misconfigured
from bot.points import reached

PATH = "/whatsapp"
SIGNATURE = "X-Hub-Signature-256"
#: The largest request that WhatsApp sends.
BODY_LIMIT = 3 << 20

_CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,256}")
_CLEAR = re.compile(r"[!-~]+")

log = logs.get(__name__)


@dataclass(frozen=True)
class Hook:
    """What the webhook was set up with; a second app secret counts while the first is exchanged."""

    phone_number_id: str
    verify_token: str = field(repr=False)
    app_secrets: tuple[str, ...] = field(repr=False)

    def check(self) -> None:
        """`Misconfigured` where anybody could pass for WhatsApp."""
        if not self.app_secrets or not all(map(_CLEAR.fullmatch, self.app_secrets)):
            raise Misconfigured("the WhatsApp app secret is missing or has blanks in it")
        if not _CLEAR.fullmatch(self.verify_token):
            raise Misconfigured("the WhatsApp verify token is missing or has blanks in it")
        if not _CLEAR.fullmatch(self.phone_number_id):
            raise Misconfigured("the id of the WhatsApp number is missing or has blanks in it")

    def signed(self, body: bytes, signature: str) -> bool:
        """Whether one of the secrets made this signature; each is tried, so time tells nothing."""
        given = signature.encode()
        found = [hmac.compare_digest(given, sign(body, secret).encode()) for secret in self.app_secrets]
        return any(found)


def sign(body: bytes, secret: str) -> str:
    """The signature of a request as it stands in its header."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def webhook(hook: Hook, names: Names, accept: Accept) -> list[Route]:
    """`GET /whatsapp` answers the challenge; `POST` is 200 only once its events are committed."""
    hook.check()
    token = hook.verify_token.encode()

    async def challenge(request: Request) -> Response:
        asked = request.query_params
        given = asked.get("hub.verify_token", "").encode("utf-8", "replace")
        genuine = hmac.compare_digest(given, token) and asked.get("hub.mode") == "subscribe"
        if not genuine or not _CHALLENGE.fullmatch(asked.get("hub.challenge", "")):
            return Response(status_code=403)
        return PlainTextResponse(asked["hub.challenge"], headers={"X-Content-Type-Options": "nosniff"})

    async def receive(request: Request) -> Response:
        signature = request.headers.get(SIGNATURE)
        if not signature:
            return Response(status_code=401)
        try:
            body = await whole(request, BODY_LIMIT)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        if not hook.signed(body, signature):
            log.warning("request with a wrong signature refused")
            return Response(status_code=403)
        status = await _take(body, hook, names, accept)
        return Response(status_code=status, background=BackgroundTask(_answered))

    return [Route(PATH, challenge, methods=["GET"]), Route(PATH, receive, methods=["POST"])]


async def _take(body: bytes, hook: Hook, names: Names, accept: Accept) -> int:
    """The status that a genuine request is answered with."""
    arrivals = split(body, hook.phone_number_id, names)
    try:
        if arrivals:
            await accept(arrivals)
    except Exception:  # whatever the store says: not safe, so not acknowledged
        log.exception("arrivals not committed", count=len(arrivals))
        return 503
    reached("before_200")
    return 200


async def _answered() -> None:
    reached("after_200")
