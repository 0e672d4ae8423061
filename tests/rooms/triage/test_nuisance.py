"""A number that calls without need: graded by outcomes, told to Asterisk, lifted where it counts.

Here all four rooms work together: intake's outcomes, telephony's grades, triage's incidents.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from siaga.accounts.types import Viewer
from siaga.intake import services as intake
from siaga.intake.types import (
    Approach,
    ContactDisposition,
    ContactId,
    LocationState,
    Place,
    Telling,
)
from siaga.journal import deadlines
from siaga.journal import queries as journal
from siaga.kernel.errors import Conflict, InvalidField
from siaga.kernel.geometry import Point
from siaga.kernel.types import Channel, RegionId, Urgency
from siaga.regions import queries as regions
from siaga.telephony import models
from siaga.telephony import services as telephony
from siaga.telephony.grades import queries, services
from siaga.telephony.grades.types import Grade, GradeEnd, GradeView
from siaga.telephony.names import Mark
from siaga.telephony.services import commands
from siaga.telephony.services.calllog import call_id
from siaga.triage import services as triage
from siaga.triage.types import Verdict
from tests import cast
from tests.rooms.telephony.record import line, offered, write

PHONE, OTHER = "+6281234567890", "+6281234567999"
MARKET, FAR = Point(-8.2192, 114.3691), Point(-8.5, 114.0)


class Nuisance:
    """Calls of one number, each with its outcome."""

    def __init__(self, region: RegionId, now: datetime, sari: Viewer, record: Path) -> None:
        self.region, self.now, self.sari, self.record = region, now, sari, record
        self.given: dict[str, Any] = {"region_id": region, "by": sari.actor, "now": now}
        self.count = 0

    def calls(
        self, times: int = 1, as_: ContactDisposition = ContactDisposition.PRANK, *marks: Mark
    ) -> UUID:
        """So many calls come and are ended so; the last one's id."""
        for _ in range(times):
            self.count += 1
            key = f"n-{self.count}.1"
            at = (self.now - timedelta(minutes=1)).timestamp()
            write(
                self.record,
                offered(key, self.region, PHONE, at=at),
                *(line(key, mark, at=at) for mark in marks),
                line(key, "LINKEDID_END", at=at + 5),
            )
            while telephony.follow(self.record, now=self.now):
                pass
            intake.dispose(ContactId(call_id(key)), as_, **self.given)
        return call_id(key)

    def standing(self) -> list[GradeView]:
        return queries.standing(self.region, PHONE, self.now)

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        rows = models.Command.objects.filter(kind__in=("grade", "ungrade"))
        return [(row.kind, row.payload) for row in rows.order_by("requested_at", "id")]

    def reports(self, phone: str, place: Place) -> UUID:
        """Somebody with this number tells of a fire there, and an incident is opened."""
        contact = intake.open_contact(Approach(channel=Channel.WHATSAPP, phone=phone), **self.given)
        intake.claim(contact, **self.given)
        telling = Telling(narrative="api", type_code="KBK-BANGUNAN", place=place)
        report = intake.file_report(contact, telling, **self.given)
        verdict = Verdict(type_code="KBK-BANGUNAN", urgency=Urgency.P2, place=place)
        return triage.open_incident(report, verdict, **self.given)

    def was_at(self, point: Point) -> None:
        """The number wrote from there some days ago."""
        before = {**self.given, "now": self.now - timedelta(days=3)}
        approach = Approach(channel=Channel.WHATSAPP, phone=PHONE, point=point)
        contact = intake.open_contact(approach, **before)
        intake.dispose(contact, ContactDisposition.INFORMATION, **before)


@pytest.fixture
def number(in_banyuwangi: RegionId, now: datetime, tmp_path: Path) -> Nuisance:
    return Nuisance(in_banyuwangi, now, cast.enter("sari", now), tmp_path / "cel")


def at(point: Point) -> Place:
    return Place(area_code="35.10.16", point=point, state=LocationState.KNOWN)


def test_outcomes_grade_a_number_step_by_step_and_each_step_is_told_and_journalled(
    number: Nuisance,
) -> None:
    number.calls(4)
    assert number.standing() == []
    fifth = number.calls()
    [first] = number.standing()
    assert (first.grade, first.contact_id, first.by_hand) == (Grade.LATER, fifth, False)
    number.calls(5)
    [second] = number.standing()
    assert second.grade is Grade.ASK
    kinds = [(kind, payload["how"]) for kind, payload in number.told()]
    assert kinds[0] == ("grade", "later") and kinds[-1] == ("grade", "ask")
    assert number.told()[-1][1]["until"] == int(second.until.timestamp())
    said = [entry.name for entry in journal.timeline(number.region, first.id)]
    assert set(said) == {"telephony.number_graded", "telephony.number_grade_ended"}
    assert "5" in first.reason


def test_an_undone_outcome_takes_the_grade_back(number: Nuisance) -> None:
    last = number.calls(5)
    assert number.standing()
    intake.undo_disposition(ContactId(last), **number.given)
    assert number.standing() == []
    assert number.told()[-1] == ("ungrade", {"phone": PHONE})


def test_it_fades_by_the_clock(number: Nuisance) -> None:
    number.calls(5)
    [graded] = number.standing()
    deadlines.run_due(graded.until + timedelta(seconds=1))
    ended = models.NumberGrade.objects.get(id=graded.id)
    assert ended.ended_why == GradeEnd.FADED


def test_silent_calls_in_which_5_5_was_pressed_grade_nobody(number: Nuisance) -> None:
    number.calls(20, ContactDisposition.GHOST, Mark.CANNOT_SPEAK)
    assert number.standing() == []


def test_who_reports_something_is_taken_like_any_other_again(number: Nuisance) -> None:
    number.calls(5)
    contact = intake.open_contact(Approach(channel=Channel.PHONE, phone=PHONE), **number.given)
    intake.claim(contact, **number.given)
    intake.file_report(contact, Telling(narrative="banjir"), **number.given)
    assert number.standing() == []
    assert models.NumberGrade.objects.get().ended_why == GradeEnd.REPORTED


def test_an_incident_near_where_the_number_was_last_lifts_it(number: Nuisance) -> None:
    number.was_at(MARKET)
    number.calls(5)
    assert number.standing()
    number.reports(OTHER, at(Point(MARKET.lat + 0.005, MARKET.lng)))
    assert number.standing() == []
    assert models.NumberGrade.objects.get().ended_why == GradeEnd.NEAR_INCIDENT
    assert number.told()[-1][0] == "ungrade"


def test_an_incident_far_away_lifts_nothing(number: Nuisance) -> None:
    number.was_at(MARKET)
    number.calls(5)
    number.reports(OTHER, at(FAR))
    assert number.standing()


def test_near_an_open_incident_no_grade_begins(number: Nuisance) -> None:
    number.was_at(MARKET)
    number.reports(OTHER, at(MARKET))
    number.calls(6)
    assert number.standing() == []
    assert {row.ended_why for row in models.NumberGrade.objects.all()} == {"near_incident"}


def test_who_reported_an_open_incident_is_never_graded(number: Nuisance) -> None:
    number.reports(PHONE, at(FAR))
    number.now += timedelta(minutes=1)
    number.given["now"] = number.now
    number.calls(12)
    assert number.standing() == []


def test_a_supervisor_holds_for_some_hours_and_outcomes_change_nothing_then(
    number: Nuisance,
) -> None:
    ratna = cast.enter("ratna", number.now)
    step = {**number.given, "by": ratna.actor}
    with pytest.raises(InvalidField):
        services.hold(PHONE, 4, **{**step, "reason": "x"})
    with pytest.raises(InvalidField):
        services.hold(PHONE, 25, **{**step, "reason": "menelepon terus"})
    services.hold(PHONE, 4, **{**step, "reason": "menelepon terus sejak pagi"})
    number.calls(6)
    [held] = number.standing()
    assert (held.grade, held.by_hand, held.given_by) == (Grade.HOLD, True, ratna.person_id)
    assert held.until == number.now + timedelta(hours=4)
    assert [payload["how"] for _, payload in number.told()] == ["ask"]
    services.lift_by_hand(held.id, **{**step, "reason": "anaknya sudah ditegur"})
    assert number.standing() == []
    with pytest.raises(Conflict):
        services.lift_by_hand(held.id, **{**step, "reason": "sekali lagi"})


def test_a_hold_is_only_proposed_where_the_region_wants_it(
    number: Nuisance, monkeypatch: pytest.MonkeyPatch
) -> None:
    number.calls(15)
    assert [one.proposed for one in number.standing()] == [False]
    profile = regions.profile(number.region)
    strict = profile.__class__(
        **{
            **{name: getattr(profile, name) for name in profile.__struct_fields__},
            "nuisance": profile.nuisance.__class__(
                **{
                    **{n: getattr(profile.nuisance, n) for n in profile.nuisance.__struct_fields__},
                    "hard_block": True,
                }
            ),
        }
    )
    monkeypatch.setattr(regions, "profile", lambda _: strict)
    number.calls(1)
    graded, proposed = number.standing()
    assert (graded.grade, proposed.grade, proposed.proposed) == (Grade.ASK, Grade.HOLD, True)
    assert all(payload["how"] != "hold" for _, payload in number.told())
    ratna = cast.enter("ratna", number.now)
    services.lift_by_hand(
        proposed.id, **{**number.given, "by": ratna.actor, "reason": "hanya anak-anak"}
    )
    assert [one.proposed for one in number.standing()] == [False]
    assert models.NumberGrade.objects.get(id=proposed.id).ended_why == GradeEnd.DISMISSED


def test_what_asterisk_was_not_told_is_asked_for_again_until_it_was(number: Nuisance) -> None:
    number.calls(5)
    before = models.Command.objects.filter(kind="grade").count()
    late = number.now + timedelta(minutes=1)
    commands.take(late)  # marks as expired what nobody took in time
    assert services.tell_again(late) == 1
    assert services.tell_again(late) == 0
    [taken] = commands.take(late)
    commands.finish(taken.id, now=late)
    assert services.tell_again(late) == 0
    assert models.Command.objects.filter(kind="grade").count() == before + 1
    assert models.NumberGrade.objects.get().told


def test_a_hold_ends_when_its_hours_are_over(number: Nuisance) -> None:
    ratna = cast.enter("ratna", number.now)
    step = {**number.given, "by": ratna.actor, "reason": "menelepon terus"}
    services.hold(PHONE, 2, **step)
    assert services.end_expired(number.now + timedelta(hours=1)) == 0
    assert services.end_expired(number.now + timedelta(hours=2)) == 1
    assert models.NumberGrade.objects.get().ended_why == GradeEnd.EXPIRED
