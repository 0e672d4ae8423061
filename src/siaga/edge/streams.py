"""The open live streams of this process, and how a hint reaches each of them.

A hint is written out once and the same bytes are handed to everybody. Nobody is waited for: a
client that does not keep up is cut, comes back and catches up.
"""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from siaga.edge.viewers import Pass, Permit
from siaga.journal.following import Hint, Mark
from siaga.kernel.observability.metrics import live_clients, live_cut, live_hints
from siaga.kernel.types import RegionId

HEARTBEAT = b": \n\n"
HELD_MAX = 2_000
TICKET_EVENT = "report.changed"
PHONE_EVENT = "phone"

End = Literal["gone", "slow", "signed_out", "closing", "held_too_long"]
_encode = msgspec.json.Encoder().encode


def event(kind: str, mark: Mark) -> bytes:
    """A named event that carries nothing but the place in the feed."""
    return f"id: {mark}\nevent: {kind}\ndata: {{}}\n\n".encode()


def encode_hint(hint: Hint) -> bytes:
    """A hint as staff receive it: an unnamed event, so `onmessage` hears it."""
    data = _encode({"name": hint.name, "subjects": hint.subjects, "at": hint.at})
    return b"id: %s\ndata: %s\n\n" % (str(hint.mark).encode(), data)


def encode_phone(at: datetime) -> bytes:
    """That the telephone's picture is another one; without an id, for it has no place in the feed.

    A page that missed it reads the whole picture when it comes back.
    """
    return b"data: %s\n\n" % _encode({"name": PHONE_EVENT, "subjects": [], "at": at})


def encode_for_ticket(hint: Hint, subjects: frozenset[UUID]) -> bytes:
    """A hint as a citizen receives it: that their report changed, not what was done to it."""
    own = [subject for subject in hint.subjects if subject in subjects]
    data = _encode({"name": TICKET_EVENT, "subjects": own, "at": hint.at})
    return b"id: %s\ndata: %s\n\n" % (str(hint.mark).encode(), data)


class Client:
    """One open stream: what is still to be sent, and whether it is over."""

    def __init__(
        self, shown: Pass, permit: Permit, holder: str, *, queue_max: int, now: float
    ) -> None:
        self.shown = shown
        self.permit = permit
        self.holder = holder
        self.queue_max = queue_max
        self.checked_at = now
        self.touched_at = now
        self.recheck_wanted = False
        self.ended: End | None = None
        # While the missed part is being read, fresh hints wait here.
        self.held: list[Hint] | None = []
        self.on_end: Callable[[], None] | None = None
        self._chunks: deque[bytes] = deque()
        self._waiter: asyncio.Future[None] | None = None

    def offer(self, chunk: bytes, now: float) -> None:
        """Queue some bytes; a client that lets too many pile up is cut."""
        if self.ended is not None:
            return
        if len(self._chunks) >= self.queue_max:
            self.end("slow")
            return
        self._chunks.append(chunk)
        self.touched_at = now
        self._wake()

    def hold(self, hints: Iterable[Hint]) -> None:
        """Keep fresh hints until the missed ones are known."""
        if self.held is not None:
            self.held.extend(hints)
            if len(self.held) > HELD_MAX:
                self.end("held_too_long")

    def release(self, after: Mark) -> list[Hint]:
        """The held hints newer than `after`; from now on they come by `offer`."""
        held, self.held = self.held or [], None
        return [hint for hint in held if hint.mark > after]

    async def take(self) -> bytes | None:
        """Everything queued, waiting for something; None when the stream is over."""
        while not self._chunks:
            if self.ended is not None:
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if len(self._chunks) == 1:
            return self._chunks.popleft()
        joined = b"".join(self._chunks)
        self._chunks.clear()
        return joined

    def end(self, reason: End) -> None:
        """The stream is over; only the first reason counts."""
        if self.ended is not None:
            return
        self.ended = reason
        if reason == "slow":
            self._chunks.clear()
            if self.on_end is not None:
                # The sender may be stuck behind a full socket, so it must be torn away.
                self.on_end()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Streams:
    """All open streams, by region and, for citizens, by subject."""

    def __init__(self) -> None:
        self._staff: dict[RegionId, set[Client]] = defaultdict(set)
        self._tickets: dict[UUID, set[Client]] = defaultdict(set)
        self._all: set[Client] = set()
        self._holders: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Client]:
        return iter(list(self._all))

    def held_by(self, holder: str) -> int:
        """How many streams this session or address has open."""
        return self._holders[holder]

    def add(self, client: Client) -> None:
        """Subscribe; from now on no hint passes this client by."""
        self._all.add(client)
        self._holders[client.holder] += 1
        live_clients.labels(client.shown.kind).inc()
        self._file(client)

    def remove(self, client: Client) -> None:
        """Forget a stream that is over."""
        self._all.discard(client)
        self._holders[client.holder] -= 1
        if self._holders[client.holder] <= 0:
            del self._holders[client.holder]
        live_clients.labels(client.shown.kind).dec()
        live_cut.labels(client.ended or "gone").inc()
        self._unfile(client)

    def update(self, client: Client, permit: Permit) -> None:
        """The pass was looked at again and allows something else now."""
        self._unfile(client)
        client.permit = permit
        if client in self._all:
            self._file(client)

    def deliver(self, hints: list[Hint]) -> None:
        """Hand a batch from the journal to everybody concerned."""
        live_hints.inc(len(hints))
        now = asyncio.get_running_loop().time()
        by_region: dict[RegionId, list[Hint]] = defaultdict(list)
        for hint in hints:
            by_region[hint.region_id].append(hint)
        for region_id, own in by_region.items():
            self._to_staff(self._staff.get(region_id, ()), own, now)
        if self._tickets:
            for hint in hints:
                self._to_citizens(hint, now)

    def tell_staff(self, region_id: RegionId, chunk: bytes) -> None:
        """Something that is no fact, for everybody at the desks of a region."""
        now = asyncio.get_running_loop().time()
        for client in list(self._staff.get(region_id, ())):
            client.offer(chunk, now)

    def close_all(self) -> None:
        """End every stream; the browsers come back when somebody listens again."""
        for client in list(self._all):
            client.end("closing")

    def _to_staff(self, clients: Iterable[Client], hints: list[Hint], now: float) -> None:
        chunk = b"".join(encode_hint(hint) for hint in hints)
        about = {
            subject
            for hint in hints
            if hint.name.startswith("accounts.")
            for subject in hint.subjects
        }
        for client in clients:
            if client.permit.person_id in about:
                client.recheck_wanted = True
            if client.held is None:
                client.offer(chunk, now)
            else:
                client.hold(hints)

    def _to_citizens(self, hint: Hint, now: float) -> None:
        reached: set[Client] = set()
        for subject in hint.subjects:
            reached |= self._tickets.get(subject, set())
        for client in reached:
            # The report may have joined an incident just now: its holder may hear of that too.
            client.recheck_wanted = True
            if client.shown.region_id != hint.region_id:
                continue
            if client.held is None:
                client.offer(encode_for_ticket(hint, client.permit.subjects or frozenset()), now)
            else:
                client.hold([hint])

    def _file(self, client: Client) -> None:
        if client.permit.subjects is None:
            self._staff[client.shown.region_id].add(client)
            return
        for subject in client.permit.subjects:
            self._tickets[subject].add(client)

    def _unfile(self, client: Client) -> None:
        if client.permit.subjects is None:
            self._staff[client.shown.region_id].discard(client)
            return
        for subject in client.permit.subjects:
            self._tickets[subject].discard(client)
            if not self._tickets[subject]:
                del self._tickets[subject]
