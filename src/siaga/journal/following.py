"""Follow the journal as it grows: each committed entry once, in an order that skips none.

Ids are given when a row is written but become visible when its transaction commits, so a reader
that asks for "id greater than the last" loses rows. Here the order is `(xid, seq)`, and only what
lies below the oldest open transaction is read: nothing can appear behind such a mark any more. The
price is that one long write transaction holds the feed back; `held_back_seconds` tells. Numbers of
transactions are the server's, so one in another database would hold it back too: whoever waits
looks past those, for they cannot write here.

One reader per process serves everybody in it. NOTIFY only wakes it; it also asks every second.
"""

import asyncio
import contextlib
import re
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

import psycopg
import structlog
from django.db import connection as django_connection
from psycopg import sql

from siaga.journal.waking import CHANNEL
from siaga.journal.wire import open_direct_async
from siaga.kernel import clock
from siaga.kernel.observability.metrics import live_held_back_seconds, live_lag_seconds
from siaga.kernel.tasks import run_together
from siaga.kernel.tenancy import ALL_REGIONS
from siaga.kernel.types import RegionId

POLL_SECONDS = 1.0
PENDING_POLL_SECONDS = 0.01
PENDING_POLL_SECONDS_MAX = 0.25
READ_MAX = 500
RECENT_MAX = 5_000
# A page's mark may be newer than our last look by what a busy cluster does in a second.
AHEAD_XIDS_MAX = 20_000
STRANGERS_SECONDS = 0.05
READY_SECONDS = 5.0
RETRY_SECONDS = 0.2
RETRY_SECONDS_MAX = 2.0

_SEQ_MAX = 2**63 - 1
_MARK = re.compile(r"(\d{1,19})-(\d{1,19})")
_SCOPE = """
SELECT set_config('siaga.regions', %s, true),
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
_COLUMNS = "SELECT xid::text::bigint, seq, region_id, name, subjects, at"
_NEWER = (
    _COLUMNS
    + """, xid < greatest(pg_snapshot_xmin(pg_current_snapshot()), %s::text::xid8)
FROM journal_entry WHERE (xid, seq) > (%s::text::xid8, %s)
ORDER BY xid, seq LIMIT %s
"""
)
_NEWEST = (
    _COLUMNS
    + """
FROM journal_entry WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xid DESC, seq DESC LIMIT %s
"""
)
_OF_REGION = (
    _COLUMNS
    + """
FROM journal_entry
WHERE region_id = %s AND (xid, seq) > (%s::text::xid8, %s)
  AND xid < greatest(pg_snapshot_xmin(pg_current_snapshot()), %s::text::xid8)
ORDER BY xid, seq LIMIT %s
"""
)

# Whose transaction cannot be told (it has just begun or ended) counts as one of this database.
_OWN_HORIZON = """
WITH present AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot)
SELECT coalesce(
    (
        SELECT min(open.xid::text::bigint)
        FROM present, pg_snapshot_xip(present.snapshot) AS open (xid)
        LEFT JOIN pg_locks AS held
            ON held.locktype = 'transactionid' AND held.granted AND held.mode = 'ExclusiveLock'
            AND held.transactionid = open.xid::xid
        LEFT JOIN pg_stat_activity AS owner ON owner.pid = held.pid
        WHERE owner.datname IS NULL OR owner.datname = current_database()
    ),
    (SELECT pg_snapshot_xmax(snapshot)::text::bigint FROM present)
)
"""

_log = structlog.get_logger(__name__)


class Mark(NamedTuple):
    """A place in the feed: everything up to and including it has been seen."""

    xid: int
    seq: int

    def __str__(self) -> str:
        return f"{self.xid}-{self.seq}"

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The mark written as `xid-seq`, or None for anything else."""
        found = _MARK.fullmatch(text or "")
        if found is None or int(found[2]) > _SEQ_MAX or int(found[1]) > _SEQ_MAX:
            return None
        return cls(int(found[1]), int(found[2]))


START = Mark(0, 0)


@dataclass(frozen=True, slots=True)
class Hint:
    """That something happened, and to what; no personal data."""

    mark: Mark
    region_id: RegionId
    name: str
    subjects: tuple[UUID, ...]
    at: datetime


class TooFarBehind(Exception):
    """More was missed than is worth replaying, or the mark is not of this database."""


def mark() -> Mark:
    """Where the feed stands now: take it, then read the picture, then follow from it.

    Whatever commits after this call is certain to come after the mark; what the following reads
    already show may come again, so applying an entry twice must be harmless.
    """
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return Mark(int(cursor.fetchone()[0]) - 1, _SEQ_MAX)


class Follower:
    """Reads the journal once for the whole process and hands batches of hints to `deliver`."""

    def __init__(
        self,
        deliver: Callable[[list[Hint]], None],
        others: Mapping[str, Callable[[str], None]] | None = None,
    ) -> None:
        """`others` are told what is notified on channels besides the journal's own."""
        self._deliver = deliver
        self._others = dict(others or {})
        self._woken = asyncio.Event()
        self._catching_up = asyncio.Lock()
        self._catch_up_connection: psycopg.AsyncConnection | None = None
        self._recent: list[Hint] = []
        # Every settled entry after this mark, up to `position`, is in `_recent`.
        self._recent_after = START
        self._horizon_xid = 0
        # No transaction of this database below it is open any more.
        self._own_horizon_xid = 0
        self._pending_since: float | None = None
        self._primed = asyncio.Event()
        self.position = START
        self.connected = False

    async def run(self) -> None:
        """Follow until cancelled; a lost database is waited for, and nothing is skipped."""
        await run_together(self._keep(self._listen), self._keep(self._follow))

    async def ready(self) -> None:
        """Wait until the present position is known; TimeoutError if the database stays away."""
        if not self._primed.is_set():
            async with asyncio.timeout(READY_SECONDS):
                await self._primed.wait()

    async def since(self, region_id: RegionId, after: Mark, *, limit: int) -> list[Hint]:
        """What a region's client missed after `after`, oldest first.

        Subscribe to `deliver` first, then call this, then drop what is not newer than the last.
        Raises TooFarBehind beyond `limit`, psycopg.Error without a database.
        """
        near = after.xid <= max(self._horizon_xid, self.position.xid) + AHEAD_XIDS_MAX
        if self._primed.is_set() and near and after >= self._recent_after:
            start = bisect_right(self._recent, after, key=lambda hint: hint.mark)
            found = [hint for hint in self._recent[start:] if hint.region_id == region_id]
        else:
            found = await self._read_missed(region_id, after, limit)
        if len(found) > limit:
            raise TooFarBehind
        return found

    async def aclose(self) -> None:
        """Give the catch-up connection back."""
        if self._catch_up_connection is not None:
            await self._catch_up_connection.close()

    async def _keep(self, work: Callable[[psycopg.AsyncConnection], Any]) -> None:
        pause = RETRY_SECONDS
        while True:
            try:
                async with await open_direct_async() as connection:
                    pause = RETRY_SECONDS
                    await work(connection)
            except (psycopg.Error, OSError) as error:
                kind = type(error).__name__
                _log.warning("journal_follower_lost", work=work.__name__, error=kind)
                self.connected = False
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_SECONDS_MAX)

    async def _listen(self, connection: psycopg.AsyncConnection) -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        for channel in self._others:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        self._woken.set()
        async for told in connection.notifies():
            if told.channel == CHANNEL:
                self._woken.set()
            elif told.channel in self._others:
                self._others[told.channel](told.payload)

    async def _follow(self, connection: psycopg.AsyncConnection) -> None:
        if not self._primed.is_set():
            await self._prime(connection)
        pause = PENDING_POLL_SECONDS
        while True:
            self._woken.clear()
            hints, pending, full = await self._read(connection)
            self.connected = True
            self._note_pending(pending=pending)
            if hints:
                self._remember(hints)
                self._deliver(hints)
                pause = PENDING_POLL_SECONDS
            if full:
                continue
            if pending and self.held_back_seconds > STRANGERS_SECONDS:
                await self._look_past_strangers(connection)
            if pending:
                # Nobody tells when the older transaction ends: look again soon, then less soon.
                await asyncio.sleep(pause)
                pause = min(pause * 2, PENDING_POLL_SECONDS_MAX)
            else:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._woken.wait()

    async def _prime(self, connection: psycopg.AsyncConnection) -> None:
        """Begin at the present, remembering the latest entries for clients that come back."""
        async with _all_regions(connection) as snapshot:
            rows = await (await connection.execute(_NEWEST, (RECENT_MAX,))).fetchall()
        self._recent = [_hint(row) for row in reversed(rows)]
        if self._recent:
            self.position = self._recent[-1].mark
            self._recent_after = self._recent[0].mark if len(rows) == RECENT_MAX else START
        if self.position.xid >= snapshot.xmax:
            _log.error("journal_ahead_of_database", position=str(self.position), cure=_RESTORE_CURE)
        self._primed.set()

    async def _read(self, connection: psycopg.AsyncConnection) -> tuple[list[Hint], bool, bool]:
        """The settled hints after the position, whether others wait behind them, whether more."""
        async with _all_regions(connection) as snapshot:
            cursor = await connection.execute(
                _NEWER,
                (
                    str(self._own_horizon_xid),
                    str(self.position.xid),
                    self.position.seq,
                    READ_MAX,
                ),
                prepare=True,
            )
            rows = await cursor.fetchall()
        self._horizon_xid = snapshot.xmin
        # Settled rows come first, because the order is that of the transactions.
        settled = [_hint(row) for row in rows if row[-1]]
        return settled, len(settled) < len(rows), len(settled) == READ_MAX

    async def _look_past_strangers(self, connection: psycopg.AsyncConnection) -> None:
        row = await (await connection.execute(_OWN_HORIZON)).fetchone()
        assert row is not None
        self._own_horizon_xid = max(self._own_horizon_xid, row[0])

    def _remember(self, hints: list[Hint]) -> None:
        now = clock.now()
        for hint in hints:
            live_lag_seconds.observe(max(0.0, (now - hint.at).total_seconds()))
        self.position = hints[-1].mark
        self._recent.extend(hints)
        if len(self._recent) > 2 * RECENT_MAX:
            self._recent_after = self._recent[-RECENT_MAX - 1].mark
            del self._recent[:-RECENT_MAX]

    def _note_pending(self, *, pending: bool) -> None:
        now = asyncio.get_running_loop().time()
        if not pending:
            self._pending_since = None
        elif self._pending_since is None:
            self._pending_since = now
        live_held_back_seconds.set(self.held_back_seconds)

    @property
    def held_back_seconds(self) -> float:
        """How long a committed entry has been waiting behind an older open transaction."""
        if self._pending_since is None:
            return 0.0
        return asyncio.get_running_loop().time() - self._pending_since

    async def _read_missed(self, region_id: RegionId, after: Mark, limit: int) -> list[Hint]:
        async with self._catching_up:
            connection = self._catch_up_connection
            if connection is None or connection.closed:
                connection = self._catch_up_connection = await open_direct_async()
            async with _all_regions(connection) as snapshot:
                if after.xid >= snapshot.xmax:
                    raise TooFarBehind
                asked = (
                    region_id,
                    str(after.xid),
                    after.seq,
                    str(self._own_horizon_xid),
                    limit + 1,
                )
                rows = await (await connection.execute(_OF_REGION, asked)).fetchall()
        return [_hint(row) for row in rows]


_RESTORE_CURE = "the database was restored from a dump: stop Siaga and run `siaga setup`"


class _Snapshot(NamedTuple):
    xmin: int
    xmax: int


@contextlib.asynccontextmanager
async def _all_regions(connection: psycopg.AsyncConnection) -> AsyncIterator[_Snapshot]:
    async with connection.transaction():
        row = await (await connection.execute(_SCOPE, (ALL_REGIONS,))).fetchone()
        assert row is not None
        yield _Snapshot(row[1], row[2])


def _hint(row: tuple[Any, ...]) -> Hint:
    xid, seq, region_id, name, subjects, at = row[:6]
    return Hint(Mark(xid, seq), RegionId(region_id), name, tuple(subjects), at)
