"""What the doctor says of the telephone."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from siaga.kernel.doctor import Level
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.telephony import checks, models, record_queries, services
from tests import cast
from tests.faults.small_disk import small_disk
from tests.rooms.telephony.record import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(checks.centre, "home", lambda: tmp_path)
    monkeypatch.setattr(checks, "find_asterisk", lambda home: None)
    (tmp_path / "cel").mkdir()
    return tmp_path


def test_a_telephone_without_asterisk_is_told_with_its_cure(home: Path, now: datetime) -> None:
    [finding] = checks.asterisk_runs(now)
    assert finding.level is Level.WARNING
    assert "siaga phone fetch" in finding.cure
    assert list(checks.processes_are_alive(now)) == []


def test_lines_that_nobody_could_read_are_told(home: Path, now: datetime) -> None:
    record = home / "cel" / "siaga.jsonl"
    write(record, b"no json at all")
    services.follow(record, now=now)
    [finding] = checks.record_is_read(now)
    assert finding.level is Level.WARNING
    assert "1 lines" in finding.text


def test_a_record_that_nobody_reads_is_told(home: Path, now: datetime) -> None:
    record = home / "cel" / "siaga.jsonl"
    record.write_bytes(b"x" * (checks.BEHIND_BYTES_MAX + 1))
    [finding] = checks.record_is_read(now)
    assert finding.level is Level.ERROR
    with acting_in(ALL_REGIONS):
        models.CelCursor.objects.create(name=record.name, offset=record.stat().st_size)
    assert list(checks.record_is_read(now)) == []


def test_a_running_asterisk_needs_its_record_followed_and_its_picture(
    home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_rings", lambda: True)
    found = list(checks.processes_are_alive(now))
    assert [finding.level for finding in found] == [Level.ERROR, Level.ERROR]


def test_a_record_that_cannot_be_written_is_told_before_and_when_it_is_so(
    home: Path, now: datetime
) -> None:
    assert list(checks.record_is_whole(now)) == []
    (home / "cel").rmdir()
    assert list(checks.record_is_whole(now)) == []
    with small_disk(4) as disk:
        (home / "cel").symlink_to(disk.path)
        [scarce] = checks.record_is_whole(now)
        assert scarce.level is Level.ERROR and "MiB are left" in scarce.text
        disk.fill()
        [full] = checks.record_is_whole(now)
        assert "the disk is full" in full.text


def test_calls_that_the_record_lacks_are_told_for_a_day(home: Path, now: datetime) -> None:
    with acting_in(ALL_REGIONS):
        models.UnrecordedCall.objects.create(
            linked_id="s-1.1", region_id=cast.BANYUWANGI, noted_at=now
        )
    [finding] = checks.record_is_whole(now)
    assert finding.level is Level.WARNING and "1 calls" in finding.text
    assert list(checks.record_is_whole(now + record_queries.LATELY + timedelta(seconds=1))) == []
