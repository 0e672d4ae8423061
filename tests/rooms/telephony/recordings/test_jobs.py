"""The job is ordered with the end of the call, and what was left behind is found."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.telephony import jobs, models
from siaga.telephony import services as telephony
from siaga.telephony.recordings import checks, keeping, services, store
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.services.calllog import call_id
from tests.rooms.telephony.record import abandoned_call, write
from tests.rooms.telephony.recordings.plain import call

LINKED = "siaga1-30.1"
CALL = call_id(LINKED)


@pytest.fixture
def ended(in_banyuwangi: RegionId, tmp_path: Path, settings: Any) -> RegionId:
    settings.SIAGA_HOME = tmp_path
    at = (clock.now() - timedelta(minutes=5)).timestamp()
    write(tmp_path / "cel", *abandoned_call(LINKED, in_banyuwangi, at=at))
    while telephony.follow(tmp_path / "cel", now=clock.now()):
        pass
    call(store.plain_folder(), LINKED, at=clock.now() - timedelta(minutes=4))
    return in_banyuwangi


def orders() -> int:
    return int(ProcrastinateJob.objects.filter(task_name=services.KEEP_TASK).count())


def test_one_order_comes_with_the_end_of_the_call_and_the_sweep_adds_none(ended: RegionId) -> None:
    assert orders() == 1
    jobs.sweep_recordings(0)
    assert orders() == 1
    jobs.keep_recording(ended, str(CALL))
    assert models.Recording.objects.get().state == RecordingState.READY


def test_the_sweep_orders_anew_what_lost_its_job_and_what_came_late(ended: RegionId) -> None:
    jobs.keep_recording(ended, str(CALL))
    ProcrastinateJob.objects.all()._raw_delete(using="default")  # type: ignore[attr-defined]
    jobs.sweep_recordings(0)
    assert orders() == 0
    call(store.plain_folder(), LINKED, at=clock.now())
    jobs.sweep_recordings(0)
    assert orders() == 1


def test_the_sweep_clears_drafts_of_killed_processes(ended: RegionId) -> None:
    jobs.keep_recording(ended, str(CALL))
    folder = (store.root() / models.Recording.objects.get().name).parent
    for name, hours in (("old", 2), ("young", 0)):
        path = folder / f".{name}.part"
        path.touch()
        at = (clock.now() - timedelta(hours=hours)).timestamp()
        os.utime(path, (at, at))
    jobs.sweep_recordings(0)
    assert [path.name for path in folder.glob(".*.part")] == [".young.part"]


def test_only_few_are_kept_at_the_same_time(
    ended: RegionId, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(keeping, "keep", lambda *a, **k: asked.append(a))
    taken = [jobs._AT_ONCE.acquire(blocking=False) for _ in range(2)]
    try:
        with pytest.raises(keeping.NotYet):
            jobs.keep_recording(ended, str(CALL))
    finally:
        for _ in taken:
            jobs._AT_ONCE.release()
    assert asked == []


def test_the_doctor_finds_what_waits_what_is_broken_and_what_is_nobodys(ended: RegionId) -> None:
    def found() -> list[str]:
        return [one.text for one in checks.every_recording_is_kept(clock.now())]

    assert found() == []
    before = clock.now() - timedelta(hours=2)
    models.Recording.objects.update(ended_at=before)
    assert "waited" in found()[0]
    models.Recording.objects.update(state=RecordingState.BROKEN)
    assert LINKED in found()[0]
    jobs.keep_recording(ended, str(CALL))
    call(store.plain_folder(), "siaga1-77.7", at=clock.now() - timedelta(days=2))
    assert "siaga1-77.7" in found()[-1]
