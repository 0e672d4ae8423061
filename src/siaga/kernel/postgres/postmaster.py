"""Reading what a server leaves about itself in its data folder."""

from __future__ import annotations

import time
from pathlib import Path

from siaga.kernel.postgres.errors import PostgresUnavailable

_STATUS_LINE = 7
_ZOMBIE_SECONDS = 15.0


def is_ready(cluster: Path) -> bool:
    """Whether the server says it accepts connections and its process is alive."""
    lines = _pid_file(cluster)
    if len(lines) <= _STATUS_LINE or lines[_STATUS_LINE].strip() != "ready":
        return False
    return _state(lines[0]) not in (None, "Z")


def forget_stale_pid_file(cluster: Path) -> None:
    """Clear the way for a start. Only to be called while holding the server's lock alone.

    A killed postmaster stays a zombie until its parent reaps it, and after a restart of the
    machine or container its number may belong to another process: either makes PostgreSQL refuse.
    """
    lines = _pid_file(cluster)
    if not lines:
        return
    pid = lines[0].strip()
    deadline = time.monotonic() + _ZOMBIE_SECONDS
    while _state(pid) == "Z" and time.monotonic() < deadline:
        time.sleep(0.02)
    state = _state(pid)
    if state is None:
        return
    if state != "Z" and _is_server_of(pid, cluster):
        raise PostgresUnavailable(
            f"A PostgreSQL (pid {pid}) that Siaga did not start uses {cluster}.",
            f"Stop it: pg_ctl stop -D {cluster}",
        )
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _pid_file(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _state(pid: str) -> str | None:
    """The process's state letter as the kernel has it; None when there is no such process."""
    try:
        return Path(f"/proc/{int(pid)}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, ValueError, IndexError):
        return None


def _is_server_of(pid: str, cluster: Path) -> bool:
    try:
        return str(cluster).encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
