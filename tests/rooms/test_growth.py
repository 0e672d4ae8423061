"""What is over costs nothing: no query of the day touches more pages because more has ended."""

from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import pytest

from siaga.accounts.types import Viewer
from siaga.dispatch import queries as dispatch
from siaga.followup import queries as followup
from siaga.intake import queries as intake
from siaga.intake.types import ContactState, LocationState, Place
from siaga.kernel.geometry import Point
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Urgency
from siaga.triage import queries as triage
from siaga.triage.types import IncidentStatus
from tests import cast
from tests.cast import BANYUWANGI
from tests.databases import TestDatabase
from tests.plans import pages_touched

FEW, MANY, OPEN = 5_000, 25_000, 60

_FILL = """
CREATE TEMPORARY TABLE past AS
SELECT n, gen_random_uuid() AS contact, gen_random_uuid() AS report, gen_random_uuid() AS incident,
    gen_random_uuid() AS assignment, n <= %(open)s AS is_open,
    %(now)s::timestamptz - n * interval '1 minute' AS at
FROM generate_series(%(first)s::int, %(last)s::int) AS n;

INSERT INTO intake_contact (id, region_id, channel, state, correspondent_id, display_name, preview,
    language, rank, received_at, last_activity_at, waiting_since, unread, claimed_by, claim_seen_at,
    disposition, disposition_note, disposed_at, confidential, type_code, is_test)
SELECT contact, 'banyuwangi', 'whatsapp',
    CASE WHEN is_open THEN (ARRAY['waiting', 'claimed', 'reported'])[1 + n %% 3]
        WHEN n %% 2 = 0 THEN 'disposed' ELSE 'reported' END,
    gen_random_uuid(), 'Warga', 'halo', 'id', 5, at, at,
    CASE WHEN is_open AND n %% 3 = 0 THEN at END, 0, gen_random_uuid(), at,
    CASE WHEN is_open OR n %% 2 = 1 THEN '' ELSE 'ghost' END, '',
    CASE WHEN is_open OR n %% 2 = 1 THEN NULL ELSE at END, false, '', false
FROM past;

INSERT INTO intake_report (id, region_id, contact_id, tracking_code, channel, state, language,
    narrative, type_code, urgency, area_code, place_text, location_state, reporter_name, anonymous,
    confidential, answers, received_at, answered_at, refusal, is_test)
SELECT report, 'banyuwangi', contact, 'G' || n, 'whatsapp',
    CASE WHEN NOT is_open THEN 'answered' WHEN n %% 2 = 0 THEN 'in_triage' ELSE 'attached' END,
    'id', 'pohon', 'POHON-TUMBANG', '', '', '', 'known', '', false, false, '{}', at,
    CASE WHEN is_open THEN NULL ELSE at END, '', false
FROM past;

INSERT INTO triage_incident (id, region_id, code, type_code, urgency, status, truth,
    dispatched_unverified, confidential, named_people, named_agencies, summary, area_code,
    place_text, lat, lng, location_state, report_count, presented_at, opened_at, closed_at,
    disposition, reopened_count, is_test)
SELECT incident, 'banyuwangi', 'G-' || n, 'POHON-TUMBANG', 'P' || (1 + n %% 4),
    CASE WHEN NOT is_open THEN 'closed' WHEN n %% 2 = 0 THEN 'in_triage' ELSE 'dispatched' END,
    'a1', false, false, '{}', '{}', 'pohon', '35.10.16', '', -8.21, 114.37, 'known', 1, at, at,
    CASE WHEN is_open THEN NULL ELSE at END, CASE WHEN is_open THEN '' ELSE 'handled' END, 0, false
FROM past;

INSERT INTO triage_assessment (report_id, region_id, truth, incident_id, joined_at)
SELECT report, 'banyuwangi', 'a1', incident, at FROM past;

INSERT INTO dispatch_assignment (id, region_id, incident_id, agency_code, role, state, urgency,
    note, sent_at, acknowledge_by, done_at, decline_reason, done_note, media_ids, is_test)
SELECT assignment, 'banyuwangi', incident, 'damkar', 'lead',
    CASE WHEN is_open THEN 'sent' ELSE 'done' END, 'P2', '', at, at + interval '1 minute',
    CASE WHEN is_open THEN NULL ELSE at END, '', '', '{}', false
FROM past;

INSERT INTO dispatch_escalation_run (assignment_id, region_id, plan, token, next_step, next_due_at,
    started_at, stopped_at, stop_reason)
SELECT assignment, 'banyuwangi', '{"schema": 1, "profile_version": "1", "urgency": "P2",
    "acknowledge_within_seconds": 60, "steps": [{"after_seconds": 0, "action": "x", "to": "y"}]}',
    gen_random_uuid(), 0, CASE WHEN is_open THEN at END, at,
    CASE WHEN is_open THEN NULL ELSE at END, ''
FROM past;

INSERT INTO followup_complaint_clock (incident_id, region_id, verify_by, follow_up_by, resolve_by,
    resolved_at)
SELECT incident, 'banyuwangi', at, at, at, CASE WHEN is_open THEN NULL ELSE at END FROM past;

INSERT INTO journal_deadline (id, region_id, name, subject_id, data, due_at, attempts, finished_at,
    outcome)
SELECT gen_random_uuid(), 'banyuwangi', 'intake.waiting_too_long', contact, '{}', at, 0,
    CASE WHEN is_open THEN NULL ELSE at END, '' FROM past;

DROP TABLE past;
"""


def fill(database: TestDatabase, first: int, last: int, now: datetime) -> None:
    """Reports `first` to `last` with all that followed; the lowest OPEN of them are not over."""
    values = {"first": first, "last": last, "open": OPEN, "now": now}
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        with connection.transaction(), psycopg.ClientCursor(connection) as cursor:
            cursor.execute("SELECT set_config('siaga.regions', '*', true)")
            cursor.execute(_FILL, values)
        connection.execute("VACUUM ANALYZE")


def daily(sari: Viewer, made: Viewer, now: datetime) -> dict[str, Callable[[], object]]:
    """What the screens and the auditor ask again and again."""
    there = Place(point=Point(-8.21, 114.37), area_code="35.10.16", state=LocationState.KNOWN)
    return {
        "board": lambda: triage.board(sari),
        "board of an urgency": lambda: triage.board(sari, urgency=Urgency.P1),
        "unattended": lambda: triage.unattended(sari),
        "open counts": lambda: triage.open_counts(sari),
        "similar": lambda: triage.similar(sari, type_code="TAWON", place=there, now=now),
        "incidents of a status": lambda: triage.incidents(sari, status=IncidentStatus.REOPENED),
        "waiting": lambda: intake.waiting_contacts(sari),
        "waiting counts": intake.waiting_counts,
        "claimed": lambda: intake.claimed_contacts(sari),
        "stale claims": lambda: intake.stale_claims(BANYUWANGI, now),
        "waiting ones": lambda: intake.contacts(sari, state=ContactState.WAITING),
        "claimed ones": lambda: intake.contacts(sari, state=ContactState.CLAIMED),
        "to verify": lambda: intake.unfiled_reports(sari),
        "busy with": lambda: dispatch.open_incidents_of(BANYUWANGI, "damkar"),
        "an officer's work": lambda: dispatch.agency_assignments(made),
        "silent": lambda: dispatch.unacknowledged(BANYUWANGI, now),
        "alarms": lambda: dispatch.alarms(BANYUWANGI),
        "overdue steps": lambda: dispatch.overdue_steps(BANYUWANGI, now),
        "overdue complaints": lambda: followup.overdue_complaints(BANYUWANGI, now),
        "orphans": lambda: followup.orphans(BANYUWANGI, now),
    }


@pytest.mark.timeout(120)
def test_no_query_of_the_day_grows_with_what_is_over(
    committed_db: TestDatabase, now: datetime
) -> None:
    sari, made = cast.enter("sari", now), cast.enter("made", now)
    later = now + timedelta(minutes=1)

    def measured() -> dict[str, int]:
        with acting_in(BANYUWANGI):
            return {name: pages_touched(ask) for name, ask in daily(sari, made, later).items()}

    fill(committed_db, 1, FEW, now)
    few = measured()
    fill(committed_db, FEW + 1, MANY, now)
    many = measured()
    grown = {name: (few[name], many[name]) for name in few if many[name] > 1.5 * few[name] + 50}
    assert not grown, "pages touched before and after"
