"""The front of the house: one ASGI application that owns the socket.

Webhooks, live streams, health and metrics are answered here, on the event loop; everything else
goes through one hop into a thread that runs Django. With SIAGA_EDGE_ONLY=1 another process does
that, and this one answers 404. Django stands already: `siaga serve` and `siaga edge` set it up.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.core.wsgi import get_wsgi_application

from siaga.edge import figures
from siaga.edge.bridge import Bridge
from siaga.edge.commits import GroupCommit
from siaga.edge.config import EdgeConfig, edge_config
from siaga.edge.health import HealthDoor
from siaga.edge.http import answer_text
from siaga.edge.intake import WhatsAppDoor
from siaga.edge.live import LiveDoor, register_ticket_resolver
from siaga.edge.tickets import subjects_of_code
from siaga.edge.types import Receive, Scope, Send
from siaga.journal import waking
from siaga.kernel.tasks import end_tasks

WHATSAPP_PREFIX = "/in/whatsapp/"
LIVE_PREFIX = "/live/"
ASKING_THREADS = 4
DRAIN_SECONDS = 5.0
REBIRTH_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class Edge:
    """Routes requests, and keeps the flusher, the follower and the ticker alive."""

    def __init__(self, config: EdgeConfig) -> None:
        self._config = config
        self._asking = ThreadPoolExecutor(ASKING_THREADS, "edge-asking")
        self._pages = ThreadPoolExecutor(config.threads, "pages")
        self._tasks: list[asyncio.Task[None]] = []
        self._bridge = None if config.only else Bridge(get_wsgi_application(), config, self._pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] == "http":
            await self._route(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live_and_die(receive, send)

    def close_streams(self) -> None:
        """End the live streams, so that an orderly end need not wait for them."""
        if self._tasks:
            self._live.streams.close_all()

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith(WHATSAPP_PREFIX):
            region = path[len(WHATSAPP_PREFIX) :].rstrip("/")
            await self._whatsapp(scope, receive, send, region=region)
        elif path.startswith(LIVE_PREFIX):
            region = path[len(LIVE_PREFIX) :].rstrip("/")
            await self._live(scope, receive, send, region=region)
        elif path == "/healthz":
            await self._health.alive(send)
        elif path == "/readyz":
            await self._health.ready(scope, send)
        elif path == "/metrics":
            await self._health.metrics(scope, send)
        elif self._bridge is None:
            await answer_text(send, 404, "Not found.\n", [(b"connection", b"close")])
        else:
            await self._bridge(scope, receive, send)

    async def _live_and_die(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._begin()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._end()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _begin(self) -> None:
        """Needs no database: what comes before it is there is told to come again."""
        figures.register()
        register_ticket_resolver(subjects_of_code)
        self._store = GroupCommit(waiting_max=self._config.intake_waiting_max)
        self._whatsapp = WhatsAppDoor(self._store, self._config)
        self._live = LiveDoor(self._config, self._asking)
        self._health = HealthDoor(self._config, self._asking, self._state)
        self._tasks = [
            asyncio.create_task(_keep_alive(name, work))
            for name, work in (
                ("flusher", self._store.run),
                ("follower", self._live.follower.run),
                ("ticker", self._live.tick),
            )
        ]
        # What stands now stands for good; the collector need not walk through it again and again.
        gc.collect()
        gc.freeze()

    async def _end(self) -> None:
        self.close_streams()
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._store.drain()
        except TimeoutError:
            _log.warning("intake_not_drained")
        await end_tasks(self._tasks)
        await self._live.follower.aclose()
        waking.stop()
        self._pages.shutdown(wait=False, cancel_futures=True)
        self._asking.shutdown(wait=False, cancel_futures=True)

    def _state(self) -> dict[str, str]:
        return {"live": "ok" if self._live.follower.connected else "waiting"}


async def _keep_alive(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """A part that falls over is a mistake of ours; it is told and stood up again."""
    while True:
        try:
            await work()
        except Exception:
            _log.exception("edge_part_failed", part=name)
        await asyncio.sleep(REBIRTH_SECONDS)


application = Edge(edge_config())
