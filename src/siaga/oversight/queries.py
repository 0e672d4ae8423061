"""The day in numbers. One statement each, bounded by the span asked for; values, never rows.

The rooms upstream keep their own reads; what joins several of their tables stands here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from siaga.intake import queries as intake
from siaga.kernel.types import RegionId
from siaga.oversight import rules
from siaga.oversight.types import Funnel, Pace, Sealing, Typical

# A day of the busiest centre has a tenth of this; a year asked for by mistake stops here.
ROWS_MAX = 50_000
# Whatever was written this long before the last seal has been sealed with it.
_SEAL_REACH = timedelta(minutes=10)

_ARRIVED = """
SELECT count(*) FROM (
    SELECT 1 FROM intake_contact c WHERE c.region_id = %(region)s
    AND c.received_at >= %(since)s AND c.received_at < %(until)s
    AND (%(tests)s OR NOT (c.is_test OR c.disposition = 'test')) LIMIT %(limit)s) AS counted
"""
_REPORTS = """
SELECT r.state, count(*) FROM intake_contact c
LEFT JOIN intake_report r ON r.contact_id = c.id AND r.region_id = c.region_id
WHERE c.region_id = %(region)s AND c.received_at >= %(since)s AND c.received_at < %(until)s
AND c.state = 'reported' AND r.id IS NOT NULL AND (%(tests)s OR NOT c.is_test)
GROUP BY r.state LIMIT 20
"""
# From the arrival until a person first took or ended it, as the journal has it: a later claim,
# to read a reply, does not count.
_ANSWER = """
WITH touched AS (
    SELECT (e.data ->> 'contact_id')::uuid AS contact_id, min(e.at) AS at FROM journal_entry e
    WHERE e.region_id = %(region)s AND e.at >= %(since)s AND e.at < %(until)s
    AND e.name IN ('intake.contact_claimed', 'intake.contact_disposed') GROUP BY 1),
spans AS (
    SELECT extract(epoch FROM t.at - c.received_at) AS seconds, c.state = 'waiting' AS lacking
    FROM intake_contact c LEFT JOIN touched t ON t.contact_id = c.id
    WHERE c.region_id = %(region)s AND c.received_at >= %(since)s AND c.received_at < %(until)s
    AND (%(tests)s OR NOT (c.is_test OR c.disposition = 'test')) LIMIT %(limit)s)
"""
_DISPATCH = """
WITH spans AS (
    SELECT extract(epoch FROM i.dispatched_at - i.presented_at) AS seconds,
           i.dispatched_at IS NULL AND i.closed_at IS NULL AS lacking
    FROM triage_incident i
    WHERE i.region_id = %(region)s AND i.opened_at >= %(since)s AND i.opened_at < %(until)s
    AND (%(tests)s OR NOT i.is_test) LIMIT %(limit)s)
"""
_ACKNOWLEDGEMENT = """
WITH spans AS (
    SELECT extract(epoch FROM s.acknowledged_at - s.sent_at) AS seconds,
           s.state = 'sent' AS lacking
    FROM dispatch_assignment s
    WHERE s.region_id = %(region)s AND s.sent_at >= %(since)s AND s.sent_at < %(until)s
    AND (%(tests)s OR NOT s.is_test) LIMIT %(limit)s)
"""
_LAST_SEAL = """
SELECT position, sealed_at FROM journal_seal WHERE region_id = %(region)s
ORDER BY position DESC LIMIT 1
"""
_UNSEALED = """
SELECT count(*), min(at) FROM (
    SELECT e.at FROM journal_entry e WHERE e.region_id = %(region)s AND e.at >= %(since)s
    AND NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.entry_id = e.id)
    LIMIT %(limit)s) AS unsealed
"""
_MEDIAN = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), count(seconds),
       count(*) FILTER (WHERE lacking) FROM spans
"""


def funnel(
    region_id: RegionId, *, since: datetime, until: datetime, with_tests: bool = False
) -> Funnel:
    """Everything that came in between two moments, by what became of it. Three counts."""
    wanted = _wanted(region_id, since, until, with_tests)
    contacts = intake.funnel(region_id, since=since, until=until, with_tests=with_tests)
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVED, wanted)
        (arrived,) = cursor.fetchone()
        cursor.execute(_REPORTS, wanted)
        reports = dict(cursor.fetchall())
    return rules.funnel(arrived, contacts, reports, since=since, until=until)


def pace(
    region_id: RegionId, *, since: datetime, until: datetime, with_tests: bool = False
) -> Pace:
    """Medians in seconds. Three statements.

    answer: from a contact's arrival until a person first took or ended it.
    dispatch: from the report's arrival until the first agency was sent, of incidents opened then.
    acknowledgement: from sending until the agency accepted, of assignments sent then.
    """
    wanted = _wanted(region_id, since, until, with_tests)
    return Pace(
        answer=_typical(_ANSWER, wanted),
        dispatch=_typical(_DISPATCH, wanted),
        acknowledgement=_typical(_ACKNOWLEDGEMENT, wanted),
    )


def sealing(region_id: RegionId, now: datetime) -> Sealing:
    """How far the chain has come and what still waits; looks only near the chain's end.

    Two statements, whatever the length of the journal.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LAST_SEAL, {"region": region_id})
        position, sealed_at = cursor.fetchone() or (0, None)
        since = (sealed_at or now - timedelta(days=1)) - _SEAL_REACH
        cursor.execute(_UNSEALED, {"region": region_id, "since": since, "limit": ROWS_MAX})
        unsealed, oldest = cursor.fetchone()
    return Sealing(
        sealed=position, sealed_at=sealed_at, unsealed=unsealed, oldest_unsealed_at=oldest
    )


def _typical(spans: str, wanted: Mapping[str, Any]) -> Typical:
    with connection.cursor() as cursor:
        cursor.execute(spans + _MEDIAN, wanted)
        seconds, count, lacking = cursor.fetchone()
    return Typical(seconds=seconds, count=count, lacking=lacking)


def _wanted(
    region_id: RegionId, since: datetime, until: datetime, with_tests: bool
) -> dict[str, Any]:
    return {
        "region": region_id,
        "since": since,
        "until": until,
        "tests": with_tests,
        "limit": ROWS_MAX,
    }
