"""Which processes make a centre on one box, and how they are run together."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

from django.db import connections

from siaga.config.loops import revive
from siaga.config.serve_process import check_port
from siaga.config.supervisor import Program, Supervisor

_REVIVE_SECONDS = 1.0
_PATIENCE_SECONDS = 5.0

_log = logging.getLogger("siaga.run")


def siaga_command(*arguments: str) -> list[str]:
    """The command line of a `siaga` process with this interpreter."""
    return [sys.executable, "-m", "siaga.config.cli", *arguments]


def programs(host: str, port: int) -> list[Program]:
    """What `siaga run` keeps alive, in the order of starting."""
    commands = {
        "serve": ("serve", "--host", host, "--port", str(port)),
        "work": ("work",),
        "clock": ("clock",),
    }
    return [
        Program(
            name,
            siaga_command(*command),
            {"SIAGA_DB_ROLE": "app", "SIAGA_PROCESS": f"siaga {name}"},
            # The door first: with two cores, starting all at once makes everybody wait longer.
            patience=0.0 if name == "serve" else _PATIENCE_SECONDS,
        )
        for name, command in commands.items()
    ]


def run_all(
    host: str,
    port: int,
    *,
    extra: list[Program] | None = None,
    when_ready: Callable[[str], None] | None = None,
    later: Callable[[], list[Program]] | None = None,
) -> None:
    """Start and watch everything until SIGINT or SIGTERM; returns when all has stopped.

    `when_ready` is called once with the base URL, when the door answers; then `later` in a thread
    of its own, for what else is to run and may take its time to be got. Raises PortTaken.
    """
    check_port(host, port)
    turn = _Turn(host, port, when_ready)
    supervisor = Supervisor([*programs(host, port), *(extra or [])], each_turn=turn)
    turn.once_open = partial(_once_open, supervisor, later)
    supervisor.run()


def _once_open(supervisor: Supervisor, later: Callable[[], list[Program]] | None) -> None:
    supervisor.start_the_rest()
    if later is not None:
        threading.Thread(target=_add, args=(supervisor, later), daemon=True).start()


def _add(supervisor: Supervisor, later: Callable[[], list[Program]]) -> None:
    try:
        supervisor.add(later())
    except Exception:
        # What comes later is not needed by what already runs.
        _log.exception("later_failed")
    finally:
        connections.close_all()


class _Turn:
    """What the supervisor does beside watching: keep PostgreSQL alive, tell when we are open."""

    def __init__(self, host: str, port: int, when_ready: Callable[[str], None] | None) -> None:
        self._host, self._port = host, port
        self._when_ready = when_ready
        self.once_open: Callable[[], None] | None = None
        self._ready = False
        self._revived = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._revived >= _REVIVE_SECONDS:
            revive()
            self._revived = time.monotonic()
        if not self._ready and self._answers():
            self._ready = True
            url = base_url(self._host, self._port)
            _log.info("ready url=%s", url)
            if self.once_open is not None:
                self.once_open()
            if self._when_ready is not None:
                self._when_ready(url)

    def _answers(self) -> bool:
        reachable = "127.0.0.1" if self._host == "0.0.0.0" else self._host
        try:
            with socket.create_connection((reachable, self._port), timeout=0.05):
                return True
        except OSError:
            return False


def base_url(host: str, port: int) -> str:
    """The address people type: SIAGA_PUBLIC_URL, or what is listened on."""
    if given := os.environ.get("SIAGA_PUBLIC_URL"):
        return given.rstrip("/")
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return f"http://{shown}:{port}"
