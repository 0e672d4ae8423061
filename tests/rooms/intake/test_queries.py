"""What others may read of intake."""

from datetime import datetime, timedelta

from siaga.intake import queries, services
from siaga.intake.types import ContactDisposition
from siaga.kernel.types import RegionId
from tests import cast
from tests.rooms.test_path import contact_of, report_on, write


def test_danger_comes_before_age_in_the_queue(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "mau tanya", now, sender="62811")
    write(in_banyuwangi, "kebakaran!", now + timedelta(minutes=1), sender="62822")
    assert [item.preview for item in queries.waiting_contacts(sari)] == ["kebakaran!", "mau tanya"]


def test_a_confidential_contact_is_seen_by_those_named_and_nobody_else(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, dewi = cast.enter("sari", now), cast.enter("dewi", now)
    ratna = cast.enter("ratna", now, confidential=("KDRT",))
    write(in_banyuwangi, "suami memukuli saya", now)
    report_id = report_on(sari, now, type_code="KDRT")
    assert queries.report_for(sari, report_id).confidential
    assert queries.report_for(ratna, report_id).confidential
    assert queries.reports(dewi) == []
    assert queries.contacts(dewi) == []
    assert report_id in queries.hidden_ids(dewi, [report_id])


def test_the_sums_of_the_funnel_add_up(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    for number in range(3):
        write(in_banyuwangi, "...", now, sender=f"6281{number}")
    services.dispose(
        contact_of(sari), ContactDisposition.GHOST, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    span = {"since": now - timedelta(hours=1), "until": now + timedelta(hours=1)}
    assert queries.funnel(in_banyuwangi, **span) == {"ghost": 1, "waiting": 2}


def test_earlier_contacts_of_the_same_person_are_found(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "pertama", now)
    first = contact_of(sari)
    services.dispose(
        first, ContactDisposition.PRANK, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    write(in_banyuwangi, "kedua", now + timedelta(hours=1), n=2)
    second = queries.contact_for(sari, contact_of(sari))
    assert [item.id for item in queries.earlier_contacts(sari, second)] == [first]
