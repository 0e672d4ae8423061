"""Our own processes: alive, and keeping up."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection

from siaga.config.serve_process import address
from siaga.journal import queries
from siaga.journal.heartbeats import is_fresh
from siaga.kernel.doctor import DATABASE, Finding, error, examine, warning
from siaga.kernel.tenancy import ALL_REGIONS, acting_in

LATE_DEADLINE = timedelta(seconds=10)
LATE_SEAL = timedelta(minutes=1)
LATE_JOB_SECONDS = 60
_ANSWER_SECONDS = 0.5
_START = "Start it: `siaga run`, or the systemd unit siaga-{process} (see its log with journalctl)."

_JOBS = """
SELECT count(*) FILTER (WHERE status = 'failed'),
       count(*) FILTER (WHERE status = 'todo'
           AND coalesce(scheduled_at, now()) < now() - make_interval(secs => %s)
           AND id IN (SELECT job_id FROM procrastinate_events
                      WHERE type = 'deferred' AND at < now() - make_interval(secs => %s)))
FROM procrastinate_jobs WHERE status IN ('failed', 'todo')
"""
_OLDEST_UNSEALED = """
SELECT min(e.at) FROM journal_entry e
WHERE NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.entry_id = e.id)
"""


@examine("processes.port", "The port is free or serves Siaga")
def port_is_ours(_now: datetime) -> Iterator[Finding]:
    host, port = address(None, None)
    answer = _ask(host, port)
    if answer is not None and not answer.startswith(b"HTTP/1.1 200"):
        yield error(
            "processes.port",
            f"Something else, or an ailing Siaga, answers on {host}:{port}.",
            "Stop that program or choose another PORT; if it is Siaga, read the log of serve.",
        )


@examine("processes.alive", "Worker and clock are alive", needs=DATABASE)
def processes_are_alive(now: datetime) -> Iterator[Finding]:
    seen = queries.heartbeats()
    serving = _ask(*address(None, None)) is not None
    for process in ("work", "clock"):
        last = seen.get(process)
        if is_fresh(last, now):
            continue
        since = f"since {last:%Y-%m-%d %H:%M:%S} UTC" if last else "and never was"
        tell = error if serving else warning
        yield tell(
            "processes.alive",
            f"`siaga {process}` is not alive {since}.",
            _START.format(process=process),
        )


@examine("processes.deadlines", "Every deadline is served on time", needs=DATABASE)
def deadlines_are_served(now: datetime) -> Iterator[Finding]:
    with acting_in(ALL_REGIONS):
        late = queries.overdue_deadlines(now - LATE_DEADLINE)
    if late:
        name, _subject, due_at = late[0]
        yield error(
            "processes.deadlines",
            f"{len(late)} deadlines are overdue, the oldest ({name}) since {due_at:%H:%M:%S} UTC.",
            _START.format(process="clock"),
        )


@examine("processes.seal", "The journal is sealed", needs=DATABASE)
def journal_is_sealed(now: datetime) -> Iterator[Finding]:
    with acting_in(ALL_REGIONS), connection.cursor() as cursor:
        cursor.execute(_OLDEST_UNSEALED)
        (oldest,) = cursor.fetchone()
    if oldest is not None and now - oldest > LATE_SEAL:
        yield error(
            "processes.seal",
            f"The journal has not been sealed since {oldest:%Y-%m-%d %H:%M:%S} UTC.",
            _START.format(process="clock"),
        )


@examine("processes.jobs", "Jobs are done", needs=DATABASE)
def jobs_are_done(_now: datetime) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_JOBS, [LATE_JOB_SECONDS, LATE_JOB_SECONDS])
        failed, waiting = cursor.fetchone()
    if failed:
        yield warning(
            "processes.jobs",
            f"{failed} jobs failed for good.",
            "See why in the log of `siaga work`; try again with `siaga procrastinate shell`.",
        )
    if waiting:
        yield warning(
            "processes.jobs",
            f"{waiting} jobs wait longer than {LATE_JOB_SECONDS} s.",
            _START.format(process="work"),
        )


def _ask(host: str, port: int) -> bytes | None:
    """The first bytes of the answer to a health request; None when nobody listens."""
    try:
        with socket.create_connection((host, port), timeout=_ANSWER_SECONDS) as caller:
            caller.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return caller.recv(64)
    except ConnectionRefusedError:
        return None
    except OSError:
        return b""
