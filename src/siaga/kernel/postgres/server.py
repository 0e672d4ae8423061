"""One PostgreSQL shared by all Siaga processes of a home folder, living exactly as long as they do.

Three locks make it safe without any bookkeeping that a `kill -9` could leave stale:

* `users.lock`: every process using the server holds it shared. A guardian waits to have it alone,
  which happens when the last user is gone, however it went, and then stops the server.
* `start.lock`: one process at a time looks whether the server runs and starts it.
* `server.lock`: inherited by the server itself and all its backends, so it is free exactly when
  none of them is left, even when the postmaster was killed and its pid is still a zombie.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from siaga.kernel.account import ServerAccount
from siaga.kernel.postgres import guardian, locks
from siaga.kernel.postgres.binaries import Binaries, find_binaries
from siaga.kernel.postgres.errors import PostgresUnavailable
from siaga.kernel.postgres.layout import Layout
from siaga.kernel.postgres.postmaster import forget_stale_pid_file, is_ready
from siaga.kernel.postgres.provision import OWNER, PROVISIONED, provision_cluster

_PATIENCE_SECONDS = 60.0
_START_SECONDS = 60
_STOP_SECONDS_MAX = 20.0


class EmbeddedServer:
    """A server below `home`, started or joined on entering, kept alive until the last user leaves.

    `durable=False` gives up safety against power loss for speed; only for tests.
    Raises PostgresUnavailable, with the cure, when it cannot be had.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self._layout = Layout(home.expanduser().resolve(), _account())
        self._durable = durable
        self._use: int | None = None
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        self._layout.make_folder()
        # First declare use, then look: the other way round a stop in progress could be joined.
        self._use = locks.share(self._layout.users_lock)
        try:
            self.ensure_running()
        except BaseException:
            self.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
        self._see_out()

    def _see_out(self) -> None:
        """Wait until the guardian has stopped the server, unless somebody else uses it.

        A unit's processes are killed when its first one has ended, and this one may be that.
        """
        deadline = time.monotonic() + _STOP_SECONDS_MAX
        while time.monotonic() < deadline and not locks.is_shared(self._layout.users_lock):
            if (free := locks.try_alone(self._layout.server_lock)) is not None:
                os.close(free)
                return
            time.sleep(0.02)

    def release(self) -> None:
        """Give up this process's use of the server."""
        if self._use is not None:
            os.close(self._use)
            self._use = None

    @property
    def data(self) -> Path:
        """The data folder, for backups and the doctor."""
        return self._layout.cluster

    def url(self, database: str, role: str) -> str:
        """A connection URL through the server's socket, which only this user can reach."""
        return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(self._socket), '')}"

    @property
    def _socket(self) -> Path:
        return self._layout.socket

    def ensure_running(self) -> bool:
        """Start the server unless it runs; True when it had to be started.

        Cheap when it runs, so a long-lived process may call it every second.
        """
        with self._guard, locks.alone(self._layout.start_lock):
            deadline = time.monotonic() + _PATIENCE_SECONDS
            while (held := locks.try_alone(self._layout.server_lock)) is None:
                if is_ready(self._layout.cluster):
                    self._provision_once()
                    return False
                if time.monotonic() > deadline:
                    raise PostgresUnavailable(
                        f"The server in {self._layout.data} neither becomes ready nor ends.",
                        f"Its log is in {self._log_folder}.",
                    )
                time.sleep(0.02)
            try:
                self._start(held)
            finally:
                os.close(held)
            return True

    def _start(self, server_lock: int) -> None:
        layout = self._layout
        layout.make_socket_folder()
        layout.make_data_place()
        binaries = layout.reachable(find_binaries(layout.made_by_major()))
        if layout.made_by_major() is None:
            self._initialise(binaries)
        forget_stale_pid_file(layout.cluster)
        started = layout.account.run(
            binaries.program("pg_ctl"), "start", "--wait", f"--timeout={_START_SECONDS}",
            "--pgdata", layout.cluster, "--log", layout.data / "start.log",
            "--options", self._options(),
            keep_open=(server_lock,),
        )  # fmt: skip
        if started.returncode != 0:
            raise PostgresUnavailable(
                f"PostgreSQL {binaries.major} did not start: {self._why_not(started)}",
                f"Its log is in {self._log_folder}.",
            )
        self._set_guardian(binaries)
        self._provision_once()

    def _provision_once(self) -> None:
        mark = self._layout.data / PROVISIONED
        if not mark.exists():
            provision_cluster(self.url("postgres", OWNER))
            mark.touch()

    def _initialise(self, binaries: Binaries) -> None:
        unfinished = self._layout.data / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        made = self._layout.account.run(
            binaries.program("initdb"), "--pgdata", unfinished, "--username", OWNER,
            "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums",
            *([] if self._durable else ["--no-sync"]),
        )  # fmt: skip
        if made.returncode != 0:
            raise PostgresUnavailable(
                f"initdb of PostgreSQL {binaries.major} failed: {made.stderr.strip()[-400:]}",
                f"Check free space and permissions of {self._layout.data}.",
            )
        unfinished.rename(self._layout.cluster)

    def _options(self) -> str:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket),
            "unix_socket_permissions": "0700",
            "shared_buffers": "128MB",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "idle_in_transaction_session_timeout": "60s",
            "fsync": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
            "synchronous_commit": "on" if self._durable else "off",
            "logging_collector": "on",
            "log_directory": str(self._log_folder),
            "log_filename": "postgresql-%a.log",
            "log_rotation_age": "1d",
            "log_truncate_on_rotation": "on",
            # Statements and row details hold what citizens wrote; logs must not.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        return " ".join(f"-c {name}='{value}'" for name, value in settings.items())

    @property
    def _log_folder(self) -> Path:
        return self._layout.data / "log"

    def _why_not(self, started: subprocess.CompletedProcess[str]) -> str:
        try:
            lines = (self._layout.data / "start.log").read_text(errors="replace").splitlines()
        except OSError:
            lines = []
        return " / ".join(lines[-3:]) or started.stderr.strip() or started.stdout.strip()

    def _set_guardian(self, binaries: Binaries) -> None:
        account = self._layout.account
        # It goes off on its own at once, so that it is nobody's child to wait for.
        subprocess.run(
            [
                sys.executable, "-I", "-S", guardian.__file__,
                str(self._layout.users_lock), str(binaries.program("pg_ctl")),
                str(self._layout.cluster), str(account.uid), str(account.gid),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=True,
        )  # fmt: skip


def _account() -> ServerAccount:
    """PostgreSQL refuses root."""
    account = ServerAccount.for_this_process("postgres", "nobody")
    if account is None:
        raise PostgresUnavailable(
            "PostgreSQL does not run as root, and there is no user postgres or nobody.",
            "Create one (useradd --system postgres) or run Siaga as an ordinary user.",
        )
    return account
