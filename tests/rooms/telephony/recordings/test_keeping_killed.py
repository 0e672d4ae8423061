"""Whoever keeps recordings is killed -9 at any moment: each is kept once, nothing plain is left."""

import os
import random
import signal
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from siaga.journal import queries as journal
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony import services as telephony
from siaga.telephony.models import Recording
from siaga.telephony.recordings import keeping, legs, store
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.services.calllog import call_id
from tests.cast import BANYUWANGI
from tests.databases import TestDatabase
from tests.rooms.telephony.record import abandoned_call, write
from tests.rooms.telephony.recordings.plain import call

CALLS = 24
KILLED_MIN = 40
LONGEST_LIFE_SECONDS = 0.12
LIVES_MAX = 400
_fork = get_context("fork")


def keep_all() -> None:
    """What the worker does: everything that waits, and what was left of those that are ready."""
    os.setpgid(0, 0)
    try:
        for one in unsettled():
            keeping.keep(BANYUWANGI, one, now=clock.now())
    finally:
        connections.close_all()
        os._exit(0)


def unsettled() -> list[UUID]:
    left = list(legs.linked_ids(store.plain_folder()))
    with acting_in(BANYUWANGI):
        waiting = Recording.objects.filter(state=RecordingState.WAITING)
        ready = Recording.objects.filter(linked_id__in=left)
        return [row.call_id for row in (waiting | ready).order_by("linked_id")]


def one_life(seconds: float) -> bool:
    """One worker, killed after so long; whether it was still at work."""
    connections.close_all()
    worker = _fork.Process(target=keep_all)
    worker.start()
    worker.join(seconds)
    if worker.exitcode is None and worker.pid is not None:
        os.kill(worker.pid, signal.SIGKILL)
    worker.join(20)
    assert worker.exitcode in (0, -signal.SIGKILL)
    return worker.exitcode != 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_at_any_moment_each_is_kept_once(
    committed_db: TestDatabase, tmp_path: Path, settings: Any
) -> None:
    settings.SIAGA_HOME = tmp_path
    now, chance = clock.now(), random.Random(112)
    keys = [f"siaga1-{number}.1" for number in range(CALLS)]
    at = (now - timedelta(minutes=1)).timestamp()
    for key in keys:
        write(tmp_path / "cel", *abandoned_call(key, BANYUWANGI, at=at))
        call(store.plain_folder(), key, at=now - timedelta(seconds=10), seconds=3)
    while telephony.follow(tmp_path / "cel", now=now):
        pass
    killed = 0
    for _ in range(LIVES_MAX):
        if killed >= KILLED_MIN or not unsettled():
            break
        killed += one_life(chance.uniform(0.005, LONGEST_LIFE_SECONDS))
    for _ in range(5):
        if unsettled():
            one_life(60)
    assert killed >= 10
    assert list(store.plain_folder().iterdir()) == []
    with acting_in(BANYUWANGI):
        rows = {row.linked_id: row for row in Recording.objects.all()}
        assert set(rows) == set(keys)
        for key, row in rows.items():
            assert row.state == RecordingState.READY, (key, row.problem)
            sealed = store.sealed(row.name, call_id=row.call_id)
            assert sum(map(len, sealed.read(0, row.size))) == row.size
            told = [entry.name for entry in journal.timeline(BANYUWANGI, call_id(key))]
            assert told.count("telephony.recording_ready") == 1
    store.sweep_drafts(clock.now() + timedelta(days=1))
    kept = {str(path.relative_to(store.root())) for path in store.root().rglob("*.*")}
    assert kept == {row.name for row in rows.values()}
