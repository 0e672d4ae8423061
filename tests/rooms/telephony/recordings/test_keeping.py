"""A call's sound is kept once, whole and encrypted; what cannot be kept stays where it is."""

import errno
import hashlib
import io
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import soundfile

from siaga.journal import queries as journal
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony import services as telephony
from siaga.telephony.recordings import keeping, queries, services, store, vault
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.services.calllog import call_id
from tests import cast
from tests.faults.small_disk import small_disk
from tests.rooms.telephony.record import abandoned_call, answered_call, line, write
from tests.rooms.telephony.recordings.plain import call, leg, silence, tone

LINKED = "siaga1-17.3"
CALL = call_id(LINKED)


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.SIAGA_HOME = tmp_path
    return tmp_path


@pytest.fixture
def ended(in_banyuwangi: RegionId, now: datetime, home: Path) -> RegionId:
    """A call has ended; its recording is awaited."""
    at = (now - timedelta(minutes=1)).timestamp()
    write(home / "cel", *answered_call(LINKED, in_banyuwangi, at=at))
    while telephony.follow(home / "cel", now=now):
        pass
    return in_banyuwangi


def keep(region: RegionId, now: datetime, of: UUID = CALL) -> RecordingState | None:
    return keeping.keep(region, of, now=now)


def row() -> models.Recording:
    return models.Recording.objects.get(call_id=CALL)


def whole(region: RegionId, now: datetime) -> bytes:
    kept = store.sealed(row().name, call_id=CALL)
    return b"".join(kept.read(0, kept.length()))


def test_a_call_that_ended_is_kept_encrypted_and_nothing_plain_is_left(
    ended: RegionId, now: datetime
) -> None:
    files = call(store.plain_folder(), LINKED, at=now, seconds=5)
    assert keep(ended, now) is RecordingState.READY
    kept = row()
    assert not any(path.exists() for path in files)
    raw = (store.root() / kept.name).read_bytes()
    assert b"fLaC" not in raw and b"RIFF" not in raw
    assert (store.root() / kept.name).stat().st_mode & 0o777 == 0o600
    flac = whole(ended, now)
    assert hashlib.sha256(flac).hexdigest() == kept.sha256 and len(flac) == kept.size
    samples, rate = soundfile.read(io.BytesIO(flac), dtype="int16")
    assert samples.shape == (5 * rate, 2) and kept.seconds == 5
    assert samples[:, 0].tolist() == list(tone(440, 5))
    assert samples[:, 1].tolist() == list(tone(880, 5))
    assert kept.parts == "said,heard" and kept.peaks
    said = [entry.name for entry in journal.timeline(ended, CALL)]
    assert said.count("telephony.recording_ready") == 1


def test_keeping_again_changes_nothing_and_clears_what_was_left(
    ended: RegionId, now: datetime
) -> None:
    call(store.plain_folder(), LINKED, at=now)
    keep(ended, now)
    before = row()
    files = call(store.plain_folder(), LINKED, at=now)
    assert keep(ended, now) is RecordingState.READY
    assert not any(path.exists() for path in files)
    after = row()
    assert (after.sha256, after.kept_at) == (before.sha256, before.kept_at)
    said = [entry.name for entry in journal.timeline(ended, CALL)]
    assert said.count("telephony.recording_ready") == 1


def test_plain_files_stay_when_the_kept_one_is_damaged(ended: RegionId, now: datetime) -> None:
    call(store.plain_folder(), LINKED, at=now)
    keep(ended, now)
    (store.root() / row().name).write_bytes(b"")
    files = call(store.plain_folder(), LINKED, at=now)
    keep(ended, now)
    assert all(path.exists() for path in files)


def test_a_file_still_being_written_is_waited_for_and_one_after_a_power_cut_is_not(
    ended: RegionId, now: datetime
) -> None:
    folder = store.plain_folder()
    call(folder, LINKED, at=now)
    leg(folder, f"{LINKED}-in", tone(440, 2), length=0, at=now)
    with pytest.raises(keeping.NotYet):
        keep(ended, now + timedelta(seconds=1))
    assert (folder / f"{LINKED}-in.wav").exists()
    assert keep(ended, now + timedelta(seconds=5)) is RecordingState.READY
    assert row().seconds == 2


def test_a_missing_leg_is_made_up_for_by_the_mixed_one(ended: RegionId, now: datetime) -> None:
    said, *_ = call(store.plain_folder(), LINKED, at=now)
    (store.plain_folder() / f"{LINKED}-out.wav").unlink()
    assert said.exists() and keep(ended, now) is RecordingState.READY
    assert set(row().parts.split(",")) == {"mixed", "said"}


def test_files_that_never_come_are_missed_only_after_a_while(
    ended: RegionId, now: datetime
) -> None:
    at = row().ended_at
    with pytest.raises(keeping.NotYet):
        keep(ended, at + timedelta(seconds=10))
    assert keep(ended, at + timedelta(seconds=31)) is RecordingState.MISSING
    call(store.plain_folder(), LINKED, at=now)
    assert keep(ended, now) is RecordingState.READY


def test_nothing_but_headers_is_nothing(ended: RegionId, now: datetime) -> None:
    path = leg(store.plain_folder(), LINKED, silence(0), at=now)
    assert keep(ended, now) is RecordingState.MISSING
    assert not path.exists()


def test_what_is_no_sound_stays_for_somebody_to_look_at(ended: RegionId, now: datetime) -> None:
    path = leg(store.plain_folder(), LINKED, tone(440, 1), at=now)
    path.write_bytes(b"GIF89a" * 50)
    assert keep(ended, now) is RecordingState.BROKEN
    assert path.exists() and "no WAV" in row().problem


def test_a_full_disk_leaves_the_plain_files_and_no_half_one(
    ended: RegionId, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = call(store.plain_folder(), LINKED, at=now)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched, pytest.raises(keeping.NotYet) as refused:
        patched.setattr(vault, "seal", full)
        keep(ended, now)
    assert refused.value.seconds == keeping.DISK_SECONDS
    assert all(path.exists() for path in files)
    assert [path for path in store.root().rglob("*") if path.is_file()] == []
    assert row().state == RecordingState.WAITING
    assert keep(ended, now) is RecordingState.READY


def test_in_a_call_back_the_citizen_is_left_too(
    in_banyuwangi: RegionId, now: datetime, home: Path
) -> None:
    extra = f"region={in_banyuwangi};number=+6281234567890;contact={CALL};position=1"
    write(
        home / "cel",
        line("siaga1-9.1", "SIAGA_CALLBACK", eventextra=extra),
        line("siaga1-9.1", "LINKEDID_END", at=9.0),
    )
    telephony.follow(home / "cel", now=now)
    call(store.plain_folder(), "siaga1-9.1", at=now)
    assert keep(in_banyuwangi, now, call_id("siaga1-9.1")) is RecordingState.READY
    kept = models.Recording.objects.get(call_id=call_id("siaga1-9.1"))
    assert (kept.contact_id, kept.is_outgoing) == (CALL, True)
    sealed = store.sealed(kept.name, call_id=kept.call_id)
    samples, _ = soundfile.read(io.BytesIO(b"".join(sealed.read(0, kept.size))), dtype="int16")
    assert samples[:, 0].tolist() == list(tone(880, 2))


def test_nobody_awaits_the_sound_of_a_call_that_is_no_call(
    in_banyuwangi: RegionId, now: datetime, home: Path
) -> None:
    files = call(store.plain_folder(), "siaga1-8.8", at=now)
    assert keep(in_banyuwangi, now, call_id("siaga1-8.8")) is None
    assert all(path.exists() for path in files)


def test_listening_is_written_down_once_however_many_parts_are_asked_for(
    ended: RegionId, now: datetime
) -> None:
    sari, dewi = cast.enter("sari", now), cast.enter("dewi", now)
    call(store.plain_folder(), LINKED, at=now)
    keep(ended, now)
    minutes = [0, 0, 5, 14, 23, 34]
    new = [
        services.heard(CALL, region_id=ended, by=sari.actor, now=now + timedelta(minutes=minute))
        for minute in minutes
    ]
    assert new == [True, False, False, False, False, True]
    assert services.heard(CALL, region_id=ended, by=dewi.actor, now=now)
    heard = [e for e in journal.timeline(ended, CALL) if e.name == "telephony.recording_heard"]
    assert [entry.actor for entry in heard].count(sari.actor) == 2
    assert [entry.actor for entry in heard].count(dewi.actor) == 1


def test_recordings_go_when_their_days_are_over_unless_somebody_holds_them(
    in_banyuwangi: RegionId, now: datetime, home: Path
) -> None:
    ratna = cast.enter("ratna", now)
    at = (now - timedelta(minutes=1)).timestamp()
    keys = [f"siaga1-5.{number}" for number in range(3)]
    for key in keys:
        write(home / "cel", *abandoned_call(key, in_banyuwangi, at=at))
        call(store.plain_folder(), key, at=now, seconds=0.2)
    while telephony.follow(home / "cel", now=now):
        pass
    ids = [call_id(key) for key in keys]
    names = []
    for one in ids:
        keep(in_banyuwangi, now, one)
        names.append(models.Recording.objects.get(call_id=one).name)
    held = ids[1]
    services.hold(held, region_id=in_banyuwangi, reason="Diminta penyidik", by=ratna.actor, now=now)
    later = now + timedelta(days=180)
    services.tidy(in_banyuwangi, now=later - timedelta(hours=1))
    assert all((store.root() / name).exists() for name in names)
    services.tidy(in_banyuwangi, now=later)
    services.tidy(in_banyuwangi, now=later)
    assert [(store.root() / name).exists() for name in names] == [False, True, False]
    states = queries.states(in_banyuwangi, ids)
    assert states[ids[0]].state is RecordingState.REMOVED and states[ids[0]].peaks == b""
    assert states[ids[0]].sha256  # what it was stays known
    services.let_go(
        held, region_id=in_banyuwangi, reason="Perkara selesai", by=ratna.actor, now=later
    )
    services.tidy(in_banyuwangi, now=later)
    services.tidy(in_banyuwangi, now=later)
    assert not (store.root() / names[1]).exists()
    said = [entry.name for entry in journal.timeline(in_banyuwangi, held)]
    for name in ("recording_held", "recording_let_go", "recording_removed"):
        assert said.count(f"telephony.{name}") == 1


def test_what_the_clock_marked_and_did_not_live_to_destroy_goes_at_its_next_turn(
    ended: RegionId, now: datetime
) -> None:
    call(store.plain_folder(), LINKED, at=now)
    keep(ended, now)
    name = row().name
    models.Recording.objects.update(state=RecordingState.REMOVED, removed_at=now)
    services.tidy(ended, now=now)
    assert not (store.root() / name).exists() and row().name == ""
    call(store.plain_folder(), LINKED, at=now)
    assert keep(ended, now) is RecordingState.REMOVED
    assert list(store.plain_folder().iterdir()) == []


def test_another_region_sees_no_recording(ended: RegionId, now: datetime) -> None:
    call(store.plain_folder(), LINKED, at=now)
    keep(ended, now)
    with acting_in("jombang"):
        assert models.Recording.objects.count() == 0
        assert queries.states(RegionId("jombang"), [CALL]) == {}
    with acting_in(ALL_REGIONS):
        assert models.Recording.objects.count() == 1


def test_on_a_disk_without_a_byte_left_the_plain_files_wait_until_there_is_room(
    ended: RegionId, now: datetime, settings: Any
) -> None:
    with small_disk(2) as disk:
        settings.SIAGA_HOME = disk.path
        files = call(store.plain_folder(), LINKED, at=now)
        disk.fill()
        with pytest.raises(keeping.NotYet):
            keep(ended, now)
        assert all(path.exists() for path in files)
        assert row().state == RecordingState.WAITING
        disk.empty()
        assert keep(ended, now) is RecordingState.READY
        assert hashlib.sha256(whole(ended, now)).hexdigest() == row().sha256
        assert not any(path.exists() for path in files)
        assert list(store.root().rglob("*.part")) == []
