"""The operating-system user a server of ours runs as: whoever starts it, but never root.

Root's home is usually closed to such a user; what the server needs then lies in /var/lib/siaga.
Folders of the user's are never opened up to make room.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOR_ROOT = Path("/var/lib/siaga")


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """Runs programs as the user the server belongs to: ourselves, or a stand-in for root."""

    uid: int
    gid: int
    stand_in: bool

    @classmethod
    def for_this_process(cls, *stand_ins: str) -> ServerAccount | None:
        """Ourselves; for root the first of the stand-ins that this system knows, or None."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), stand_in=False)
        for name in stand_ins:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid, stand_in=True)
        return None

    def run(
        self, *command: str | Path, keep_open: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end with captured output; `keep_open` descriptors are inherited."""
        other: dict[str, Any] = {}
        if self.stand_in:
            other = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            cwd="/",
            pass_fds=keep_open,
            check=False,
            **other,
        )

    def may(self, test: str, path: Path) -> bool:
        """Whether the server's user passes `test -x` (or -w, -r) on a path."""
        if not self.stand_in:
            return os.access(path, {"-x": os.X_OK, "-w": os.W_OK, "-r": os.R_OK}[test])
        return self.run("test", test, path).returncode == 0

    def own(self, path: Path) -> None:
        if self.stand_in:
            os.chown(path, self.uid, self.gid)


def place_for_root(name: str) -> Path:
    """A name below /var/lib/siaga, which is made."""
    _FOR_ROOT.mkdir(parents=True, exist_ok=True)
    _FOR_ROOT.chmod(0o755)  # whatever the umask
    return _FOR_ROOT / name


def short_hash(text: str) -> str:
    """Ten digits that tell one path from another in a name."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]
