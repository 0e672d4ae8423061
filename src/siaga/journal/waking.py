"""Tell the followers of the journal that something was committed.

A NOTIFY inside a business transaction holds a lock of the whole cluster over its commit and cost
up to four fifths of the write rate. So one thread per process sends it after the commit, from a
connection of its own and at most every 20 ms. It is only a wake-up: followers also poll, so a lost
one delays a screen by a second and loses nothing.
"""

import logging
import os
import threading
import time

import psycopg

from siaga.journal.wire import open_direct

CHANNEL = "siaga_journal"
PAUSE_SECONDS = 0.02
IDLE_SECONDS = 10.0
RETRY_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Waker:
    """A thread that turns any number of wake-ups into one NOTIFY per 20 ms."""

    def __init__(self, channel: str = CHANNEL) -> None:
        self._channel = channel
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = 0

    def wake(self) -> None:
        """Ask for a NOTIFY; returns at once and never fails."""
        self._wanted.set()
        if self._thread is None or self._pid != os.getpid() or not self._thread.is_alive():
            self._start()

    def stop(self) -> None:
        """End the thread and close its connection; a later wake starts anew."""
        with self._guard:
            thread, self._thread = self._thread, None
        if thread is not None and self._pid == os.getpid():
            self._stopping.set()
            self._wanted.set()
            thread.join(timeout=5)

    def _start(self) -> None:
        with self._guard:
            if self._thread is not None and self._pid == os.getpid() and self._thread.is_alive():
                return
            # A forked child inherits the object but not the thread.
            self._pid = os.getpid()
            self._stopping = threading.Event()
            self._thread = threading.Thread(target=self._run, name="journal-waker", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        connection: psycopg.Connection | None = None
        stopping = self._stopping
        try:
            while not stopping.is_set():
                if not self._wanted.wait(IDLE_SECONDS):
                    # Nobody has written for a while: give the connection back.
                    _close(connection)
                    connection = None
                    continue
                self._wanted.clear()
                if not stopping.is_set():
                    connection = self._send(connection)
                    time.sleep(PAUSE_SECONDS)
        finally:
            _close(connection)

    def _send(self, connection: psycopg.Connection | None) -> psycopg.Connection | None:
        try:
            if connection is None or connection.closed:
                connection = open_direct()
            connection.execute("SELECT pg_notify(%s, '')", (self._channel,))
        except psycopg.Error as error:
            # The followers' poll is the net; only tell that the quick way is out.
            _log.warning("journal_wake_failed error=%s", type(error).__name__)
            _close(connection)
            connection = None
            self._stopping.wait(RETRY_SECONDS)
        return connection


def _close(connection: psycopg.Connection | None) -> None:
    if connection is not None:
        connection.close()


_waker = Waker()


def wake() -> None:
    """Call after a commit that wrote to the journal: `transaction.on_commit(wake)`."""
    _waker.wake()


def stop() -> None:
    """End the thread, so that nothing holds the database; for orderly exits and for tests."""
    _waker.stop()
