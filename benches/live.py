"""From the commit of a fact to the last of many consoles, over real sockets, in other processes.

Each console is a signed-in person's live stream. A fact is recorded as every room records it, so
the way is: COMMIT, the waker's NOTIFY, the follower's read, one serialisation, 500 sockets.
"""

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings

from benches.harness import Line, Options, Stand, bench, median, percentile
from siaga.accounts import services as accounts
from siaga.accounts.types import Role
from siaga.journal import services as journal
from siaga.journal.facts import Fact, fact
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.web.accounts.desk import SESSION_KEY

REGION = RegionId("banyuwangi")
CLIENTS = 500
EVENTS = 40
PAUSE_SECONDS = 0.1
PROMISED_MILLISECONDS = 300.0
SETTLE_SECONDS = 2.0
BY = Actor.system("bench")


@fact("bench.ticked", version=1, reads="Tick.", subjects=("tick_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked(Fact):
    """Something happened for the sake of measuring."""

    tick_id: UUID


@bench("live")
def live(stand: Stand, options: Options) -> Iterator[Line]:
    """Commit to the last console; the limit is what was promised."""
    clients = options.clients or CLIENTS
    # All consoles share one session here, which nobody does in life.
    url = stand.start_door("edge", SIAGA_LIVE_PER_HOLDER_MAX=str(clients + 1))
    cookie = sign_in()
    last: list[float] = []
    every: list[float] = []
    worst: list[float] = []
    missed = 0
    for _ in range(options.repeats):
        committed, heard = _one_run(url, cookie, clients)
        of_last = [
            (max(heard[tick]) - at) * 1000
            for tick, at in committed.items()
            if len(heard[tick]) == clients
        ]
        missed += sum(clients - len(heard[tick]) for tick in committed)
        every += [(at - committed[tick]) * 1000 for tick in committed for at in heard[tick]]
        last += of_last
        worst.append(percentile(of_last, 99))
    yield Line(
        bench="live", value=percentile(last, 99), unit="ms to the last console, p99",
        limit=PROMISED_MILLISECONDS, n=options.repeats,
        details={
            "p50_ms": round(percentile(last, 50), 1), "p99_ms": round(percentile(last, 99), 1),
            "any_p50_ms": round(percentile(every, 50), 1),
            "any_p99_ms": round(percentile(every, 99), 1),
            "p99_of_runs_ms": [round(value, 1) for value in worst],
            "median_p99_ms": round(median(worst), 1),
            "consoles": clients, "events": EVENTS * options.repeats, "missed": missed,
        },
    )  # fmt: skip


def sign_in(region_id: RegionId = REGION) -> str:
    """A person of the region with an open session; the session cookie's value."""
    now = clock.now()
    with acting_in(region_id):
        person_id = accounts.create_person(
            username=f"bench-{new_id().hex[-8:]}",
            full_name="Bench",
            password="terang-bulan-di-alun-alun",
            region_id=region_id,
            by=BY,
            now=now,
        )
        accounts.grant(
            person_id=person_id, region_id=region_id, role=Role.CALL_TAKER, by=BY, now=now
        )
    return open_session(person_id)


def open_session(person_id: UUID) -> str:
    """A session as the sign-in page leaves it."""
    auth: Any = import_module("django.contrib.auth")
    person = auth.get_user_model().objects.get(pk=person_id)
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    store.create()
    sign_in_id = accounts.open_session(
        person_id=person_id,
        session_key=store.session_key,
        methods=("password",),
        ip="127.0.0.1",
        device="bench",
        by=BY,
        now=clock.now(),
    )
    store[auth.SESSION_KEY] = str(person_id)
    store[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    store[SESSION_KEY] = str(sign_in_id)
    store.save()
    key: str = store.session_key
    return key


def _one_run(
    url: str, cookie: str, clients: int
) -> tuple[dict[str, float], dict[str, list[float]]]:
    listener = subprocess.Popen(
        [sys.executable, "-m", "benches._consoles", url, cookie, str(clients)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert listener.stdin is not None and listener.stdout is not None
    ready = listener.stdout.readline()
    if ready.strip() != "ready":
        raise RuntimeError(f"the consoles did not open: {ready}")
    _tick()  # the waker's and the follower's first steps are not what is measured
    time.sleep(0.5)
    committed = {}
    for _ in range(EVENTS):
        tick, at = _tick()
        committed[tick] = at
        time.sleep(PAUSE_SECONDS)
    time.sleep(SETTLE_SECONDS)
    heard: dict[str, list[float]] = defaultdict(list)
    heard.update(json.loads(listener.communicate("\n", timeout=60)[0]))
    return committed, heard


def _tick() -> tuple[str, float]:
    tick_id = new_id()
    with acting_in(REGION):
        journal.record(Ticked(tick_id=tick_id), region_id=REGION, by=BY, now=clock.now())
    return str(tick_id), time.monotonic()
