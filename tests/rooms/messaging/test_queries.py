"""Reading: the conversation, the search, what needs a person."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.messaging import queries, services
from siaga.messaging.models import Message
from siaga.messaging.types import MessageView
from tests.rooms.messaging.conftest import NEIGHBOUR, NOW, REGION, deliver, incoming

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_home")]

BY = Actor.channel("whatsapp")


def write(text: str, minutes: int = 0, **changes: object) -> UUID:
    message = incoming(
        external_id=f"wamid.{uuid4()}",
        text=text,
        sent_at=NOW + timedelta(minutes=minutes),
        **changes,
    )
    return services.receive(message, by=BY, now=NOW).message_id


def texts(shown: list[MessageView]) -> list[str]:
    return [one.text for one in shown]


def test_a_conversation_is_read_page_by_page_from_the_end(now: datetime) -> None:
    # Two of each minute: the id decides between them.
    for number in range(10):
        write(str(number), minutes=number // 2)
    person = Message.objects.first()
    assert person is not None
    read: list[str] = []
    before = None
    while page := queries.conversation(
        REGION, correspondent_id=person.correspondent_id, before=before, limit=3
    ):
        read = texts(page) + read
        before = page[0]
    assert read == [str(number) for number in range(10)]


def test_nobody_asked_for_is_nothing() -> None:
    write("halo")
    assert queries.conversation(REGION) == []
    assert queries.conversation(REGION, correspondent_id=uuid4()) == []
    assert queries.conversation(REGION, contact_id=uuid4()) == []


def test_a_conversation_costs_the_same_whatever_its_length() -> None:
    counts = []
    for number in (1, 20):
        for _ in range(number):
            write("halo")
        person = Message.objects.all()[0].correspondent_id
        with CaptureQueriesContext(
            connection,
        ) as made:
            queries.conversation(REGION, correspondent_id=person)
        counts.append(len(made))
    assert counts[0] == counts[1] <= 3


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("PASAR", ["Kebakaran di Pasar Rogojampi"]),
        ("asar rogo", ["Kebakaran di Pasar Rogojampi"]),
        ("100%", ["Air naik 100% lebih"]),
        ("a_i", []),
        ("\\", []),
        ("'; DROP TABLE messaging_message; --", []),
        ("tidak ada", []),
    ],
)
def test_any_part_of_a_text_is_found_and_signs_are_only_signs(words: str, found: list[str]) -> None:
    write("Kebakaran di Pasar Rogojampi")
    write("Air naik 100% lebih")
    assert texts(queries.search(REGION, words=words)) == found


def test_the_search_pages_on_from_the_last_one() -> None:
    for number in range(7):
        write(f"banjir {number}")
    first = queries.search(REGION, words="banjir", limit=4)
    second = queries.search(REGION, words="banjir", limit=4, before_id=first[-1].id)
    assert texts(first + second) == [f"banjir {number}" for number in range(6, -1, -1)]
    assert texts(queries.search(REGION, limit=2)) == ["banjir 6", "banjir 5"]


def test_the_search_stays_in_the_regions_of_its_reader() -> None:
    write("rahasia Banyuwangi")
    with acting_in(NEIGHBOUR):
        assert queries.search(REGION, words="rahasia") == []
        assert queries.search(NEIGHBOUR, words="rahasia") == []
    with acting_in(REGION, NEIGHBOUR):
        assert texts(queries.search(REGION, words="rahasia")) == ["rahasia Banyuwangi"]
    with acting_in(ALL_REGIONS):
        assert texts(queries.search(REGION, words="rahasia")) == ["rahasia Banyuwangi"]
    with acting_in(""):
        assert queries.search(REGION, words="rahasia") == []


def test_the_search_runs_as_the_owner_and_guards_the_regions_itself() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef('messaging_search(text, text, uuid, int)'::regprocedure)"
        )
        (definition,) = cursor.fetchone()
    assert "SECURITY DEFINER" in definition
    assert "siaga.regions" in definition


def test_a_message_can_be_found_by_the_providers_id_and_by_contact() -> None:
    sent = write("satu")
    external_id = queries.message(REGION, sent).external_id
    contact = uuid4()
    services.attach([sent], contact, by=BY, now=NOW)
    assert texts(queries.search(REGION, external_id=external_id)) == ["satu"]
    assert texts(queries.search(REGION, contact_id=contact, words="SAT")) == ["satu"]
    assert queries.search(REGION, contact_id=contact, words="dua") == []


def test_people_are_found_by_number_whatever_the_channel() -> None:
    write("satu")
    (person,) = queries.correspondents_with_phone(REGION, "+6281200001112")
    assert queries.correspondents(REGION, [person.id])[person.id] == person
    assert queries.correspondents_with_phone(REGION, "+62800") == []


def test_what_is_not_there_is_not_found(now: datetime) -> None:
    for ask in (queries.message, queries.media, queries.correspondent):
        with pytest.raises(NotFound):
            ask(REGION, uuid4())
    with pytest.raises(NotFound):
        queries.window(uuid4(), now)


def test_the_health_of_the_door_is_counted() -> None:
    assert queries.inbound_health().waiting == 0
    row = deliver(b"{}")
    health = queries.inbound_health()
    assert (health.waiting, health.oldest_waiting_at) == (1, row.received_at)
