"""Fixtures for every test: the database, the time, the region, the cast."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, connections
from hypothesis import settings as hypothesis_settings

from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from tests import databases
from tests.databases import TestDatabase

# A slow machine is no wrong answer: speed is measured in benches.
hypothesis_settings.register_profile("siaga", deadline=None)
hypothesis_settings.load_profile("siaga")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Root's servers keep their data outside a closed folder; it goes when the tests have gone."""
    if os.geteuid() != 0 or hasattr(session.config, "workerinput"):
        return
    factory = session.config._tmp_path_factory  # type: ignore[attr-defined]
    for folder, names, _ in os.walk(factory.getbasetemp()):
        for name in {"data", "phone"}.intersection(names):
            place = Path(folder, name).resolve()
            if place.parent == Path("/var/lib/siaga"):
                shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.Item) -> Iterator[None]:
    """Each worker has a clone of the template; tests marked `django_db` roll back in it."""
    with databases.clone("test_worker") as own, django_db_blocker.unblock():
        _use(own)
        yield
        connections.close_all()


def _use(chosen: TestDatabase) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = chosen.name


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: pytest.Item) -> Iterator[TestDatabase]:
    """A database of its own for tests that really commit, or that share it with other processes."""
    former = connection.settings_dict["NAME"]
    with databases.clone() as chosen, django_db_blocker.unblock():
        _use(chosen)
        try:
            yield chosen
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = former


@pytest.fixture
def now() -> datetime:
    """A Saturday evening in November: 19.30 in Banyuwangi."""
    return datetime(2026, 11, 21, 12, 30, tzinfo=UTC)


@pytest.fixture
def region_id() -> RegionId:
    """Where most of the cast works."""
    return RegionId("banyuwangi")


@pytest.fixture
def in_banyuwangi(db: None, region_id: RegionId) -> Iterator[RegionId]:
    """A transaction that sees Banyuwangi only, rolled back afterwards."""
    with acting_in(region_id):
        yield region_id
