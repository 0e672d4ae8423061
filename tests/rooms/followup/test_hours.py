"""Out of hours a citizen who writes is told once what happens next, and whom to call."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest

from siaga.accounts.types import Viewer
from siaga.dispatch import queries as dispatch_queries
from siaga.dispatch import services as dispatch
from siaga.dispatch.services.sending import Order
from siaga.followup import queries
from siaga.intake import queries as intake_queries
from siaga.intake import rules as intake_rules
from siaga.intake import services as intake
from siaga.intake.types import ContactDisposition, LocationState, Place
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId, Urgency
from siaga.messaging.models import Correspondent
from siaga.triage import queries as triage_queries
from siaga.triage import services as triage
from siaga.triage.types import Verdict
from tests import cast
from tests.rooms.regions.given import at
from tests.rooms.test_path import contact_of, report_on, said_to, write

FRIDAY_NOON, FRIDAY_NIGHT = at("2026-11-20 12:00"), at("2026-11-20 21:00")
SATURDAY, MONDAY_NIGHT = at("2026-11-21 10:00"), at("2026-11-23 21:00")
CHRISTMAS = at("2026-12-25 10:00")


@pytest.fixture
def in_banyuasin(db: None) -> Iterator[RegionId]:
    with acting_in(cast.BANYUASIN):
        yield cast.BANYUASIN


@pytest.fixture
def rahma(in_banyuasin: RegionId) -> Viewer:
    return cast.enter("rahma", FRIDAY_NOON)


def end(rahma: Viewer, now: datetime) -> None:
    """What waits is over."""
    intake.dispose(
        contact_of(rahma),
        ContactDisposition.INFORMATION,
        region_id=rahma.region_id,
        by=rahma.actor,
        now=now,
    )


def told(rahma: Viewer, person: UUID) -> list[str]:
    return [text for text in said_to(rahma, person) if "di luar jam layanan" in text]


def test_in_hours_nothing_is_said_about_hours(rahma: Viewer) -> None:
    assert said_to(rahma, write(rahma.region_id, "jalan rusak", FRIDAY_NOON)) == []


def test_out_of_hours_the_citizen_is_told_when_it_is_read_and_whom_to_call(rahma: Viewer) -> None:
    (text,) = said_to(rahma, write(rahma.region_id, "jalan rusak", FRIDAY_NIGHT))
    assert "melayani Senin sampai Jumat" in text
    assert "Senin, 23 November, pukul 08.00" in text
    assert "Telepon 112 sekarang" in text
    assert contact_of(rahma)  # it waits as any other


def test_a_second_message_does_not_bring_it_again(rahma: Viewer) -> None:
    person = write(rahma.region_id, "jalan rusak", FRIDAY_NIGHT)
    write(rahma.region_id, "di depan pasar", FRIDAY_NIGHT, n=2)
    write(rahma.region_id, "masih rusak", MONDAY_NIGHT, n=3)
    assert len(told(rahma, person)) == 1


def test_whoever_wrote_in_hours_and_writes_again_at_night_is_told(rahma: Viewer) -> None:
    person = write(rahma.region_id, "jalan rusak", FRIDAY_NOON)
    write(rahma.region_id, "kapan datang?", FRIDAY_NIGHT, n=2)
    assert len(told(rahma, person)) == 1


def test_a_new_contact_is_told_again_only_when_the_centre_has_been_open(rahma: Viewer) -> None:
    person = write(rahma.region_id, "jalan rusak", FRIDAY_NIGHT)
    end(rahma, FRIDAY_NIGHT)
    write(rahma.region_id, "lampu mati", SATURDAY, n=2)
    assert len(told(rahma, person)) == 1
    end(rahma, SATURDAY)
    write(rahma.region_id, "air mati", MONDAY_NIGHT, n=3)
    assert len(told(rahma, person)) == 2


def test_another_person_is_told_too(rahma: Viewer) -> None:
    people = [write(rahma.region_id, "halo", FRIDAY_NIGHT, sender=who) for who in ("6281", "6282")]
    assert [len(told(rahma, person)) for person in people] == [1, 1]


def test_on_a_holiday_the_next_working_day_is_named(rahma: Viewer) -> None:
    (text,) = said_to(rahma, write(rahma.region_id, "jalan rusak", CHRISTMAS))
    assert "Senin, 28 Desember, pukul 08.00" in text


def test_it_is_told_in_the_citizens_language(rahma: Viewer) -> None:
    person = write(rahma.region_id, "road broken", FRIDAY_NOON)
    end(rahma, FRIDAY_NOON)
    Correspondent.objects.filter(id=person).update(language="en")
    write(rahma.region_id, "the road is still broken", FRIDAY_NIGHT, n=2)
    (text,) = said_to(rahma, person)
    assert "is open Monday to Friday" in text
    assert "Monday 23 November, 08:00" in text


def test_a_life_threat_at_night_is_first_in_the_queue_and_goes_at_once(rahma: Viewer) -> None:
    write(rahma.region_id, "jalan rusak", FRIDAY_NIGHT, sender="6281")
    person = write(rahma.region_id, "tolong kebakaran", FRIDAY_NIGHT, sender="6282")
    assert "Telepon 112 sekarang" in told(rahma, person)[0]
    first = intake_queries.waiting_contacts(rahma)[0]
    assert (first.correspondent_id, first.rank) == (person, intake_rules.RANK_RED_FLAG)
    place = Place(area_code="16.07.01", text="Banyuasin I", state=LocationState.KNOWN)
    report_id = report_on(rahma, FRIDAY_NIGHT, type_code="KBK-BANGUNAN", place=place)
    incident_id = triage.open_incident(
        report_id,
        Verdict(type_code="KBK-BANGUNAN", urgency=Urgency.P1, place=place),
        region_id=rahma.region_id,
        by=rahma.actor,
        now=FRIDAY_NIGHT,
    )
    incident = triage_queries.incident_for(rahma, incident_id)
    lead = dispatch_queries.proposals(incident, FRIDAY_NIGHT)[0].agency_code
    assert dispatch.send(
        incident_id,
        [Order(agency_code=lead)],
        region_id=rahma.region_id,
        by=rahma.actor,
        now=FRIDAY_NIGHT,
    )
    assert queries.orphans(rahma.region_id, FRIDAY_NIGHT) == []


def test_a_centre_that_never_closes_never_says_so(in_banyuwangi: RegionId) -> None:
    sari = cast.enter("sari", FRIDAY_NIGHT)
    for hour, now in enumerate((FRIDAY_NIGHT, SATURDAY, CHRISTMAS)):
        assert said_to(sari, write(in_banyuwangi, "halo", now, sender=f"628{hour}")) == []


def test_the_hours_in_force_on_the_day_decide(db: None) -> None:
    with acting_in(cast.PEKALONGAN):
        lina = cast.enter("lina", FRIDAY_NOON)
        before = write(lina.region_id, "halo", at("2021-12-31 20:00"), sender="6281")
        after = write(lina.region_id, "halo", at("2022-01-01 20:00"), sender="6282")
        assert "110, 113, atau 119" in told(lina, before)[0]
        assert said_to(lina, after) == []
