"""Waiting for one of several events, or for some time."""

import asyncio


async def any_of(seconds: float, *bells: asyncio.Event) -> None:
    """Return when one of the events is set, or after so many seconds."""
    if any(bell.is_set() for bell in bells):
        return
    waits = [asyncio.ensure_future(bell.wait()) for bell in bells]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
