"""Near something that really happens nobody is graded: it may be they who see it."""

from datetime import datetime, timedelta
from uuid import UUID

from siaga.intake import queries as intake
from siaga.intake.types import Place
from siaga.journal.types import Actor, Entry
from siaga.kernel.geometry import distance_metres
from siaga.kernel.types import RegionId
from siaga.telephony.events import NumberGraded
from siaga.telephony.grades import queries as grade_queries
from siaga.telephony.grades import services as grades
from siaga.telephony.grades.types import GradeEnd
from siaga.triage import queries
from siaga.triage.events import IncidentOpened, ReportJoined
from siaga.triage.rules import SIMILAR_METRES_MAX

LAST_PLACE_SPAN = timedelta(days=30)
BY = Actor.system("triage")


def incident_opened(entry: Entry[IncidentOpened]) -> None:
    """Its reporters, and graded numbers that were last near it, are taken like any others."""
    found = queries.incident(entry.region_id, entry.fact.incident_id)
    if found is None:
        return
    _lift_reporters(entry.region_id, entry.fact.report_id, entry.at)
    phones = {one.phone for one in grade_queries.graded(entry.region_id, entry.at)}
    for phone, place in _last_places(entry.region_id, phones, entry.at).items():
        if _together(place, found.place):
            _lift(entry.region_id, phone, entry.at)


def report_joined(entry: Entry[ReportJoined]) -> None:
    """A further reporter of something that really happens."""
    _lift_reporters(entry.region_id, entry.fact.report_id, entry.at)


def number_graded(entry: Entry[NumberGraded]) -> None:
    """A grade does not begin near an open incident, nor for somebody who reported one."""
    phone = entry.fact.phone
    place = _last_places(entry.region_id, {phone}, entry.at).get(phone)
    near = place is not None and any(
        _together(place, found.place) for found in queries.open_incidents(entry.region_id)
    )
    reported = queries.open_report_ids(entry.region_id)
    if near or phone in intake.phones_of(entry.region_id, reported):
        _lift(entry.region_id, phone, entry.at)


def _lift_reporters(region_id: RegionId, report_id: UUID, now: datetime) -> None:
    for phone in intake.phones_of(region_id, [report_id]):
        _lift(region_id, phone, now)


def _lift(region_id: RegionId, phone: str, now: datetime) -> None:
    grades.lift(phone, GradeEnd.NEAR_INCIDENT, region_id=region_id, by=BY, now=now)


def _last_places(region_id: RegionId, phones: set[str], now: datetime) -> dict[str, Place]:
    return intake.last_places_of(region_id, phones, now - LAST_PLACE_SPAN) if phones else {}


def _together(one: Place, other: Place) -> bool:
    if one.point is not None and other.point is not None:
        return distance_metres(one.point, other.point) <= SIMILAR_METRES_MAX
    return bool(one.area_code) and one.area_code == other.area_code
