"""What officers and dispatchers see of assignments."""

from datetime import datetime

import pytest

from siaga.dispatch import queries
from siaga.dispatch.errors import NotYourAssignment
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
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
