"""Writing journal entries as rooms do, only faster: straight into the table, as the app's role."""

import random
import threading
from uuid import UUID

import psycopg

from siaga.kernel.ids import new_id

_INSERT = """
INSERT INTO journal_entry (id, region_id, name, version, at, actor_kind, actor_id, request_id,
    subjects, data)
VALUES (%s, %s, %s, 1, now(), 'system', 'test', '', %s, '{}')
"""


def write(
    connection: psycopg.Connection,
    region: str = "banyuwangi",
    name: str = "test.happened",
    subjects: tuple[UUID, ...] = (),
) -> UUID:
    """One entry in the running transaction; returns its first subject."""
    connection.execute("SELECT set_config('siaga.regions', %s, true)", (region,))
    own = subjects or (new_id(),)
    connection.execute(_INSERT, (new_id(), region, name, list(own)))
    return own[0]


class Writers:
    """Several writers at once, whose transactions commit out of the order they began in."""

    def __init__(self, url: str, *, writers: int = 8, each: int = 50) -> None:
        self.written: list[UUID] = []
        self._url = url
        self._each = each
        self._threads = [
            threading.Thread(target=self._write, args=(seed,)) for seed in range(writers)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> bool:
        """Whether all have finished."""
        return not any(thread.is_alive() for thread in self._threads)

    def _write(self, seed: int) -> None:
        chance = random.Random(seed)
        with psycopg.connect(self._url) as connection:
            for _ in range(self._each):
                subject = write(connection, chance.choice(["banyuwangi", "jombang"]))
                connection.execute("SELECT pg_sleep(%s)", (chance.random() * 0.004,))
                connection.commit()
                self.written.append(subject)
