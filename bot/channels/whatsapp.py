"""WhatsApp: raw events in, letters out, through the Cloud API of our own business number.

Ids of people and messages have phone numbers inside: they are revealed here, just before a request,
and concealed again before anything leaves.
"""

from datetime import timedelta

from starlette.routing import Route

from bot.channels import whatsapp_ingress, whatsapp_updates
from bot.channels.base import Accept
from bot.channels.whatsapp_errors import PAIR_PAUSE
from bot.channels.whatsapp_ingress import Hook
from bot.channels.whatsapp_letters import Part, parts
from bot.channels.whatsapp_messages import NAME
from bot.channels.whatsapp_names import Names
from bot.channels.whatsapp_wire import Access, Graph, Health, Number, Pace
from bot.errors import GiveUp, SendError, TryLater, Unsure
from bot.messages import PART, File, Incoming, Kind, Letter
from bot.points import reached

STANDARD = Pace()
LONGEST_PAIR_PAUSE = timedelta(minutes=5)


class WhatsApp:
    """The channel.  Close it at the end, or use it as an async context manager."""

    name = NAME

    def __init__(self, access: Access, names: Names, pace: Pace = STANDARD) -> None:
        self.graph = Graph(access, pace)
        self._access = access
        self._names = names
        self._arrived: dict[str, int] = {}  # parts of a letter, by its key, while it is not all sent
        self._pauses: dict[str, timedelta] = {}  # of chats that were written to too fast

    async def __aenter__(self) -> "WhatsApp":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self.graph.close()

    @property
    def health(self) -> Health:
        """What the operator should know of the connection."""
        return self.graph.health

    @property
    def refused(self) -> bool:
        """Whether WhatsApp does not accept the token or our number."""
        return self.health.refused

    def parse(self, body: bytes) -> Incoming | None:
        """Read one raw event; see `Channel.parse`."""
        return whatsapp_updates.read(body, self._names)

    def webhook(self, accept: Accept) -> list[Route]:
        """The routes WhatsApp brings events to; raises `Misconfigured` where anybody could pass for it."""
        access = self._access
        hook = Hook(access.phone_id, access.verify_token, access.app_secrets)
        return whatsapp_ingress.webhook(hook, self._names, accept)

    def is_group(self, chat: str) -> bool:  # noqa: ARG002
        """Never: groups of the Cloud API hold eight people and no buttons, and are not offered."""
        return False

    async def check(self) -> Number:
        """Whether token and number fit together; raises `SendError`."""
        return await self.graph.number()

    async def fetch(self, file: File, limit: int) -> bytes:
        """Download a file; see `Channel.fetch`."""
        if file.size > limit:
            raise GiveUp("file too large")
        return await self.graph.fetch(file.id, limit)

    # -- sending -----------------------------------------------------------------------------

    async def send(self, letter: Letter) -> str:
        """Send one letter; see `Channel.send`.

        A sent message cannot be changed, nor its buttons taken away: an edit is a new message, and
        what only tidies up is nothing.  No press waits for an answer.
        """
        match letter.kind:
            case Kind.TEXT | Kind.EDIT:
                return await self._send_parts(letter)
            case Kind.READ:
                await self.graph.read(self._revealed(letter.message), letter.to.conversation)
        return ""

    async def _send_parts(self, letter: Letter) -> str:
        """Send the parts in order.  A second try goes on after the parts that had arrived."""
        chat = self._revealed(letter.to.chat)
        file = letter.attachment if letter.stencil is None else None
        media = await self.graph.upload(file) if file else ""
        whole = parts(letter, media)
        if not whole:
            raise GiveUp("nothing to be said")
        begun = 0 if letter.stencil else min(self._arrived.get(letter.key, 0), len(whole) - 1)
        sent = ""
        for index, part in enumerate(whole[begun:], begun):
            mark = letter.mark if index == len(whole) - 1 else f"{letter.mark}{PART}"
            try:
                sent = await self._send_part(letter, chat, part, mark)
            except TryLater:
                if index and not letter.key:
                    raise Unsure("the first part has arrived, the rest has not") from None
                raise
            if letter.key:
                self._arrived[letter.key] = index + 1
        self._arrived.pop(letter.key, None)
        return self._names.conceal(sent)

    async def _send_part(self, letter: Letter, chat: str, part: Part, mark: str) -> str:
        conversation = letter.to.conversation
        reached("before_request")
        try:
            sent = await self.graph.message(chat, part.kind, part.content, mark, conversation)
        except TryLater as error:
            raise self._slower(error, conversation) from None
        except Unsure:
            raise
        except SendError:
            self._arrived.pop(letter.key, None)
            raise
        finally:
            reached("after_request")
        self._pauses.pop(conversation, None)
        return sent

    def _slower(self, error: TryLater, conversation: str) -> TryLater:
        """The error; a chat that is written to too fast again and again waits twice as long each time."""
        if error.scope == conversation:
            pause = self._pauses.get(conversation, PAIR_PAUSE)
            self._pauses[conversation] = min(pause * 2, LONGEST_PAIR_PAUSE)
            error.after = pause
        return error

    def _revealed(self, name: str) -> str:
        try:
            return self._names.reveal(name)
        except ValueError:
            raise GiveUp("no id of WhatsApp") from None
