"""Boards, similar incidents, and who may see what is confidential."""

from datetime import datetime, timedelta

import pytest

from siaga.intake.types import LocationState, Place
from siaga.kernel.errors import NotFound
from siaga.kernel.geometry import Point
from siaga.kernel.types import RegionId, Urgency
from siaga.triage import queries, services
from tests import cast
from tests.rooms.test_path import incident_on, write


def test_the_board_shows_the_most_urgent_first(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    for number, (code, urgency) in enumerate(
        [("TAWON", Urgency.P3), ("KBK-BANGUNAN", Urgency.P1), ("POHON-TUMBANG", Urgency.P2)]
    ):
        write(in_banyuwangi, "halo", now, sender=f"62812{number}")
        incident_on(sari, now, type_code=code, urgency=urgency)
    assert [item.urgency for item in queries.board(sari)] == ["P1", "P2", "P3"]


def test_nearby_open_incidents_are_proposed_and_far_ones_not(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    incident_id = incident_on(sari, now)

    def place(lat: float) -> Place:
        return Place(point=Point(lat, 114.37), state=LocationState.KNOWN)

    near = queries.similar(sari, type_code="KBK-BANGUNAN", place=place(-8.215), now=now)
    assert [item.incident.id for item in near] == [incident_id]
    assert near[0].same_type
    assert 500 < (near[0].distance_metres or 0) < 600
    assert queries.similar(sari, type_code="KBK-BANGUNAN", place=place(-8.4), now=now) == []
    tomorrow = now + timedelta(days=1)
    assert queries.similar(sari, type_code="X", place=place(-8.215), now=tomorrow) == []


def test_a_confidential_incident_opens_to_those_named_only(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, bima = cast.enter("sari", now), cast.enter("bima", now)
    write(in_banyuwangi, "suami memukuli saya", now)
    incident_id = incident_on(sari, now, type_code="KDRT")
    assert queries.incident_for(sari, incident_id).confidential
    for look in (
        lambda: queries.incident_for(bima, incident_id),
        lambda: queries.incident_by_code(bima, "BWI-261121-0001"),
    ):
        with pytest.raises(NotFound):
            look()
    assert queries.board(bima) == queries.incidents(bima) == []
    assert queries.hidden_ids(bima, [incident_id]) == {incident_id}
    services.name_person(incident_id, bima.person_id, region_id=in_banyuwangi)
    assert queries.incident_for(bima, incident_id).id == incident_id
