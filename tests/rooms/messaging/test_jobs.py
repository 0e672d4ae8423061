"""Sending and fetching as the worker does it, with the stand-in at the other end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from siaga.journal.models import JournalEntry
from siaga.journal.types import Actor
from siaga.messaging import jobs, queries, services
from siaga.messaging.media import storage
from siaga.messaging.models import Media, Message
from siaga.messaging.types import DeliveryState, MediaState, Notice
from siaga.messaging.whatsapp.client import SendError, WhatsAppClient
from tests.rooms.messaging import samples
from tests.rooms.messaging.conftest import NOW, REGION, Stage, b64, queued_jobs, run_jobs
from tests.rooms.messaging.test_standin import inject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_home")]

NOTICE = Notice(text="Laporan selesai.", template="laporan_selesai", values=("BWI-1",))


@pytest.fixture
def person(stage: Stage) -> UUID:
    """Pak Slamet has written, through the whole way in."""
    inject(stage, text="Ada kebakaran")
    stage.receiver.wait_for(1)
    stage.drain()
    return Message.objects.get().correspondent_id


def state(message_id: UUID) -> DeliveryState:
    return queries.message(REGION, message_id).status


def moment() -> datetime:
    """The stand-in lives in the present."""
    return jobs.clock.now()


def test_words_travel_to_the_citizen_and_their_statuses_back(
    person: UUID, stage: Stage, by: Actor
) -> None:
    sent = services.send_text(person, "Petugas berangkat.", by=by, now=moment())
    assert run_jobs() == ["messaging.send"]
    assert state(sent) is DeliveryState.SENT
    assert stage.exchange.sent[0].reference == str(sent)
    stage.receiver.wait_for(3)
    stage.drain()
    assert state(sent) is DeliveryState.READ


def test_sending_twice_sends_once(person: UUID, stage: Stage, by: Actor) -> None:
    sent = services.send_text(person, "Sekali saja", by=by, now=moment())
    run_jobs()
    jobs.send(REGION, str(sent))
    jobs.send(REGION, str(sent))
    assert len(stage.exchange.sent) == 1


def test_a_passing_refusal_is_tried_again(person: UUID, stage: Stage, by: Actor) -> None:
    stage.exchange.behaviour.refuse_next = [(130429, 429)]
    sent = services.send_text(person, "Halo", by=by, now=moment())
    with pytest.raises(jobs.TryLater) as later:
        jobs.send(REGION, str(sent))
    assert later.value.seconds == 2
    assert state(sent) is DeliveryState.QUEUED
    jobs.send(REGION, str(sent))
    assert state(sent) is DeliveryState.SENT


def test_a_permanent_refusal_is_a_persons_business_at_once(
    person: UUID, stage: Stage, by: Actor
) -> None:
    stage.exchange.behaviour.refuse_next = [(131026, 400)]
    sent = services.send_text(person, "Halo", by=by, now=moment())
    run_jobs()
    shown = queries.message(REGION, sent)
    assert shown.status is DeliveryState.FAILED
    assert shown.error.startswith("131026")
    assert JournalEntry.objects.get(name="messaging.delivery_failed").data["reason"] == "131026"


def test_trying_again_has_an_end(person: UUID, stage: Stage, by: Actor) -> None:
    stage.exchange.behaviour.refuse_next = [(130429, 429)] * 20
    sent = services.send_text(person, "Halo", by=by, now=moment())
    tries = 0
    while state(sent) is DeliveryState.QUEUED:
        tries += 1
        try:
            jobs.send(REGION, str(sent))
        except jobs.TryLater:
            continue
    assert tries == 12
    assert queries.message(REGION, sent).error.startswith("gave_up")


def test_a_worker_that_died_while_sending_waits_for_the_providers_word(
    person: UUID, stage: Stage, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = services.send_text(person, "Halo", by=by, now=moment())

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(jobs.delivery, "mark_sent", die)
        with pytest.raises(KeyboardInterrupt):
            jobs.send(REGION, str(sent))
    assert state(sent) is DeliveryState.QUEUED
    with pytest.raises(jobs.TryLater) as later:
        jobs.send(REGION, str(sent))
    assert 0 < later.value.seconds <= 30
    stage.receiver.wait_for(3)
    stage.drain()
    assert state(sent) is DeliveryState.READ
    jobs.send(REGION, str(sent))
    assert len(stage.exchange.sent) == 1


def test_when_the_provider_stays_silent_the_message_is_sent_again(
    person: UUID, stage: Stage, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = services.send_text(person, "Halo", by=by, now=moment())
    Message.objects.filter(id=sent).update(sending_since=moment() - timedelta(seconds=31))
    jobs.send(REGION, str(sent))
    assert state(sent) is DeliveryState.SENT


def test_no_answer_waits_longer_than_a_refusal(
    person: UUID, stage: Stage, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*_: Any, **__: Any) -> str:
        raise SendError("no_answer", permanent=False, unsure=True)

    monkeypatch.setattr(WhatsAppClient, "send_text", hang)
    sent = services.send_text(person, "Halo", by=by, now=moment())
    with pytest.raises(jobs.TryLater) as later:
        jobs.send(REGION, str(sent))
    assert later.value.seconds == 30


def test_a_notice_that_waited_too_long_in_the_queue_goes_as_its_template(
    person: UUID, stage: Stage, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.send_notice(person, NOTICE, by=by, now=moment())
    late = moment() + timedelta(days=1)
    monkeypatch.setattr(jobs.clock, "now", lambda: late)
    run_jobs()
    assert stage.exchange.sent[0].kind == "template"


def test_a_window_the_provider_closed_by_status_is_answered_with_the_template(
    person: UUID, stage: Stage, by: Actor
) -> None:
    httpx.post(f"{stage.url}/standin/behaviour", json={"window_error_by_status": True})
    httpx.post(f"{stage.url}/standin/clock", json={"advance_seconds": 90_000})
    notice = services.send_notice(person, NOTICE, by=by, now=moment())
    run_jobs()
    stage.receiver.wait_for(1)
    stage.drain()
    assert state(notice) is DeliveryState.FAILED
    run_jobs()
    assert [one.kind for one in stage.exchange.sent] == ["text", "template"]


def test_a_changed_number_is_written_to_at_its_new_one(
    person: UUID, stage: Stage, by: Actor
) -> None:
    inject(stage, kind="system", new_wa_id="6281300003334")
    inject(stage, **{"from": "6281300003334", "text": "Ini nomor baru saya"})
    stage.receiver.wait_for(2)
    stage.drain()
    services.send_text(person, "Baik", by=by, now=moment())
    run_jobs()
    assert stage.exchange.sent[0].to == "6281300003334"


def test_reading_is_shown_as_blue_ticks(person: UUID, stage: Stage, by: Actor) -> None:
    services.mark_read(person, by=by, now=moment())
    assert run_jobs() == ["messaging.mark_read"]
    assert len(stage.exchange.read) == 1


def test_without_an_account_the_queue_does_not_wait_for_ever(
    person: UUID, by: Actor, home: Path
) -> None:
    sent = services.send_text(person, "Halo", by=by, now=moment())
    (home / "secrets.toml").unlink()
    run_jobs()
    assert state(sent) is DeliveryState.FAILED


def announced(stage: Stage, data: bytes, kind: str = "image", **more: Any) -> Media:
    """A citizen's file, announced by webhook and not fetched yet."""
    inject(stage, kind=kind, media_base64=b64(data), **more)
    stage.receiver.wait_for(1)
    stage.drain()
    return Media.objects.latest("id")


def test_a_photo_is_fetched_without_its_position(stage: Stage) -> None:
    photo = samples.jpeg(position=(-8.3085, 114.2867))
    media = announced(stage, photo, text="Apinya besar")
    assert run_jobs() == ["messaging.fetch_media"]
    view = queries.media(REGION, media.id)
    assert (view.state, view.content_type) == (MediaState.STORED, "image/jpeg")
    assert view.path is not None
    stored = view.path.read_bytes()
    assert b"Exif" not in stored
    assert stored != photo
    (shown,) = queries.search(REGION, words="apinya")
    assert shown.media[0].id == media.id
    assert JournalEntry.objects.filter(name="messaging.media_stored").count() == 1


def test_fetching_twice_stores_once(stage: Stage) -> None:
    media = announced(stage, samples.jpeg())
    run_jobs()
    path = Media.objects.get(id=media.id).path
    jobs.fetch_media(REGION, str(media.id))
    assert Media.objects.get(id=media.id).path == path
    assert len(list(storage.root().rglob("*.jpg"))) == 1


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("image", b"<html><script>alert(1)</script></html>", "kind"),
        ("image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        ("document", b"PK\x03\x04zip", "kind"),
        ("document", b"MZ\x90\x00", "kind"),
        ("image", b"\xff\xd8\xff\xe0broken", "broken"),
        ("video", b"\x00\x00\x00\x18ftypmp42", "broken"),
        ("audio", b"", "empty"),
    ],
)
def test_other_files_are_turned_away_but_noted(
    kind: str, data: bytes, reason: str, stage: Stage
) -> None:
    media = announced(stage, data, kind)
    run_jobs()
    view = queries.media(REGION, media.id)
    assert (view.state, view.reason, view.path) == (MediaState.REJECTED, reason, None)
    assert queries.message(REGION, media.message_id).media[0].state is MediaState.REJECTED
    assert JournalEntry.objects.filter(name="messaging.media_rejected").count() == 1
    assert not list(storage.root().rglob("*.*"))


def test_a_file_the_provider_no_longer_has_is_noted_as_gone(stage: Stage) -> None:
    media = announced(stage, samples.jpeg())
    stage.exchange.files.clear()
    run_jobs()
    assert queries.media(REGION, media.id).reason == "gone"


def test_a_full_disk_loses_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    media = announced(stage, samples.jpeg())

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(storage.os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            jobs.fetch_media(REGION, str(media.id))
    assert queries.media(REGION, media.id).state is MediaState.PENDING
    assert not list(storage.root().rglob("*.*"))
    jobs.fetch_media(REGION, str(media.id))
    assert queries.media(REGION, media.id).state is MediaState.STORED


def test_fetching_has_an_end(stage: Stage, home: Path) -> None:
    media = announced(stage, samples.jpeg())
    (home / "secrets.toml").unlink()
    for _ in range(7):
        with pytest.raises(jobs.TryLater):
            jobs.fetch_media(REGION, str(media.id))
    jobs.fetch_media(REGION, str(media.id))
    assert queries.media(REGION, media.id).reason == "unfetchable"


def test_the_sweep_finds_what_lost_its_job(
    person: UUID, stage: Stage, by: Actor, frozen: Callable[[datetime], None]
) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from tests.rooms.messaging.conftest import forget_job

    services.send_text(person, "Halo", by=by, now=NOW)
    for job in ProcrastinateJob.objects.values("id"):
        forget_job(job["id"])
    frozen(NOW + timedelta(minutes=1))
    jobs.sweep(0)
    assert queued_jobs() == []
    frozen(NOW + timedelta(minutes=3))
    jobs.sweep(0)
    jobs.sweep(0)
    assert [name for name, _ in queued_jobs()] == ["messaging.send"]


def test_tidying_keeps_what_a_row_points_to(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    announced(stage, samples.jpeg())
    run_jobs()
    orphan = storage.write(b"left over", region_id=REGION, extension="jpg", now=NOW)
    late = moment() + timedelta(days=2)
    monkeypatch.setattr(jobs.clock, "now", lambda: late)
    jobs.tidy(0)
    assert storage.locate(orphan) is None
    assert storage.locate(Media.objects.get().path) is not None


def test_patience_is_as_long_as_the_job_asks() -> None:
    patience = jobs.Patience()

    class Job:
        attempts = 3

    later: Any = patience.get_retry_decision(exception=jobs.TryLater(7), job=Job())  # type: ignore[arg-type]
    assert later.retry_at is not None
    assert patience.get_retry_decision(exception=ValueError(), job=Job()) is not None  # type: ignore[arg-type]
    Job.attempts = 8
    assert patience.get_retry_decision(exception=ValueError(), job=Job()) is None  # type: ignore[arg-type]
