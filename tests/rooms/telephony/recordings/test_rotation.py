"""A new key, old recordings sealed anew, old keys taken out: nothing is ever unreadable."""

import os
import random
import signal
from datetime import datetime, timedelta
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from siaga.kernel import clock
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import services as telephony
from siaga.telephony.models import Recording
from siaga.telephony.recordings import keeping, rotation, services, store
from siaga.telephony.services.calllog import call_id
from tests.cast import BANYUWANGI
from tests.databases import TestDatabase
from tests.rooms.telephony.record import abandoned_call, write
from tests.rooms.telephony.recordings.plain import call

KILLED_MIN, LIVES_MAX, LONGEST_LIFE_SECONDS = 12, 400, 0.06
_fork = get_context("fork")


def kept(home: Path, region: RegionId, now: datetime, count: int = 3) -> list[UUID]:
    keys = [f"siaga1-9.{number}" for number in range(count)]
    at = (now - timedelta(minutes=1)).timestamp()
    for key in keys:
        write(home / "cel", *abandoned_call(key, region, at=at))
        call(store.plain_folder(), key, at=now, seconds=0.3)
    while telephony.follow(home / "cel", now=now):
        pass
    for key in keys:
        keeping.keep(region, call_id(key), now=now)
    return [call_id(key) for key in keys]


@pytest.fixture
def ids(in_banyuwangi: RegionId, now: datetime, tmp_path: Path, settings: Any) -> list[UUID]:
    settings.SIAGA_HOME = tmp_path
    return kept(tmp_path, in_banyuwangi, now)


def sounds(ids: list[UUID]) -> list[bytes]:
    with acting_in(ALL_REGIONS):
        rows = {row.call_id: row for row in Recording.objects.filter(call_id__in=ids)}
    return [
        b"".join(store.sealed(rows[one].name, call_id=one).read(0, rows[one].size)) for one in ids
    ]


def said(*words: str) -> list[str]:
    out = StringIO()
    call_command("phone", "keys", *words, stdout=out)
    return out.getvalue().splitlines()


def test_a_new_key_seals_and_the_old_one_still_opens(ids: list[UUID]) -> None:
    before, [old] = sounds(ids), store.keys().ring
    lines = said("--new")
    first, newest = store.keys().ring
    assert first == old
    assert lines[1:] == [f"key {old.hex()}: 3 recordings", f"key {newest.hex()}: 0 recordings"]
    assert sounds(ids) == before
    assert store.ring().stat().st_mode & 0o077 == 0


def test_sealed_anew_the_old_key_can_go(ids: list[UUID]) -> None:
    before, [old] = sounds(ids), store.keys().ring
    lines = said("--new", "--seal-anew", "--drop-unused")
    assert lines[1:3] == ["3 recordings sealed anew", f"dropped key {old.hex()}"]
    assert list(store.keys().ring) == [store.keys().newest] and old not in store.keys().ring
    assert sounds(ids) == before
    assert said("--seal-anew")[0] == "0 recordings sealed anew"


def test_a_key_that_a_recording_needs_is_not_dropped(ids: list[UUID]) -> None:
    before = sounds(ids)
    said("--new", "--drop-unused")
    assert len(store.keys().ring) == 2
    assert sounds(ids) == before


def test_a_damaged_recording_stays_as_it_is_and_keeps_its_key(ids: list[UUID]) -> None:
    path = store.root() / Recording.objects.get(call_id=ids[1]).name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    damaged = path.read_bytes()
    with pytest.raises(CommandError, match="1 recordings"):
        said("--new", "--seal-anew", "--drop-unused")
    assert path.read_bytes() == damaged
    assert len(store.keys().ring) == 2


def test_what_was_removed_meanwhile_does_not_come_back(
    ids: list[UUID], in_banyuwangi: RegionId, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotation.new_key()
    told = rotation.seal_anew()
    assert next(told)[1] == ""
    for _ in range(2):
        services.tidy(in_banyuwangi, now=now + timedelta(days=4000))
    assert list(told) == []
    assert not list(store.root().rglob("*.sealed"))


def seal_all_anew() -> None:
    os.setpgid(0, 0)
    try:
        for _ in rotation.seal_anew():
            pass
    finally:
        connections.close_all()
        os._exit(0)


def test_killed_at_any_moment_every_recording_is_readable(
    committed_db: TestDatabase, tmp_path: Path, settings: Any
) -> None:
    settings.SIAGA_HOME = tmp_path
    ids = kept(tmp_path, BANYUWANGI, clock.now(), 8)
    before, chance, killed = sounds(ids), random.Random(112), 0
    for _ in range(LIVES_MAX):
        if all(count == 0 for count in list(rotation.counts().values())[:-1]):
            rotation.new_key()
        connections.close_all()
        worker = _fork.Process(target=seal_all_anew)
        worker.start()
        worker.join(chance.uniform(0, LONGEST_LIFE_SECONDS))
        if worker.exitcode is None and worker.pid is not None:
            os.kill(worker.pid, signal.SIGKILL)
            killed += 1
        worker.join()
        assert sounds(ids) == before
        if killed >= KILLED_MIN:
            break
    assert killed >= KILLED_MIN
    for _call, problem in rotation.seal_anew():
        assert problem == ""
    rotation.drop_unused()
    assert sounds(ids) == before
    assert len(store.keys().ring) == 1
