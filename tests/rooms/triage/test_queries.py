"""Boards, similar incidents, and who may see what is confidential."""

from datetime import datetime, timedelta

import pytest

from siaga.intake.types import LocationState, Place
from siaga.kernel.errors import NotFound
from siaga.kernel.geometry import Point
from siaga.kernel.types import RegionId, Urgency
from siaga.triage import queries, services
from siaga.triage.types import (
    IncidentDisposition,
    IncidentId,
    IncidentStatus,
    IncidentView,
    Verdict,
)
from tests import cast
from tests.rooms.test_path import incident_on, report_on, write


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


@pytest.fixture
def board(in_banyuwangi: RegionId, now: datetime) -> dict[str, IncidentId]:
    """Three open incidents, each of another urgency and place."""
    sari, opened = cast.enter("sari", now), {}
    for number, (urgency, area) in enumerate(
        [(Urgency.P3, "35.10.16"), (Urgency.P1, "35.10.16.1001"), (Urgency.P1, "35.10.14")]
    ):
        write(in_banyuwangi, "halo", now, sender=f"62812{number}")
        place = Place(area_code=area, state=LocationState.KNOWN)
        opened[area] = services.open_incident(
            report_on(sari, now, type_code="KBK-BANGUNAN", place=place),
            Verdict(type_code="KBK-BANGUNAN", urgency=urgency, place=place),
            region_id=in_banyuwangi,
            by=sari.actor,
            now=now + timedelta(seconds=number),
        )
    return opened


def found(rows: list[IncidentView]) -> list[IncidentId]:
    return [row.id for row in rows]


def test_the_board_is_narrowed_by_urgency_kecamatan_and_ids(
    board: dict[str, IncidentId], now: datetime
) -> None:
    bima = cast.enter("bima", now)
    kecamatan, desa, elsewhere = board.values()
    assert found(queries.board(bima)) == [desa, elsewhere, kecamatan]
    assert found(queries.board(bima, urgency=Urgency.P1)) == [desa, elsewhere]
    assert found(queries.board(bima, kecamatan="35.10.16")) == [desa, kecamatan]
    assert found(queries.board(bima, kecamatan="35.10.1")) == []
    assert found(queries.board(bima, among=[kecamatan])) == [kecamatan]
    assert found(queries.board(bima, urgency=Urgency.P1, among=[kecamatan])) == []
    assert found(queries.board(bima, limit=1)) == [desa]
    assert queries.open_counts(bima) == {"P1": 2, "P2": 0, "P3": 1, "P4": 0, "P5": 0}
    tono = cast.enter("tono", now)
    assert queries.board(tono, among=list(board.values())) == []


def test_what_waits_for_the_centre_is_listed_and_an_alarm_brings_back_what_is_under_way(
    board: dict[str, IncidentId], in_banyuwangi: RegionId, now: datetime
) -> None:
    bima = cast.enter("bima", now)
    kecamatan, desa, elsewhere = board.values()
    step = {"region_id": in_banyuwangi, "by": bima.actor, "now": now}
    services.advance(desa, IncidentStatus.EN_ROUTE, **step)
    services.advance(elsewhere, IncidentStatus.DONE, **step)
    assert found(queries.unattended(bima)) == [elsewhere, kecamatan]
    assert found(queries.unattended(bima, also=[desa])) == [desa, elsewhere, kecamatan]
    services.close(elsewhere, IncidentDisposition.HANDLED, **step)
    assert found(queries.unattended(bima, also=[elsewhere])) == [kecamatan]
    services.reopen(elsewhere, **step)
    assert found(queries.unattended(bima, limit=1)) == [elsewhere]


def test_an_alarm_does_not_open_what_is_confidential(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, bima = cast.enter("sari", now), cast.enter("bima", now)
    write(in_banyuwangi, "suami memukuli saya", now)
    incident_id = incident_on(sari, now, type_code="KDRT")
    assert queries.unattended(bima, also=[incident_id]) == []
    assert queries.board(bima, among=[incident_id]) == []
    assert queries.open_counts(bima)[Urgency.P1] == 0
