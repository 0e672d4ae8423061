"""One running edge for a whole file, with a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.databases import TestDatabase
from tests.rooms.edge.doors import Door, open_door


@pytest.fixture(scope="module")
def edge_db() -> Iterator[TestDatabase]:
    """A database shared by the tests of a file and the edge they talk to."""
    with databases.clone("test_edge") as chosen:
        yield chosen


@pytest.fixture(scope="module")
def edge(edge_db: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """`siaga edge` with short patience, so that the tests need little."""
    folder: Path = tmp_path_factory.mktemp("edge")
    settings = {
        "SIAGA_INTAKE_PATIENCE_SECONDS": "0.5",
        "SIAGA_HEARTBEAT_SECONDS": "1",
        "SIAGA_LIVE_PER_HOLDER_MAX": "12",
        "SIAGA_LIVE_REPLAY_MAX": "300",
        "SIAGA_LIVE_QUEUE_MAX": "16",
        "SIAGA_METRICS_TOKEN": "a-token-for-prometheus",
    }
    with open_door(folder, {**edge_db.env, **settings}) as door:
        yield door
