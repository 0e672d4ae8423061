"""Group commit: many deliveries, one transaction, and an answer only after its COMMIT.

While one transaction is being flushed, arriving deliveries queue up and the next one takes them
all. There is no artificial delay: the commit in flight is the delay.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psycopg
import structlog

from siaga.journal.waking import Waker
from siaga.journal.wire import open_direct_async
from siaga.kernel.observability.metrics import intake_batch_rows, intake_waiting
from siaga.kernel.tasks import run_together

CHANNEL = "siaga_inbound"
BATCH_MAX = 256
ANSWER_SECONDS = 10.0
ATTEMPTS_MAX = 2
RETRY_SECONDS = 0.1
RETRY_SECONDS_MAX = 2.0

# The scope and the rows in one statement, so that a batch is one round trip. The rows come out of
# the join with `scope`, so the setting stands before row-level security looks at the first of them.
_STORE = """
WITH scope AS MATERIALIZED (SELECT set_config('siaga.regions', '*', true))
INSERT INTO messaging_inbound (region_id, door, external_id, body, request_id)
SELECT region_id, door, external_id, body, request_id
FROM scope, unnest(%b::text[], %b::text[], %b::text[], %b::bytea[], %b::text[])
    AS given (region_id, door, external_id, body, request_id)
ON CONFLICT (region_id, door, external_id) DO NOTHING
"""

_FAULT_OF_THE_ROW = (psycopg.DataError, psycopg.IntegrityError)

_log = structlog.get_logger(__name__)


class StoreUnavailable(Exception):
    """The database does not answer now; the sender should come again."""


class StoreFull(StoreUnavailable):
    """More is waiting than should; the sender should come again."""


class DeliveryRefused(Exception):
    """The database refuses this delivery itself, and would again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A raw body at one of the doors; `external_id` makes a repeated one harmless."""

    region_id: str
    door: str
    external_id: str
    body: bytes
    request_id: str


@dataclass(slots=True)
class _Waiting:
    delivery: Delivery
    stored: asyncio.Future[None]
    since: float
    attempts: int = 0


Connect = Callable[[], Awaitable[psycopg.AsyncConnection]]


class GroupCommit:
    """The one writer of this process into the raw inbox."""

    def __init__(self, *, waiting_max: int, connect: Connect = open_direct_async) -> None:
        self._waiting_max = waiting_max
        self._connect = connect
        self._waiting: list[_Waiting] = []
        self._in_flight: list[_Waiting] = []
        self._arrived = asyncio.Event()
        self._down = False
        self._bell = Waker(CHANNEL)

    async def store(self, delivery: Delivery) -> None:
        """Return when the delivery is on disk.

        Raises StoreFull, StoreUnavailable (it may or may not have been stored: send it again) or
        DeliveryRefused.
        """
        if self._down:
            raise StoreUnavailable
        if len(self._waiting) >= self._waiting_max:
            raise StoreFull
        loop = asyncio.get_running_loop()
        waiting = _Waiting(delivery, loop.create_future(), loop.time())
        self._waiting.append(waiting)
        self._arrived.set()
        await waiting.stored

    async def run(self) -> None:
        """Serve until cancelled, through any number of lost connections."""
        await run_together(self._flush_for_ever(), self._turn_away_late())

    async def _flush_for_ever(self) -> None:
        pause = 0.0
        while True:
            try:
                async with await self._connect() as connection:
                    self._down = False
                    pause = 0.0
                    await self._serve(connection)
            except (psycopg.Error, OSError) as error:
                _log.warning("intake_store_lost", error=type(error).__name__)
            # A connection lost between two batches is simply replaced; one that cannot be replaced
            # means that nobody should be kept waiting.
            if pause:
                self._down = True
                self._turn_away([*self._in_flight, *self._waiting])
                self._in_flight, self._waiting = [], []
            await asyncio.sleep(pause)
            pause = min(pause * 2 or RETRY_SECONDS, RETRY_SECONDS_MAX)

    async def drain(self) -> None:
        """Wait until nothing waits any more; for an orderly end."""
        while (self._waiting or self._in_flight) and not self._down:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        self._bell.stop()

    async def _turn_away_late(self) -> None:
        """Nobody waits longer than ANSWER_SECONDS, even for a database that hangs."""
        while True:
            await asyncio.sleep(1.0)
            since = asyncio.get_running_loop().time() - ANSWER_SECONDS
            late = [item for item in (*self._in_flight, *self._waiting) if item.since < since]
            self._turn_away(late)

    async def _serve(self, connection: psycopg.AsyncConnection) -> None:
        cursor = connection.cursor(binary=True)
        while True:
            if not self._in_flight:
                await self._take()
            await self._flush(cursor)
            self._in_flight = []

    async def _take(self) -> None:
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        self._in_flight = self._waiting[:BATCH_MAX]
        del self._waiting[:BATCH_MAX]
        intake_waiting.set(len(self._waiting))

    async def _flush(self, cursor: psycopg.AsyncCursor) -> None:
        self._in_flight = self._worth_trying(self._in_flight)
        batch = self._in_flight
        if not batch:
            return
        try:
            await _insert(cursor, batch)
        except _FAULT_OF_THE_ROW:
            await self._one_by_one(cursor, batch)
        except psycopg.Error as error:
            if cursor.connection.closed:
                raise  # The whole batch is tried once more: storing a row twice is impossible.
            # The database lives but cannot write now: full disk, read-only, cancelled.
            _log.warning("intake_store_failed", error=type(error).__name__)
            self._turn_away(batch)
        else:
            intake_batch_rows.observe(len(batch))
            self._answer(batch)

    async def _one_by_one(self, cursor: psycopg.AsyncCursor, batch: list[_Waiting]) -> None:
        """One bad delivery must not take its neighbours along."""
        for waiting in batch:
            try:
                await _insert(cursor, [waiting])
            except _FAULT_OF_THE_ROW as error:
                kind = type(error).__name__
                _log.error("intake_refused", error=kind, refused=waiting.delivery.request_id)
                _settle(waiting, DeliveryRefused())
            except psycopg.Error:
                if cursor.connection.closed:
                    raise
                self._turn_away([waiting])
            else:
                self._answer([waiting])

    def _answer(self, batch: list[_Waiting]) -> None:
        for waiting in batch:
            _settle(waiting, None)
        self._bell.wake()

    def _worth_trying(self, batch: list[_Waiting]) -> list[_Waiting]:
        again = []
        for waiting in batch:
            waiting.attempts += 1
            if waiting.stored.done():
                continue
            if waiting.attempts > ATTEMPTS_MAX:
                _settle(waiting, StoreUnavailable())
            else:
                again.append(waiting)
        return again

    def _turn_away(self, batch: list[_Waiting]) -> None:
        for waiting in batch:
            _settle(waiting, StoreUnavailable())


def _settle(waiting: _Waiting, error: Exception | None) -> None:
    if waiting.stored.done():
        return
    if error is None:
        waiting.stored.set_result(None)
    else:
        waiting.stored.set_exception(error)


async def _insert(cursor: psycopg.AsyncCursor, batch: list[_Waiting]) -> None:
    rows = [waiting.delivery for waiting in batch]
    await cursor.execute(
        _STORE,
        (
            [row.region_id for row in rows],
            [row.door for row in rows],
            [row.external_id for row in rows],
            [row.body for row in rows],
            [row.request_id for row in rows],
        ),
        prepare=True,
    )
