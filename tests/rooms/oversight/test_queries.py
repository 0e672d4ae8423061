"""The day in numbers, counted against what was really put in."""

from datetime import datetime, timedelta

import pytest

from siaga.dispatch import services as dispatch
from siaga.dispatch.services.sending import Order
from siaga.intake import services as intake
from siaga.intake.types import ContactDisposition
from siaga.journal import sealing
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.oversight import queries
from tests import cast
from tests.rooms.test_path import contact_of, incident_on, write


@pytest.fixture
def since(now: datetime) -> datetime:
    return now - timedelta(hours=1)


def test_every_contact_is_counted_once(
    in_banyuwangi: RegionId, now: datetime, since: datetime
) -> None:
    sari = cast.enter("sari", now)
    for n in range(3):
        write(in_banyuwangi, "halo", now, sender=f"62811000{n}", n=n)
    first = contact_of(sari)
    intake.claim(first, region_id=in_banyuwangi, by=sari.actor, now=now)
    intake.dispose(first, ContactDisposition.GHOST, region_id=in_banyuwangi, by=sari.actor, now=now)
    incident_on(sari, now)
    found = queries.funnel(in_banyuwangi, since=since, until=now + timedelta(hours=1))
    assert found.arrived == 3 and found.adds_up
    assert [(one.code, one.count) for one in found.disposed] == [("ghost", 1)]
    assert (found.reported, found.opened_count) == (1, 1)
    assert sum(one.count for one in found.reports) == 1
    before = queries.funnel(in_banyuwangi, since=since, until=now)
    assert before.arrived == 0 and before.adds_up


def test_the_pace_is_the_median_from_arrival_to_a_persons_hand(
    in_banyuwangi: RegionId, now: datetime, since: datetime
) -> None:
    sari, made = cast.enter("sari", now), cast.enter("made", now)
    for n, seconds in enumerate((10, 30, 200)):
        write(in_banyuwangi, "halo", now, sender=f"62811000{n}", n=n)
        at = now + timedelta(seconds=seconds)
        intake.claim(contact_of(sari), region_id=in_banyuwangi, by=sari.actor, now=at)
    write(in_banyuwangi, "kebakaran", now, sender="62812000", n=9)
    incident_id = incident_on(sari, now + timedelta(seconds=40))
    sent = dispatch.send(
        incident_id,
        [Order(agency_code="damkar")],
        region_id=in_banyuwangi,
        by=sari.actor,
        now=now + timedelta(seconds=60),
    )
    dispatch.acknowledge(
        sent[0], region_id=in_banyuwangi, by=made.actor, now=now + timedelta(seconds=105)
    )
    found = queries.pace(in_banyuwangi, since=since, until=now + timedelta(hours=1))
    assert (found.answer.seconds, found.answer.count, found.answer.lacking) == (35, 4, 0)
    assert (found.dispatch.seconds, found.dispatch.count) == (60, 1)
    assert (found.acknowledgement.seconds, found.acknowledgement.lacking) == (45, 0)


def test_another_region_counts_nothing_of_it(
    in_banyuwangi: RegionId, now: datetime, since: datetime
) -> None:
    write(in_banyuwangi, "halo", now)
    with acting_in(cast.JOMBANG):
        found = queries.funnel(in_banyuwangi, since=since, until=now + timedelta(hours=1))
    assert found.arrived == 0


def test_sealing_tells_what_waits(in_banyuwangi: RegionId, now: datetime) -> None:
    write(in_banyuwangi, "halo", now)
    found = queries.sealing(in_banyuwangi, now)
    assert found.unsealed > 0 and found.oldest_unsealed_at is not None
    sealing.seal(now)
