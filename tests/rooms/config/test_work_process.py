"""The worker takes over from dead workers and leaves in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from uuid import uuid4

import psycopg
import pytest

from siaga.journal.services import DELIVER_TASK
from tests.databases import TestDatabase
from tests.waiting import wait_until

patiently = partial(wait_until, seconds=60)
pytestmark = pytest.mark.timeout(120)


def leave_a_job_half_done(owner: psycopg.Connection) -> int:
    """A job that a worker had begun when it was killed a minute ago."""
    row = owner.execute(
        """INSERT INTO procrastinate_workers (last_heartbeat)
           VALUES (now() - interval '1 minute') RETURNING id"""
    ).fetchone()
    assert row is not None
    arguments = psycopg.types.json.Jsonb(
        {"entry_id": str(uuid4()), "region_id": "banyuwangi", "handler": "nobody.at.home"}
    )
    job = owner.execute(
        """INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)
           VALUES ('journal', %s, %s, 'doing', %s) RETURNING id""",
        (DELIVER_TASK, arguments, row[0]),
    ).fetchone()
    assert job is not None
    return int(job[0])


def test_a_job_of_a_killed_worker_is_done_by_the_next(committed_db: TestDatabase) -> None:
    with psycopg.connect(committed_db.owner_url, autocommit=True) as owner:
        job = leave_a_job_half_done(owner)
        worker = subprocess.Popen(
            [sys.executable, "-m", "siaga.config.cli", "work"],
            env=os.environ | committed_db.env | {"SIAGA_DB_ROLE": "app"},
            stderr=subprocess.DEVNULL,
        )

        def count(query: str) -> int:
            row = owner.execute(query).fetchone()
            assert row is not None
            return int(row[0])

        try:
            patiently(
                lambda: not count(f"SELECT count(*) FROM procrastinate_jobs WHERE id = {job}")
            )
            patiently(
                lambda: count("SELECT count(*) FROM journal_heartbeat WHERE process = 'work'")
            )
            begun = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=10) == 0
            assert time.monotonic() - begun < 5
        finally:
            worker.kill()
            worker.wait()
        assert not count("SELECT count(*) FROM procrastinate_workers"), "it signed off"
