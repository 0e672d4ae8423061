"""`/healthz`, `/readyz` and `/metrics`."""

import asyncio
import hmac
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from functools import partial

import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor

from siaga.edge.config import EdgeConfig
from siaga.edge.http import answer, answer_json, answer_text, text_header
from siaga.edge.rules import caller, within
from siaga.edge.types import Scope, Send
from siaga.journal import queries as journal
from siaga.journal.heartbeats import is_fresh
from siaga.kernel import clock
from siaga.kernel.observability.metrics import exposition

EXPECTED_PROCESSES = ("clock", "work")
READY_SECONDS_MAX = 5.0
CACHE_SECONDS = 1.0
# What a load balancer asks: may this node be sent pages? A missing worker does not change that.
FOR_TRAFFIC = frozenset({"database", "migrations"})

_log = structlog.get_logger(__name__)
_migrations_seen_applied = False


def examine(now: datetime) -> dict[str, str]:
    """Each part of the centre with `ok` or what is wrong with it. Blocks on the database."""
    close_old_connections()
    try:
        state = {"database": "ok", "migrations": _migrations(), **_processes(now)}
    except DatabaseError as error:
        _log.warning("not_ready", error=type(error).__name__)
        connection.close()
        unknown = dict.fromkeys(("migrations", *EXPECTED_PROCESSES), "unknown")
        return {"database": "unreachable", **unknown}
    finally:
        close_old_connections()
    return state


def _migrations() -> str:
    """Looked at until they are all there; this process's own code cannot change afterwards."""
    global _migrations_seen_applied
    if not _migrations_seen_applied:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        _migrations_seen_applied = not waiting
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    return "ok" if _migrations_seen_applied else "missing"


def _processes(now: datetime) -> dict[str, str]:
    beats = journal.heartbeats()
    return {
        process: "ok" if is_fresh(beats.get(process), now) else "silent"
        for process in EXPECTED_PROCESSES
    }


class HealthDoor:
    """Says how this process and the centre are."""

    def __init__(
        self, config: EdgeConfig, threads: Executor, live: Callable[[], dict[str, str]]
    ) -> None:
        self._config = config
        self._threads = threads
        self._live = live
        self._known: dict[str, str] = {}
        self._known_at = float("-inf")
        self._asking = asyncio.Lock()

    async def alive(self, send: Send) -> None:
        """The event loop turns; nothing else is asked."""
        await answer_text(send, 200, "ok\n")

    async def ready(self, scope: Scope, send: Send) -> None:
        """200 when every part is well, else 503; `?for=traffic` asks for this node's parts only."""
        state = {**await self._state(), **self._live()}
        wanted = state
        if scope["query_string"] == b"for=traffic":
            wanted = {part: state[part] for part in FOR_TRAFFIC}
        is_ready = all(value == "ok" for value in wanted.values())
        await answer_json(send, 200 if is_ready else 503, {"ready": is_ready, "parts": state})

    async def metrics(self, scope: Scope, send: Send) -> None:
        """Prometheus's text, for allowed addresses or the bearer of the token; else 404."""
        if not self._may_read(scope):
            await answer_text(send, 404, "Not found.\n")
            return
        loop = asyncio.get_running_loop()
        body, kind = await loop.run_in_executor(self._threads, _exposition)
        await answer(send, 200, body, kind=kind.encode())

    async def _state(self) -> dict[str, str]:
        loop = asyncio.get_running_loop()
        async with self._asking:
            if loop.time() - self._known_at > CACHE_SECONDS:
                asking = loop.run_in_executor(self._threads, partial(examine, clock.now()))
                try:
                    async with asyncio.timeout(READY_SECONDS_MAX):
                        self._known = await asking
                except TimeoutError:
                    silent = ("database", "migrations", *EXPECTED_PROCESSES)
                    self._known = dict.fromkeys(silent, "no answer")
                self._known_at = loop.time()
            return self._known

    def _may_read(self, scope: Scope) -> bool:
        token = self._config.metrics_token
        given = text_header(scope, b"authorization") or ""
        if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return True
        peer = (scope.get("client") or ("",))[0]
        who = caller(peer, scope["scheme"], scope["headers"], self._config.trusted_proxies)
        # A proxy we were not told of makes the whole world look like the loopback address.
        return not who.veiled and within(who.address, self._config.metrics_from)


def _exposition() -> tuple[bytes, str]:
    close_old_connections()
    try:
        return exposition()
    finally:
        close_old_connections()
