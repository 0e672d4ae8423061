"""The caller and an agency brought together while the reporter is on the line."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace as changed

from siaga.dispatch import queries as dispatch
from siaga.intake import queries as intake
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.regions import queries as regions
from siaga.telephony.live.picture import LiveCall, LivePicture, LivePosition, PositionState
from siaga.telephony.services import commands, live, seats
from siaga.telephony.types import CallState, CommandKind
from siaga.triage import queries as triage
from tests.cast import BANYUWANGI
from tests.web.console.stage import Desk, incident, seat

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]
LINKED = "siagatest-7.7"


@pytest.fixture
def bima() -> Desk:
    return seat("bima")


def told(desk: Desk, number: str = "628999", **changes: object) -> tuple[UUID, UUID]:
    """An incident sent to the fire service whose reporter we have called back."""
    there = incident(desk, number=number)
    desk.post(f"incidents/{there.id}/send/", {"agencies": ["damkar"]})
    with acting_in(BANYUWANGI):
        [assignment] = dispatch.assignments(BANYUWANGI, there.id)
        seats.take(BANYUWANGI, desk.viewer.person_id, by=desk.viewer.actor, now=clock.now())
    commands.take(clock.now())
    talks(there.id, **changes)
    return there.id, assignment.id


def talks(incident_id: UUID, **changes: object) -> None:
    """The reporter is on the line at position 1, called back by us."""
    with acting_in(BANYUWANGI):
        [report] = intake.reports_in(BANYUWANGI, triage.report_ids(BANYUWANGI, incident_id))
    now = clock.now()
    call = LiveCall(
        linked_id=LINKED,
        number="08999",
        state=CallState.ANSWERED,
        presented_at=now - timedelta(minutes=1),
        answered_at=now,
        position=1,
        is_callback=True,
        contact=str(report.contact_id),
    )
    position = LivePosition(number=1, state=PositionState.TALKING, call=LINKED)
    seen(replace(call, **changes), position)  # type: ignore[arg-type]


def seen(call: LiveCall, position: LivePosition) -> None:
    picture = LivePicture(connected=True, calls=(call,), positions=(position,))
    # A little ahead of time, so that it does not grow old while a browser is looked at.
    live.write({BANYUWANGI: picture}, now=clock.now() + timedelta(minutes=10))


def asked() -> list[tuple[CommandKind, dict[str, object]]]:
    return [(one.kind, dict(one.payload)) for one in commands.take(clock.now())]


def test_one_key_brings_the_agency_in_and_one_leaves_the_two_alone(bima: Desk) -> None:
    incident_id, assignment_id = told(bima)
    strip = bima.get(f"incidents/{incident_id}/connect/").content.decode()
    assert "Damkarmat" in strip and 'data-key="h"' in strip
    answer = bima.post(f"assignments/{assignment_id}/connect/")
    assert "Telepon sedang diminta" in answer.content.decode()
    assert asked() == [(CommandKind.CONFERENCE, {"call": LINKED, "phone": "+6284000100001"})]
    talks(incident_id, in_conference=True, parties=("+6284000100001",))
    strip = bima.get(f"incidents/{incident_id}/connect/").content.decode()
    assert "Damkarmat sudah bergabung" in strip and "Tinggalkan keduanya bicara" in strip
    bima.post(f"incidents/{incident_id}/connect/leave/")
    assert asked() == [(CommandKind.LEAVE_CONFERENCE, {"call": LINKED, "position": 1})]


def test_without_a_reporter_on_the_line_nothing_is_offered_or_done(bima: Desk) -> None:
    incident_id, assignment_id = told(bima, state=CallState.RINGING)
    strip = bima.get(f"incidents/{incident_id}/connect/").content.decode()
    assert "button" not in strip and strip.rstrip().endswith("></div>"), "nothing, not a space"
    refused = bima.post(f"assignments/{assignment_id}/connect/")
    assert refused.status_code == 422
    assert bima.post(f"incidents/{incident_id}/connect/leave/").status_code == 422
    _, assignment_id = told(bima, "628997", contact="")
    assert bima.post(f"assignments/{assignment_id}/connect/").status_code == 422
    assert asked() == []


def test_a_number_that_may_not_be_called_is_named_with_the_cure(
    bima: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident_id, assignment_id = told(bima)
    real = regions.profile

    def narrow(region_id: object) -> object:
        profile = real(region_id)  # type: ignore[arg-type]
        assert profile.phone is not None
        return changed(profile, phone=changed(profile.phone, dial_allowed=("113",)))

    monkeypatch.setattr(regions, "profile", narrow)
    strip = bima.get(f"incidents/{incident_id}/connect/").content.decode()
    assert "dial_allowed" in strip and "button" not in strip
    assert bima.post(f"assignments/{assignment_id}/connect/").status_code == 422
    assert asked() == []


def test_another_region_sees_and_does_nothing(bima: Desk) -> None:
    incident_id, assignment_id = told(bima)
    tono = seat("tono")
    for region in ("jombang", "banyuwangi"):
        base = f"/{region}/console/"
        answer = tono.client.get(f"{base}incidents/{incident_id}/connect/")
        assert answer.status_code in (403, 404)
        answer = tono.client.post(f"{base}assignments/{assignment_id}/connect/")
        assert answer.status_code in (403, 404)
    assert asked() == []
