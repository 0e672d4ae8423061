"""What the provider says about our messages, in any order, more than once."""

from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from siaga.journal.models import JournalEntry
from siaga.journal.types import Actor
from siaga.messaging import queries, services
from siaga.messaging.models import Message, MessageStatus
from siaga.messaging.types import Channel, DeliveryState, Notice, StatusUpdate
from tests.rooms.messaging.conftest import NOW, REGION, incoming, queued_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_home")]

BY = Actor.channel("whatsapp")
WAMID = "wamid.ours"
NOTICE = Notice(text="Petugas sedang menuju lokasi.", template="petugas_menuju", values=("A",))


@pytest.fixture
def message_id(now: datetime, by: Actor) -> UUID:
    """Queued, not sent yet."""
    person = services.receive(incoming(), by=BY, now=now).correspondent_id
    return services.send_text(person, "Baik, kami kirim petugas.", by=by, now=now)


def told(status: str, *, seconds: int = 0, **more: str) -> None:
    update = StatusUpdate(
        external_id=WAMID,
        status=DeliveryState(status),
        at=NOW + timedelta(seconds=seconds),
        **more,
    )
    services.record_status(REGION, Channel.WHATSAPP, update, by=BY, now=NOW)


def facts(*names: str) -> list[str]:
    rows = JournalEntry.objects.order_by("id").values_list("name", flat=True)
    return [name.removeprefix("messaging.") for name in rows if name.split(".")[1] in names]


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])), ids=str)
def test_statuses_in_any_order_end_at_the_farthest(
    order: tuple[str, ...], message_id: UUID
) -> None:
    services.mark_sent(message_id, WAMID, by=BY, now=NOW)
    seen = []
    for status in (*order, *order):
        told(status)
        seen.append(DeliveryState(Message.objects.get(id=message_id).status))
    assert seen[-1] is DeliveryState.READ
    ranks = [list(DeliveryState).index(state) for state in seen]
    assert ranks == sorted(ranks)
    assert MessageStatus.objects.count() == 3


def test_a_status_that_comes_before_the_id_is_known_is_not_lost(message_id: UUID) -> None:
    told("delivered")
    assert Message.objects.get(id=message_id).status == "queued"
    services.mark_sent(message_id, WAMID, by=BY, now=NOW)
    assert Message.objects.get(id=message_id).status == "delivered"


def test_the_providers_word_finds_a_message_whose_sender_died(message_id: UUID) -> None:
    told("sent", message_ref=str(message_id))
    row = Message.objects.get(id=message_id)
    assert (row.status, row.external_id) == ("sent", WAMID)


@pytest.mark.parametrize("reference", ["", "nonsense", "018f0000-0000-7000-8000-00000000ffff"])
def test_a_status_of_a_strange_message_changes_nothing(message_id: UUID, reference: str) -> None:
    told("read", message_ref=reference)
    assert Message.objects.get(id=message_id).status == "queued"


def test_a_failure_is_told_with_the_providers_code(message_id: UUID) -> None:
    services.mark_sent(message_id, WAMID, by=BY, now=NOW)
    told("failed", error_code="131026", error_text="Message Undeliverable.")
    row = queries.message(REGION, message_id)
    assert (row.status, row.error) == (DeliveryState.FAILED, "131026 Message Undeliverable.")
    entry = JournalEntry.objects.get(name="messaging.delivery_failed")
    assert entry.data["reason"] == "131026"


def test_delivered_after_all_takes_the_failure_back(message_id: UUID) -> None:
    services.mark_sent(message_id, WAMID, by=BY, now=NOW)
    told("failed", error_code="131026")
    told("delivered")
    row = queries.message(REGION, message_id)
    assert (row.status, row.error) == (DeliveryState.DELIVERED, "")


def test_the_earliest_time_of_a_repeated_status_is_kept(message_id: UUID) -> None:
    told("delivered", seconds=9)
    told("delivered", seconds=3)
    told("delivered", seconds=5)
    assert MessageStatus.objects.get().at == NOW + timedelta(seconds=3)


def test_a_notice_that_came_too_late_goes_out_again_as_its_template(
    message_id: UUID, now: datetime
) -> None:
    person = Message.objects.get(id=message_id).correspondent_id
    notice_id = services.send_notice(person, NOTICE, by=BY, now=now)
    services.mark_sent(notice_id, WAMID, by=BY, now=NOW)
    told("failed", error_code="131047", error_text="Re-engagement message")
    again = Message.objects.order_by("-id").first()
    assert again is not None
    assert (again.kind, again.status, again.text) == ("template", "queued", NOTICE.text)
    assert queued_jobs()[-1][1]["message_id"] == str(again.id)
    told("failed", error_code="131047")
    assert Message.objects.filter(kind="template").count() == 1


def test_free_words_that_came_too_late_are_a_persons_business(message_id: UUID) -> None:
    services.mark_sent(message_id, WAMID, by=BY, now=NOW)
    told("failed", error_code="131047")
    assert Message.objects.filter(kind="template").count() == 0
    assert facts("delivery_failed") == ["delivery_failed"]


def test_a_failed_message_can_be_sent_again(message_id: UUID, by: Actor) -> None:
    assert services.resend(message_id, by=by, now=NOW) is None
    services.mark_failed(message_id, "131026 gone", by=BY, now=NOW)
    again = services.resend(message_id, by=by, now=NOW)
    assert again is not None
    assert queries.message(REGION, again).status is DeliveryState.QUEUED


def test_giving_up_does_not_touch_what_was_delivered(message_id: UUID) -> None:
    services.mark_sent(message_id, WAMID, by=BY, now=NOW)
    told("delivered")
    services.mark_failed(message_id, "gave_up", by=BY, now=NOW)
    assert Message.objects.get(id=message_id).status == "delivered"
    assert facts("delivery_failed") == []
