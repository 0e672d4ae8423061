"""The centre writes: what may be sent, when, and what is refused with which words."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from siaga.journal.models import JournalEntry
from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound
from siaga.messaging import queries, services
from siaga.messaging.errors import (
    ChannelUnavailable,
    EmptyMessage,
    MessageTooLong,
    WindowClosed,
)
from siaga.messaging.models import Message
from siaga.messaging.types import AliasKind, Channel, DeliveryState, Identity, MessageKind, Notice
from tests.rooms.messaging.conftest import NOW, REGION, incoming, queued_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_home")]

CITIZEN = Actor.channel("whatsapp")
NOTICE = Notice(
    text="Laporan BWI-1 selesai ditangani.", template="laporan_selesai", values=("BWI-1",)
)


@pytest.fixture
def person(now: datetime) -> UUID:
    return services.receive(incoming(), by=CITIZEN, now=now).correspondent_id


@pytest.fixture
def web_person(now: datetime) -> UUID:
    form = incoming(
        channel=Channel.WEB, identities=(Identity(kind=AliasKind.WEB, external_id="K7QM"),)
    )
    return services.receive(form, by=CITIZEN, now=now).correspondent_id


def test_words_are_stored_and_queued(person: UUID, by: Actor, now: datetime) -> None:
    contact = uuid4()
    sent = services.send_text(person, "  Di mana tepatnya?  ", by=by, now=now, contact_id=contact)
    shown = queries.message(REGION, sent)
    assert (shown.text, shown.status) == ("Di mana tepatnya?", DeliveryState.QUEUED)
    assert (shown.author_kind, shown.author_id) == (by.kind.value, by.id)
    assert shown.contact_id == contact
    name, arguments = queued_jobs()[-1]
    assert (name, arguments["message_id"]) == ("messaging.send", str(sent))


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", EmptyMessage), (" \n\x00", EmptyMessage), ("x" * 4097, MessageTooLong)],
)
def test_words_have_a_length(
    text: str, refusal: type[Exception], person: UUID, by: Actor, now: datetime
) -> None:
    with pytest.raises(refusal):
        services.send_text(person, text, by=by, now=now)


def test_after_a_day_free_words_are_refused(person: UUID, by: Actor, now: datetime) -> None:
    later = now + timedelta(hours=24)
    with pytest.raises(WindowClosed) as refusal:
        services.send_text(person, "Halo", by=by, now=later)
    with pytest.raises(WindowClosed):
        services.request_location(person, "Kirim lokasi", by=by, now=later)
    with translation.override("id"):
        assert "24 jam" in refusal.value.message
    assert Message.objects.filter(direction="out").count() == 0


def test_a_notice_goes_as_words_inside_the_day_and_as_template_after_it(
    person: UUID, by: Actor, now: datetime
) -> None:
    inside = services.send_notice(person, NOTICE, by=by, now=now)
    after = services.send_notice(person, NOTICE, by=by, now=now + timedelta(days=2))
    assert queries.message(REGION, inside).kind is MessageKind.TEXT
    assert queries.message(REGION, after).kind is MessageKind.TEMPLATE
    assert queries.message(REGION, after).text == NOTICE.text


def test_without_an_account_a_person_is_told_and_a_notice_becomes_visible_as_failed(
    person: UUID, by: Actor, now: datetime, home: Path
) -> None:
    (home / "secrets.toml").unlink()
    with pytest.raises(ChannelUnavailable):
        services.send_text(person, "Halo", by=by, now=now)
    notice = services.send_notice(person, NOTICE, by=by, now=now)
    assert queries.message(REGION, notice).status is DeliveryState.FAILED
    assert JournalEntry.objects.filter(name="messaging.delivery_failed").count() == 1


def test_the_web_has_no_end_and_needs_no_sending(
    web_person: UUID, by: Actor, now: datetime
) -> None:
    later = now + timedelta(days=30)
    sent = services.send_text(web_person, "Sudah kami perbaiki.", by=by, now=later)
    assert queries.message(REGION, sent).status is DeliveryState.SENT
    assert queued_jobs() == []
    assert JournalEntry.objects.filter(name="messaging.message_sent").count() == 1


def test_asking_for_the_position_is_its_own_kind(person: UUID, by: Actor, now: datetime) -> None:
    sent = services.request_location(person, "Mohon kirim lokasi Anda.", by=by, now=now)
    assert queries.message(REGION, sent).kind is MessageKind.LOCATION_REQUEST


def test_nobody_cannot_be_written_to(by: Actor, now: datetime) -> None:
    with pytest.raises(NotFound):
        services.send_text(uuid4(), "Halo", by=by, now=now)


def test_reading_is_shown_to_the_citizen(
    person: UUID, web_person: UUID, by: Actor, now: datetime
) -> None:
    newest = incoming(external_id="wamid.newest", sent_at=NOW + timedelta(minutes=1))
    services.receive(newest, by=CITIZEN, now=now)
    services.mark_read(web_person, by=by, now=now)
    services.mark_read(person, by=by, now=now)
    assert queued_jobs() == [
        ("messaging.mark_read", {"region_id": REGION, "external_id": "wamid.newest"})
    ]
