"""Of several processes of one kind only one works: it leads while its connection lives."""

from __future__ import annotations

import logging
import time

import psycopg

from siaga.journal.wire import open_direct

CHECK_SECONDS = 1.0
_log = logging.getLogger("siaga.leadership")


class Leadership:
    """An advisory lock held by a connection of its own: lost the moment the connection is."""

    def __init__(self, lock: int, name: str) -> None:
        self._lock, self._name = lock, name
        self._connection: psycopg.Connection | None = None
        self._checked = 0.0

    def holds(self) -> bool:
        """Whether this process leads; tries to take the lead when nobody has it.

        Raises psycopg.OperationalError when the database is out of reach.
        """
        if self._connection is None:
            return self._take()
        if time.monotonic() - self._checked >= CHECK_SECONDS:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error:
                self.give_up()
                raise
            self._checked = time.monotonic()
        return True

    def give_up(self) -> None:
        """Let another process lead."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _take(self) -> bool:
        connection = open_direct()
        try:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (self._lock,)).fetchone()
        except psycopg.Error:
            connection.close()
            raise
        if row is None or not row[0]:
            connection.close()
            return False
        self._connection, self._checked = connection, time.monotonic()
        _log.info("%s_leads", self._name)
        return True
