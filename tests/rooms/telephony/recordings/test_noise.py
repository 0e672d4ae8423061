"""What was nobody's need is kept for fewer days: while that is its outcome, and nobody holds it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from siaga.accounts.types import Viewer
from siaga.intake import services as intake
from siaga.intake.types import ContactDisposition, ContactId
from siaga.journal import queries as journal
from siaga.kernel.types import RegionId
from siaga.regions import queries as regions
from siaga.telephony import models
from siaga.telephony import services as telephony
from siaga.telephony.recordings import keeping, services, store
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.services.calllog import call_id
from tests import cast
from tests.rooms.telephony.record import abandoned_call, write
from tests.rooms.telephony.recordings.plain import call

LINKED = "siaga1-8.1"
CALL = call_id(LINKED)


@pytest.fixture
def region(in_banyuwangi: RegionId, now: datetime, tmp_path: Path, settings: Any) -> RegionId:
    """A call that has ended, its sound not yet kept."""
    settings.SIAGA_HOME = tmp_path
    at = (now - timedelta(minutes=1)).timestamp()
    write(tmp_path / "cel", *abandoned_call(LINKED, in_banyuwangi, at=at))
    call(store.plain_folder(), LINKED, at=now, seconds=0.2)
    while telephony.follow(tmp_path / "cel", now=now):
        pass
    return in_banyuwangi


@pytest.fixture
def sari(region: RegionId, now: datetime) -> Viewer:
    return cast.enter("sari", now)


def keep(region: RegionId, now: datetime) -> None:
    assert keeping.keep(region, CALL, now=now) is RecordingState.READY


def dispose(viewer: Viewer, how: ContactDisposition, now: datetime) -> None:
    given: dict[str, Any] = {"region_id": viewer.region_id, "by": viewer.actor, "now": now}
    intake.claim(ContactId(CALL), **given)
    intake.dispose(ContactId(CALL), how, **given)


def days(region: RegionId) -> tuple[int, int]:
    kept = regions.profile(region).retention
    assert kept.noise_days < kept.recordings_days
    return kept.noise_days, kept.recordings_days


def removed(region: RegionId, at: datetime) -> bool:
    services.tidy(region, now=at)
    return bool(models.Recording.objects.get(call_id=CALL).state == RecordingState.REMOVED)


@pytest.mark.parametrize("kept_first", [True, False])
def test_the_recording_of_a_ghost_goes_with_the_noise_whichever_was_known_first(
    region: RegionId, sari: Viewer, now: datetime, kept_first: bool
) -> None:
    if kept_first:
        keep(region, now)
    dispose(sari, ContactDisposition.GHOST, now)
    if not kept_first:
        keep(region, now)
    noise, _ = days(region)
    assert not removed(region, now + timedelta(days=noise - 1))
    assert removed(region, now + timedelta(days=noise))
    [told] = [
        one for one in journal.timeline(region, CALL) if one.name == "telephony.recording_removed"
    ]
    assert told.data["days"] == noise


def test_what_somebody_needed_is_kept_for_all_its_days(
    region: RegionId, sari: Viewer, now: datetime
) -> None:
    keep(region, now)
    dispose(sari, ContactDisposition.INFORMATION, now)
    noise, long = days(region)
    assert not removed(region, now + timedelta(days=noise))
    assert removed(region, now + timedelta(days=long))


def test_an_outcome_that_was_undone_gives_the_days_back(
    region: RegionId, sari: Viewer, now: datetime
) -> None:
    keep(region, now)
    dispose(sari, ContactDisposition.PRANK, now)
    intake.undo_disposition(ContactId(CALL), region_id=region, by=sari.actor, now=now)
    noise, _ = days(region)
    assert not removed(region, now + timedelta(days=noise))


def test_a_legal_hold_wins(region: RegionId, sari: Viewer, now: datetime) -> None:
    keep(region, now)
    dispose(sari, ContactDisposition.PRANK, now)
    by = cast.enter("ratna", now).actor
    services.hold(CALL, region_id=region, reason="Diminta penyidik", by=by, now=now)
    noise, long = days(region)
    assert not removed(region, now + timedelta(days=long + 1))
    services.let_go(CALL, region_id=region, reason="Perkara selesai", by=by, now=now)
    assert removed(region, now + timedelta(days=noise))
