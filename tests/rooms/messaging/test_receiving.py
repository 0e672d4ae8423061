"""Who writes and what they wrote: stored once, in whatever order it came."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.db.models import QuerySet

from siaga.journal.models import JournalEntry
from siaga.journal.types import Actor
from siaga.kernel.geometry import Point
from siaga.kernel.tenancy import acting_in
from siaga.messaging import queries, services
from siaga.messaging.models import Alias, Correspondent, Media, Message
from siaga.messaging.types import AliasKind, Identity, IncomingMedia, MessageKind
from tests.rooms.messaging.conftest import (
    NEIGHBOUR,
    NOW,
    REGION,
    SLAMET,
    incoming,
    queued_jobs,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_home")]

BY = Actor.channel("whatsapp")
NUMBER = Identity(kind=AliasKind.WA_ID, external_id=SLAMET)
USER = Identity(kind=AliasKind.BSUID, external_id="ID.1349120865530274")


def facts() -> list[str]:
    return list(ours().values_list("name", flat=True))


def ours() -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(name__startswith="messaging.").order_by("id")


def test_a_message_is_stored_and_told_once(now: datetime) -> None:
    first = services.receive(incoming(), by=BY, now=now)
    again = services.receive(incoming(), by=BY, now=now)
    assert first.created
    assert not again.created
    assert again.message_id == first.message_id
    assert facts() == ["messaging.message_received"]


def test_the_journal_says_that_it_came_and_not_what_it_said(now: datetime) -> None:
    services.receive(incoming(), by=BY, now=now)
    entry = ours().get()
    assert "kebakaran" not in str(entry.data)
    assert SLAMET not in str(entry.data)
    assert entry.data["kind"] == "text"


def test_a_message_opens_the_window_for_a_day(now: datetime) -> None:
    result = services.receive(incoming(), by=BY, now=now)
    window = queries.window(result.correspondent_id, now)
    assert window.open
    assert window.expires_at == NOW + timedelta(hours=24)


def test_a_system_notice_opens_no_window(now: datetime) -> None:
    result = services.receive(incoming(kind=MessageKind.SYSTEM), by=BY, now=now)
    assert not queries.window(result.correspondent_id, now).open


def test_an_older_message_coming_late_does_not_shorten_the_window(now: datetime) -> None:
    services.receive(incoming(), by=BY, now=now)
    late = incoming(external_id="wamid.late", sent_at=NOW - timedelta(hours=3))
    result = services.receive(late, by=BY, now=now)
    assert queries.window(result.correspondent_id, now).expires_at == NOW + timedelta(hours=24)


def test_a_person_without_a_number_is_somebody(now: datetime) -> None:
    result = services.receive(incoming(identities=(USER,), phone=None), by=BY, now=now)
    person = queries.correspondent(REGION, result.correspondent_id)
    assert person.phones == ()
    assert person.profile_name == "Pak Slamet"


DELIVERIES = [
    incoming(external_id="wamid.a", identities=(NUMBER,), profile_name="Slamet", text="a"),
    incoming(
        external_id="wamid.b",
        identities=(USER,),
        phone=None,
        profile_name="Pak Slamet",
        sent_at=NOW + timedelta(minutes=1),
        text="b",
    ),
    incoming(
        external_id="wamid.c",
        identities=(NUMBER, USER),
        sent_at=NOW - timedelta(minutes=1),
        profile_name="Mas Slamet",
        text="c",
    ),
    incoming(
        external_id="wamid.d",
        identities=(
            Identity(kind=AliasKind.WA_ID, external_id="6281300003334"),
            replace(USER, current=False),
        ),
        kind=MessageKind.SYSTEM,
        phone="+6281300003334",
        profile_name="",
        sent_at=NOW + timedelta(minutes=2),
        text="changed",
    ),
]


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_any_order_and_repetition_gives_the_same_person(
    order: tuple[int, ...], now: datetime
) -> None:
    for number in (*order, *order[:2]):
        services.receive(DELIVERIES[number], by=BY, now=now)
    person = Correspondent.objects.get(merged_into__isnull=True)
    assert person.profile_name == "Pak Slamet"
    assert person.phones == ["+6281200001112", "+6281300003334"]
    assert person.last_inbound_at == NOW + timedelta(minutes=1)
    assert person.window_expires_at == NOW + timedelta(hours=24, minutes=1)
    assert set(Alias.objects.values_list("correspondent_id", flat=True)) == {person.id}
    aliases = dict(Alias.objects.values_list("external_id", "last_seen_at"))
    assert aliases[SLAMET] == NOW
    assert aliases[USER.external_id] == NOW + timedelta(minutes=1)
    texts = [one.text for one in queries.conversation(REGION, correspondent_id=person.id)]
    assert texts == ["c", "a", "b", "changed"]


def test_two_who_turn_out_to_be_one_are_joined_and_told(now: datetime) -> None:
    one = services.receive(DELIVERIES[0], by=BY, now=now)
    two = services.receive(DELIVERIES[1], by=BY, now=now)
    assert one.correspondent_id != two.correspondent_id
    services.receive(DELIVERIES[2], by=BY, now=now)
    entry = JournalEntry.objects.get(name="messaging.correspondents_merged")
    assert entry.data["correspondent_id"] == str(one.correspondent_id)
    assert entry.data["merged_id"] == str(two.correspondent_id)
    # Whoever kept the younger id still finds the person.
    shown = queries.conversation(REGION, correspondent_id=two.correspondent_id)
    assert len(shown) == 3
    assert queries.correspondent(REGION, two.correspondent_id).id == one.correspondent_id
    assert queries.window(two.correspondent_id, now).open


def test_one_message_under_two_names_joins_them(now: datetime) -> None:
    services.receive(incoming(identities=(NUMBER,)), by=BY, now=now)
    services.receive(incoming(identities=(USER,)), by=BY, now=now)
    assert Message.objects.count() == 1
    assert Correspondent.objects.filter(merged_into__isnull=True).count() == 1


def test_the_same_person_in_two_regions_is_two_correspondents(now: datetime) -> None:
    services.receive(incoming(), by=BY, now=now)
    with acting_in(NEIGHBOUR):
        services.receive(incoming(region_id=NEIGHBOUR), by=BY, now=now)
        assert Correspondent.objects.count() == 1
    assert Correspondent.objects.count() == 1


def test_the_neighbour_sees_nothing(now: datetime) -> None:
    result = services.receive(incoming(), by=BY, now=now)
    with acting_in(NEIGHBOUR):
        assert queries.conversation(REGION, correspondent_id=result.correspondent_id) == []
        assert queries.search(REGION, words="kebakaran") == []
        assert Message.objects.count() == 0


def test_a_position_and_a_place_are_kept(now: datetime) -> None:
    point = Point(lat=-8.3085, lng=114.2867)
    place = incoming(kind=MessageKind.LOCATION, point=point, place_name="Pasar", text="")
    result = services.receive(place, by=BY, now=now)
    shown = queries.message(REGION, result.message_id)
    assert (shown.point, shown.place_name) == (point, "Pasar")


def test_an_announced_file_is_noted_and_ordered(now: datetime) -> None:
    media = IncomingMedia(provider_id="123", declared_type="image/jpeg", original_name="a.jpg")
    result = services.receive(incoming(kind=MessageKind.IMAGE, media=media), by=BY, now=now)
    row = Media.objects.get()
    assert (row.state, row.message_id) == ("pending", result.message_id)
    assert queued_jobs() == [
        ("messaging.fetch_media", {"region_id": REGION, "media_id": str(row.id)})
    ]


def test_messages_can_be_put_under_a_contact(now: datetime) -> None:
    result = services.receive(incoming(), by=BY, now=now)
    contact_id = uuid4()
    assert services.attach([result.message_id], contact_id, by=BY, now=now) == 1
    (shown,) = queries.conversation(REGION, contact_id=contact_id)
    assert shown.id == result.message_id


def test_messages_without_an_external_id_are_each_their_own(now: datetime) -> None:
    one = services.receive(incoming(external_id=None), by=BY, now=now)
    two = services.receive(incoming(external_id=None), by=BY, now=now)
    assert one.message_id != two.message_id
