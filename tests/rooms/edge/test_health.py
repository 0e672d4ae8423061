"""What the outside may know."""

from datetime import timedelta

import psycopg

from siaga.kernel import clock
from tests.databases import TestDatabase
from tests.rooms.edge.doors import Door
from tests.waiting import wait_until


def _beat(db: TestDatabase, process: str, seconds_ago: float) -> None:
    at = clock.now() - timedelta(seconds=seconds_ago)
    with psycopg.connect(db.owner_url) as owner:
        owner.execute(
            "INSERT INTO journal_heartbeat VALUES (%s, %s)"
            " ON CONFLICT (process) DO UPDATE SET at = excluded.at",
            (process, at),
        )


def test_alive_asks_nobody(edge: Door) -> None:
    assert edge.get("/healthz").text == "ok\n"


def test_a_silent_process_is_named(edge: Door, edge_db: TestDatabase) -> None:
    _beat(edge_db, "clock", 0)
    _beat(edge_db, "work", 3600)
    found = wait_until(
        lambda: (answer := edge.get("/readyz").json())["parts"]["clock"] == "ok" and answer
    )
    assert found == {
        "ready": False,
        "parts": {
            "database": "ok", "migrations": "ok", "clock": "ok", "work": "silent", "live": "ok",
        },
    }  # fmt: skip
    assert edge.get("/readyz").status_code == 503
    # A node that can serve pages is sent pages, whoever else is missing.
    assert edge.get("/readyz?for=traffic").status_code == 200
    _beat(edge_db, "work", 0)
    assert wait_until(lambda: edge.get("/readyz").status_code == 200)


def test_the_figures_are_for_the_allowed(edge: Door) -> None:
    text = edge.get("/metrics").text
    for name in ("siaga_intake_accepted_total", "siaga_live_clients", "siaga_live_lag_seconds"):
        assert name in text
    # Behind a proxy that we were not told of, everybody looks like the loopback address.
    veiled = {"X-Forwarded-For": "203.0.113.9"}
    assert edge.get("/metrics", headers=veiled).status_code == 404
    bearer = {"Authorization": "Bearer a-token-for-prometheus"}
    assert edge.get("/metrics", headers=veiled | bearer).status_code == 200
    wrong = {"Authorization": "Bearer é"}
    assert (
        edge.get(
            "/metrics", headers={**veiled, **{k: v.encode() for k, v in wrong.items()}}
        ).status_code
        == 404
    )


def test_pages_are_another_process_when_the_edge_is_alone(edge: Door) -> None:
    assert edge.get("/accounts/login/").status_code == 404
