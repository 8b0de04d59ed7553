"""What an operator and a monitor can see of the running bot: `/healthz` and `/metrics`."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import ledger
from bot.clock import Clock
from bot.messages import Outgoing
from bot.store import inbox, jobs, office, outbox, records
from bot.store.database import Store, Tx

#: A clock that did not tick for this long has stopped.
TICK = timedelta(minutes=2)

#: What was put aside is told for this long; it stops nothing, and so it is no problem.
ASIDE = timedelta(days=1)

#: What is not settled, by state: how many rows, and since when.
Waiting = Callable[[Tx], dict[str, tuple[int, str]]]
QUEUES: Mapping[str, Waiting] = {"inbox": inbox.waiting, "outbox": outbox.waiting, "jobs": jobs.waiting}

#: Says what is wrong with a channel, "" while it works.
Check = Callable[[], str]
#: When the clock ticked last.
Ticked = Callable[[], datetime | None]


#: Says when a channel was heard last (None: it does not ask), and what is wrong with it.
Heard = Callable[[], tuple[datetime | None, str]]

#: What is noted of the channels is this old at most.
NOTED = timedelta(minutes=1)


class Pulse:
    """Notes in the store how the channels are, for those who ask in a chat: a planner that plans nothing."""

    def __init__(self, channels: Mapping[str, Heard]) -> None:
        self._channels = channels

    def plan(self, tx: Tx, _since: datetime, until: datetime) -> list[Outgoing]:
        """At most once a minute, and at once what changes."""
        for name, heard in self._channels.items():
            at, problem = heard()
            known = json.loads(records.get(tx, f"channel:{name}") or "{}")
            fresh = known.get("noted", "") > inbox.stamp(until - NOTED)
            if fresh and known.get("problem") == problem:
                continue
            told = {"at": inbox.stamp(at) if at else "", "problem": problem, "noted": inbox.stamp(until)}
            records.put(tx, f"channel:{name}", json.dumps(told))
        return []


class Health:
    """Looks at the queues, the clock and the channels."""

    def __init__(self, store: Store, clock: Clock, ticked: Ticked, channels: Mapping[str, Check]) -> None:
        self._store = store
        self._clock = clock
        self._ticked = ticked
        self._channels = channels

    async def look(self) -> dict[str, Any]:
        """Everything as plain values; `problems` is empty while all is well, `notices` want a look some time."""
        now = self._clock.now()

        def count(tx: Tx) -> tuple[dict[str, dict[str, Any]], int, int]:
            queues = {name: _told(waiting(tx)) for name, waiting in QUEUES.items()}
            return queues, ledger.unreckoned(tx), office.set_aside(tx, now - ASIDE)

        queues, unreckoned, aside = await self._store.read(count)
        problems = [f"{name}: {wrong}" for name, check in self._channels.items() if (wrong := check())]
        ticked = self._ticked()
        if ticked is None or now - ticked > TICK:
            problems.append("the clock does not tick")
        if unreckoned:
            problems.append(f"ledger: {unreckoned} villages could not be reckoned")
        notices = [f"inbox: {aside} of the last 24 hours quarantined, the log says why"] if aside else []
        return {
            "ok": not problems,
            "problems": problems,
            "notices": notices,
            **queues,
        }

    async def page(self, _request: Request) -> JSONResponse:
        """`/healthz`: 200 while all is well, 503 with the problems otherwise."""
        found = await self.look()
        return JSONResponse(found, status_code=200 if found["ok"] else 503)

    async def metrics(self, _request: Request) -> Response:
        """`/metrics`, as Prometheus reads it."""
        found = await self.look()
        registry = CollectorRegistry()
        up = Gauge("payung_ok", "1 while nothing is wrong", registry=registry)
        up.set(int(found["ok"]))
        parts = Gauge("payung_part_ok", "1 while nothing is wrong with it", ["part"], registry=registry)
        for name, check in self._channels.items():
            parts.labels(name).set(int(not check()))
        for queue in QUEUES:
            gauge = Gauge(
                f"payung_{queue}", f"rows of the {queue} that are not settled", ["state"], registry=registry
            )
            for state, row in found[queue].items():
                gauge.labels(state).set(row["count"])
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    def routes(self) -> list[Route]:
        """The two pages."""
        return [Route("/healthz", self.page), Route("/metrics", self.metrics)]


def _told(waiting: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    return {state: {"count": count, "since": since} for state, (count, since) in waiting.items()}
