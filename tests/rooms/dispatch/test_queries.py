"""What officers and dispatchers see of assignments."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from siaga.dispatch import queries, services
from siaga.dispatch.errors import NotYourAssignment
from siaga.dispatch.services.sending import Order
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId, Urgency
from siaga.triage import queries as triage_queries
from tests import cast
from tests.rooms.dispatch.test_services import send
from tests.rooms.test_path import incident_on, write


def test_an_officer_sees_the_assignments_of_their_own_agency(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, made = cast.enter("sari", now), cast.enter("made", now)
    write(in_banyuwangi, "kebakaran", now)
    own, other = send(incident_on(sari, now), now, "damkar", "psc119")
    assert [item.id for item in queries.agency_assignments(made)] == [own]
    assert queries.assignment_for(made, own).id == own
    with pytest.raises(NotYourAssignment):
        queries.assignment_for(made, other)
    tono = cast.enter("tono", now)
    with acting_in(tono.region_id), pytest.raises(NotYourAssignment):
        queries.assignment_for(tono, own)


def test_proposals_carry_a_reason_in_both_languages(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    incident = triage_queries.incident_for(sari, incident_on(sari, now))
    proposed = queries.proposals(incident, now)
    assert proposed[0].role == "lead"
    assert all(item.reason.id and item.reason.en for item in proposed)


def test_a_file_proves_the_assignment_of_one_agency_and_strangers_do_not_see_it(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, made, tono = (cast.enter(name, now) for name in ("sari", "made", "tono"))
    write(in_banyuwangi, "kebakaran", now)
    own, other = send(incident_on(sari, now), now, "damkar", "psc119")
    photo, another = uuid4(), uuid4()
    for assignment_id, media_id in ((own, photo), (other, another)):
        services.finish(
            assignment_id,
            region_id=in_banyuwangi,
            note="padam",
            media_ids=[media_id],
            by=made.actor,
            now=now,
        )
    proved = queries.assignment_with_media(in_banyuwangi, photo)
    assert proved is not None
    assert proved.id == own
    assert queries.assignment_with_media(in_banyuwangi, uuid4()) is None
    assert queries.assignment_for(made, proved.id).media_ids == (photo,)
    # Another region: neither through its own door nor, were it to name ours, through the lock.
    assert queries.assignment_with_media(tono.region_id, photo) is None
    with acting_in(tono.region_id):
        assert queries.assignment_with_media(in_banyuwangi, photo) is None
    medic = replace(made, agency_code="psc119")
    with pytest.raises(NotYourAssignment):
        queries.assignment_for(medic, proved.id)


def test_an_agency_is_busy_with_what_is_open_most_urgent_first(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, made = cast.enter("sari", now), cast.enter("made", now)
    sent = {}
    for number, urgency in enumerate((Urgency.P2, Urgency.P1, Urgency.P1)):
        write(in_banyuwangi, "kebakaran", now, sender=f"62812{number}")
        incident_id = incident_on(sari, now, urgency=urgency)
        at = now + timedelta(seconds=number)
        sent[incident_id] = services.send(
            incident_id,
            [Order(agency_code="damkar")],
            region_id=in_banyuwangi,
            by=sari.actor,
            now=at,
        )[0]
    second, first, over = sent
    services.finish(sent[over], region_id=in_banyuwangi, note="padam", by=made.actor, now=now)
    assert queries.open_incidents_of(in_banyuwangi, "damkar") == [first, second]
    assert queries.open_incidents_of(in_banyuwangi, "damkar", limit=1) == [first]
    assert queries.open_incidents_of(in_banyuwangi, "psc119") == []
    assert queries.open_incidents_of(cast.JOMBANG, "damkar") == []
