"""One Asterisk's life: start, await that it is booted, tell it something, stop. No orphan is left.

AMI's FullyBooted is the only honest "ready".
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from siaga.telephony.asterisk.binding import bound_to_us
from siaga.telephony.asterisk.config.doors import MANAGER_USER
from siaga.telephony.asterisk.errors import AsteriskFailed
from siaga.telephony.asterisk.site import LOOPBACK, Site

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 10.0
CONSOLE_SECONDS_MAX = 20
_ASK_SECONDS = 2.0
_STEP_SECONDS = 0.05


class AsteriskProcess:
    """Asterisk as a child of ours, for demo and tests; in production it has a unit of its own."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process, while it lives."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def start(self) -> float:
        """Seconds until it was booted; AsteriskFailed if it does not get there."""
        site = self._site
        began = time.monotonic()
        with (site.home / "log" / "console.txt").open("ab") as console:
            self._child = subprocess.Popen(
                [*bound_to_us(), str(site.starter)],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,  # a terminal's Ctrl-C is for us
            )
        while not is_booted(site):
            if self._child.poll() is not None:
                raise self._failed(f"it ended with {self._child.returncode}")
            if time.monotonic() - began > START_SECONDS_MAX:
                self.stop()
                raise self._failed(f"not ready within {START_SECONDS_MAX:.0f} s")
            time.sleep(_STEP_SECONDS)
        return time.monotonic() - began

    def stop(self) -> None:
        """End it at once; calls end with it."""
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def kill(self) -> None:
        """As a crash would."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def wait(self) -> int:
        """Its exit code, whenever it ends."""
        return self._child.wait() if self._child else 0

    def _failed(self, reason: str) -> AsteriskFailed:
        return AsteriskFailed(reason=reason, log=self._site.home / "log")


def is_booted(site: Site) -> bool:
    """Whether AMI answers that every module is up."""
    login = f"Action: Login\r\nUsername: {MANAGER_USER}\r\nSecret: {site.secrets.manager}\r\n\r\n"
    try:
        with socket.create_connection((LOOPBACK, site.ports.ami), _ASK_SECONDS) as door:
            door.settimeout(_ASK_SECONDS)
            door.sendall(login.encode())
            heard = b""
            while b"FullyBooted" not in heard:
                more = door.recv(4096)
                if not more:
                    return False
                heard += more
            return True
    except OSError:
        return False


def runs_as_root(site: Site) -> bool:
    """Whether the running one belongs to root; False where none runs."""
    try:
        pid = int((site.home / "run" / "asterisk.pid").read_text())
        return Path(f"/proc/{pid}").stat().st_uid == 0
    except (OSError, ValueError):
        return False


def console(site: Site, command: str) -> str:
    """What Asterisk's own console says to a command; AsteriskFailed when it is not there."""
    program = site.installation.program
    try:
        done = subprocess.run(
            program.command("-C", str(site.settings_file), "-rx", command),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=CONSOLE_SECONDS_MAX,
            env=program.environment(),
        )
    except subprocess.TimeoutExpired:
        raise AsteriskFailed(reason=f"no answer to {command}", log=site.home / "log") from None
    if done.returncode != 0:
        reason = done.stderr.strip() or done.stdout.strip() or f"no answer to {command}"
        raise AsteriskFailed(reason=reason, log=site.home / "log")
    return done.stdout


def reload(site: Site, commands: Sequence[str]) -> None:
    """Put changed files into force; calls go on."""
    for command in commands:
        console(site, command)
