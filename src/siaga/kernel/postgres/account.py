"""The operating-system user the server runs as. PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from siaga.kernel.postgres.errors import PostgresUnavailable

_STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """Runs programs as the user the server belongs to: ourselves, or a stand-in for root."""

    uid: int
    gid: int
    stand_in: bool

    @classmethod
    def for_this_process(cls) -> ServerAccount:
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), stand_in=False)
        for name in _STAND_INS:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid, stand_in=True)
        raise PostgresUnavailable(
            "PostgreSQL does not run as root, and there is no user postgres or nobody.",
            "Create one (useradd --system postgres) or run Siaga as an ordinary user.",
        )

    def run(
        self, *command: str | Path, keep_open: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end with captured output; `keep_open` descriptors are inherited."""
        arguments = [str(part) for part in command]
        if not self.stand_in:
            return subprocess.run(
                arguments,
                capture_output=True,
                text=True,
                cwd="/",
                pass_fds=keep_open,
                check=False,
            )
        return subprocess.run(
            arguments,
            capture_output=True,
            text=True,
            cwd="/",
            pass_fds=keep_open,
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=[],
        )

    def may(self, test: str, path: Path) -> bool:
        """Whether the server's user passes `test -x` (or -w, -r) on a path."""
        if not self.stand_in:
            return os.access(path, {"-x": os.X_OK, "-w": os.W_OK, "-r": os.R_OK}[test])
        return self.run("test", test, path).returncode == 0

    def own(self, path: Path) -> None:
        if self.stand_in:
            os.chown(path, self.uid, self.gid)
