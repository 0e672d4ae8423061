"""A region with a long past: many closed incidents and some hundred open ones."""

import time
from collections.abc import Callable

import psycopg
from django.test import Client

from benches.harness import Stand, median
from siaga.accounts import queries
from siaga.accounts import services as accounts
from siaga.accounts.models import Person
from siaga.accounts.types import Role, Viewer
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId

REGION = RegionId("banyuwangi")
SMALL, LARGE = 10_000, 1_000_000
OPEN = 300
WAITING = 60
# They write again and again: a contact at the desk has earlier ones.
CITIZENS = 500
WARM_UP = 5
BY = Actor.system("bench")

_FILL = """
CREATE TEMPORARY TABLE past AS
SELECT n, gen_random_uuid() AS contact, gen_random_uuid() AS report, gen_random_uuid() AS incident,
    md5('citizen ' || n %% %(citizens)s)::uuid AS citizen,
    now() - (n * interval '3 minutes') AS at, n <= %(open)s AS is_open
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n;

INSERT INTO messaging_correspondent (id, region_id, channel, phones, profile_name, language,
    last_inbound_at, window_expires_at)
SELECT DISTINCT ON (citizen) citizen, %(region)s, 'whatsapp',
    ARRAY['+62812' || n %% %(citizens)s], 'Warga ' || n, 'id', at, at + interval '24 hours'
FROM past ORDER BY citizen, at DESC
ON CONFLICT DO NOTHING;

INSERT INTO intake_contact (id, region_id, channel, state, correspondent_id, phone, display_name,
    preview, language, rank, received_at, last_activity_at, unread, disposition, disposition_note,
    confidential, type_code, is_test)
SELECT contact, %(region)s, 'whatsapp', 'reported', citizen,
    '+62812' || (n %% %(citizens)s), 'Warga ' || n, 'pohon tumbang di jalan nomor ' || n, 'id', 5,
    at, at, 0, '', '', false, '', false
FROM past;

INSERT INTO messaging_message (id, region_id, channel, correspondent_id, direction, kind, text,
    place_name, in_reply_to, payload, at, author_kind, author_id, contact_id, status, error,
    attempts)
SELECT gen_random_uuid(), %(region)s, 'whatsapp', citizen, 'in', 'text',
    'pohon tumbang di jalan nomor ' || n, '', '', '{}', at, '', '', contact, '', '', 0
FROM past;

INSERT INTO intake_report (id, region_id, contact_id, tracking_code, channel, correspondent_id,
    state, language, narrative, type_code, urgency, area_code, place_text, location_state,
    reporter_name, anonymous, confidential, answers, received_at, answered_at, refusal, is_test)
SELECT report, %(region)s, contact, 'B' || n, 'whatsapp', citizen,
    CASE WHEN is_open THEN 'attached' ELSE 'answered' END, 'id', 'pohon tumbang ' || n,
    'POHON-TUMBANG', 'P2', '', 'dekat pasar', 'known', '', false, false, '{}', at,
    CASE WHEN is_open THEN NULL ELSE at END, '', false
FROM past;

INSERT INTO triage_incident (id, region_id, code, type_code, urgency, status, truth,
    dispatched_unverified, confidential, named_people, named_agencies, summary, area_code,
    place_text, lat, lng, location_state, report_count, presented_at, opened_at, closed_at,
    disposition, reopened_count, is_test)
SELECT incident, %(region)s, 'BEN-' || n, 'POHON-TUMBANG', 'P' || (1 + n %% 4),
    CASE WHEN is_open THEN 'dispatched' ELSE 'closed' END, 'a1', false, false, '{}', '{}',
    'pohon tumbang ' || n, '', 'dekat pasar', -8.2 + (n %% 1000) / 5000.0,
    114.2 + (n %% 997) / 5000.0, 'known', 1, at, at, CASE WHEN is_open THEN NULL ELSE at END,
    CASE WHEN is_open THEN '' ELSE 'handled' END, 0, false
FROM past;

INSERT INTO triage_assessment (report_id, region_id, truth, incident_id, joined_at)
SELECT report, %(region)s, 'a1', incident, at FROM past;

INSERT INTO dispatch_assignment (id, region_id, incident_id, agency_code, role, state, urgency,
    note, sent_at, acknowledge_by, acknowledged_at, done_at, decline_reason, done_note, media_ids,
    is_test)
SELECT gen_random_uuid(), %(region)s, incident, 'bpbd', 'lead',
    CASE WHEN is_open THEN 'acknowledged' ELSE 'done' END, 'P2', '', at,
    at + interval '5 minutes', at, CASE WHEN is_open THEN NULL ELSE at END, '', '', '{}', false
FROM past;

DROP TABLE past;
"""
_WAIT = """
INSERT INTO intake_contact (id, region_id, channel, state, correspondent_id, display_name, preview,
    language, rank, received_at, last_activity_at, waiting_since, unread, disposition,
    disposition_note, confidential, type_code, is_test)
SELECT gen_random_uuid(), %(region)s, 'whatsapp', 'waiting',
    md5('citizen ' || n)::uuid, 'Warga ' || n,
    'halo, mau lapor', 'id', 5, now(), now(), now(), 1, '', '', false, '', false
FROM generate_series(1, %(waiting)s) AS n
"""


def fill(stand: Stand, first: int, last: int) -> None:
    """Incidents `first` to `last`; the lowest OPEN of them are open."""
    values = {"region": REGION, "first": first, "last": last, "open": OPEN, "citizens": CITIZENS}
    with stand.connect_as_owner() as connection:
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(_FILL, values)
            if first == 1:
                stand.siaga("regions", "apply", "--yes")
                cursor.execute(_WAIT, {"region": REGION, "waiting": WAITING})
        connection.execute("VACUUM ANALYZE")


def desk() -> tuple[Client, Viewer]:
    """A browser in which a dispatcher has signed in, and how the doors see them."""
    now = clock.now()
    with acting_in(REGION):
        person_id = accounts.create_person(
            username="bench",
            full_name="Bench",
            password="terang-bulan-di-alun-alun",
            region_id=REGION,
            by=BY,
            now=now,
        )
        accounts.grant(person_id=person_id, region_id=REGION, role=Role.DISPATCHER, by=BY, now=now)
        viewer = queries.viewer(person_id, REGION, now)
    assert viewer is not None
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Person.objects.get(id=person_id))
    return client, viewer


def milliseconds(call: Callable[[], object], repeats: int) -> list[float]:
    """How long each call takes, after a warm-up."""
    for _ in range(WARM_UP):
        call()
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def page(client: Client, path: str) -> Callable[[], object]:
    """A call that fetches the page and insists on 200."""

    def fetch() -> object:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return answer.content

    return fetch


def middle(values: list[float]) -> float:
    """The median, in milliseconds."""
    return median(values)
