"""What a platform posts to us, before anybody looks into it."""

from starlette.requests import Request


async def whole(request: Request, limit: int) -> bytes | None:
    """The body, or None as soon as it is larger than `limit` (bytes)."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)
