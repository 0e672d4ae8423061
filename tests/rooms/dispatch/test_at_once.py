"""Two people act on one incident in the same moment: nothing is lost, nothing is done twice."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections

from siaga.dispatch import queries, services
from siaga.dispatch.services.sending import Order
from siaga.dispatch.types import AssignmentState
from siaga.intake.services import open_contact
from siaga.intake.types import Approach
from siaga.journal.models import Deadline
from siaga.journal.types import Actor
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Channel
from siaga.triage import queries as triage
from siaga.triage.types import IncidentId, IncidentStatus
from tests import cast
from tests.cast import BANYUWANGI
from tests.databases import TestDatabase
from tests.rooms.test_path import incident_on
from tests.waiting import wait_until

BY = Actor.system("test")


@pytest.fixture
def fire(committed_db: TestDatabase, now: datetime) -> IncidentId:
    """Somebody came to the desk: no message to anybody makes the writers stand in line."""
    with acting_in(BANYUWANGI):
        sari = cast.enter("sari", now)
        open_contact(Approach(channel=Channel.WALK_IN), region_id=BANYUWANGI, by=BY, now=now)
        return incident_on(sari, now)


def at_once(first: Callable[[], object], second: Callable[[], object]) -> list[BaseException]:
    """The second runs while the first has done its work and not yet committed."""
    acted, errors = threading.Event(), []

    def after() -> None:
        acted.wait(10)
        try:
            with acting_in(BANYUWANGI):
                second()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=after)
    other.start()
    with acting_in(BANYUWANGI):
        first()
        acted.set()
        wait_until(lambda: not other.is_alive() or somebody_waits())
    other.join(20)
    assert not other.is_alive()
    return errors


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def send(incident_id: IncidentId, now: datetime, *agencies: str) -> list[object]:
    orders = [Order(agency_code=code) for code in agencies]
    return services.send(incident_id, orders, region_id=BANYUWANGI, by=BY, now=now)


def test_two_agencies_that_finish_together_finish_the_incident(
    fire: IncidentId, now: datetime
) -> None:
    with acting_in(BANYUWANGI):
        both = send(fire, now, "damkar", "psc119")
        for sent in both:
            there = AssignmentState.ON_SCENE
            services.advance(sent, there, region_id=BANYUWANGI, by=BY, now=now)
    done = {"region_id": BANYUWANGI, "note": "selesai", "by": BY, "now": now}
    assert not at_once(
        lambda: services.finish(both[0], **done), lambda: services.finish(both[1], **done)
    )
    with acting_in(BANYUWANGI):
        incident = triage.incident(BANYUWANGI, fire)
    assert incident is not None
    assert incident.status is IncidentStatus.DONE


def test_two_dispatchers_who_send_the_same_agency_send_it_once(
    fire: IncidentId, now: datetime
) -> None:
    assert not at_once(lambda: send(fire, now, "damkar"), lambda: send(fire, now, "damkar"))
    with acting_in(BANYUWANGI):
        assert len(queries.assignments(BANYUWANGI, fire)) == 1


def test_an_answer_in_the_moment_of_the_alarm_ends_it(fire: IncidentId, now: datetime) -> None:
    with acting_in(BANYUWANGI):
        (sent,) = send(fire, now, "damkar")
        token = UUID(Deadline.objects.get(subject_id=sent, finished_at=None).data["token"])
    later = now + timedelta(minutes=5)
    assert not at_once(
        lambda: services.run_step(sent, token, region_id=BANYUWANGI, now=later),
        lambda: services.acknowledge(sent, region_id=BANYUWANGI, by=BY, now=later),
    )
    with acting_in(BANYUWANGI):
        view = queries.assignment(BANYUWANGI, sent)
        assert view is not None
        assert view.state is AssignmentState.ACKNOWLEDGED
        assert queries.alarms(BANYUWANGI) == []
