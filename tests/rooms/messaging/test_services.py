"""Uploads and the web form: one checking path, stored only, read on the tracking page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from siaga.journal.models import JournalEntry
from siaga.journal.types import Actor
from siaga.kernel.geometry import Point
from siaga.kernel.tenancy import acting_in
from siaga.messaging import queries, services
from siaga.messaging.errors import EmptyMessage, MediaRejected, MessageTooLong
from siaga.messaging.media import kinds, storage
from siaga.messaging.media.kinds import Family
from siaga.messaging.models import Inbound, Media
from siaga.messaging.services.inbox import clear_inbound
from siaga.messaging.types import Direction, InboundState, MediaState, MessageKind
from siaga.messaging.webform.receiving import Submission, receive_submission
from tests.rooms.messaging import samples
from tests.rooms.messaging.conftest import NEIGHBOUR, NOW, REGION, deliver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_home")]

CITIZEN = Actor.citizen("K7QM-3F9T-XW2D-04HN")
ROGOJAMPI = (-8.3085, 114.2867)


def upload(data: bytes, now: datetime, **more: object) -> services.StoredUpload:
    return services.store_upload(REGION, BytesIO(data), by=CITIZEN, now=now, **more)  # type: ignore[arg-type]


def submit(now: datetime, **changes: object) -> UUID:
    values: dict[str, object] = {"region_id": REGION, "key": "K7QM", "text": "Lampu mati"}
    submission = Submission(**values | changes)  # type: ignore[arg-type]
    return receive_submission(submission, by=CITIZEN, now=now).message_id


def test_an_upload_is_checked_stored_and_told(now: datetime) -> None:
    stored = upload(samples.jpeg(), now, original_name="C:\\foto\\rumah\x07 saya.jpg")
    view = queries.media(REGION, stored.media_id)
    assert (view.state, view.content_type) == (MediaState.STORED, "image/jpeg")
    assert stored.family is Family.IMAGE
    assert view.original_name == "rumah saya.jpg"
    assert view.path is not None
    assert view.path.stat().st_size == view.size == stored.size
    assert JournalEntry.objects.filter(name="messaging.media_stored").count() == 1


def test_the_position_in_a_photo_is_kept_only_with_consent(now: datetime) -> None:
    photo = samples.jpeg(position=ROGOJAMPI)
    assert upload(photo, now).position is None
    position = upload(photo, now, position_consent=True).position
    assert position is not None
    assert round(position.lat, 4) == -8.3085


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"<html>", "kind"), (b"\x89PNG\r\n\x1a\nbroken", "broken")],
)
def test_a_refused_upload_leaves_nothing(data: bytes, reason: str, now: datetime) -> None:
    with pytest.raises(MediaRejected) as refusal:
        upload(data, now)
    assert refusal.value.reason == reason
    assert refusal.value.message
    assert Media.objects.count() == 0
    assert not storage.root().exists()


def test_an_endless_upload_is_cut_off(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "ANY_BYTES_MAX", 1000)
    with pytest.raises(MediaRejected) as refusal:
        upload(samples.PDF + bytes(2000), now)
    assert refusal.value.reason == "too_large"


def test_a_row_that_cannot_be_written_leaves_no_file(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("the journal is full")

    monkeypatch.setattr("siaga.messaging.services.uploads.journal.record", crash)
    with pytest.raises(RuntimeError):
        upload(samples.PDF, now)
    assert not [path for path in storage.root().rglob("*") if path.is_file()]


def test_a_form_becomes_a_message_with_its_files(now: datetime) -> None:
    photo = upload(samples.jpeg(), now).media_id
    point = Point(lat=-8.3, lng=114.2)
    sent = submit(
        now, media_ids=(photo,), point=point, name="Bu Yati", phone="0812 0000 1112", language="en"
    )
    shown = queries.message(REGION, sent)
    assert (shown.kind, shown.text, shown.point) == (MessageKind.TEXT, "Lampu mati", point)
    assert [one.id for one in shown.media] == [photo]
    person = queries.correspondent(REGION, shown.correspondent_id)
    assert (person.profile_name, person.phones, person.language) == (
        "Bu Yati",
        ("+6281200001112",),
        "en",
    )


def test_a_form_sent_twice_is_one_message(now: datetime) -> None:
    once = uuid4()
    assert submit(now, submission_id=once) == submit(now, submission_id=once)


def test_somebody_elses_file_cannot_be_taken(now: datetime) -> None:
    with acting_in(NEIGHBOUR):
        theirs = services.store_upload(
            NEIGHBOUR,  # type: ignore[arg-type]
            BytesIO(samples.PDF),
            by=CITIZEN,
            now=now,
        ).media_id
    first = upload(samples.PDF, now).media_id
    submit(now, key="OTHER", media_ids=(first,))
    mine = submit(now, media_ids=(first, theirs))
    assert queries.message(REGION, mine).media == ()


@pytest.mark.parametrize(
    ("data", "kind"), [(samples.OGG, MessageKind.AUDIO), (samples.PDF, MessageKind.DOCUMENT)]
)
def test_a_file_alone_is_a_message_of_its_kind(
    data: bytes, kind: MessageKind, now: datetime
) -> None:
    sent = submit(now, text="", media_ids=(upload(data, now).media_id,))
    assert queries.message(REGION, sent).kind is kind


def test_an_empty_or_endless_form_is_refused(now: datetime) -> None:
    with pytest.raises(EmptyMessage):
        submit(now, text=" \x00 ")
    with pytest.raises(MessageTooLong):
        submit(now, text="x" * 8001)


def test_the_citizen_and_the_centre_write_in_one_conversation(now: datetime, by: Actor) -> None:
    first = submit(now)
    person = queries.message(REGION, first).correspondent_id
    services.send_text(person, "Di tiang nomor berapa?", by=by, now=now + timedelta(minutes=1))
    submit(now + timedelta(minutes=2), text="Nomor 12")
    shown = queries.conversation(REGION, correspondent_id=person)
    assert [(one.direction, one.text) for one in shown] == [
        (Direction.IN, "Lampu mati"),
        (Direction.OUT, "Di tiang nomor berapa?"),
        (Direction.IN, "Nomor 12"),
    ]


def test_old_read_deliveries_are_cleared_and_troubles_stay(
    now: datetime, frozen: Callable[[datetime], None]
) -> None:
    for number, state in enumerate(InboundState):
        row = deliver(b"%d" % number)
        Inbound.objects.filter(id=row.id).update(state=state, received_at=NOW - timedelta(days=31))
    deliver(b"fresh")
    assert clear_inbound(now=NOW) == 1
    assert Inbound.objects.count() == len(InboundState)
