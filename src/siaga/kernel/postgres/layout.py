"""Where everything of an embedded server lies.

`<home>/postgres/` holds the locks, the data folder and the logs. Root's home is usually closed to
the user that PostgreSQL runs as; then the data and a copy of the programs go to /var/lib/siaga and
`data` becomes a link. Folders of the user's are never opened up to make room.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from siaga.kernel.account import ServerAccount, place_for_root, short_hash
from siaga.kernel.postgres.binaries import Binaries
from siaga.kernel.postgres.errors import PostgresUnavailable


@dataclass(frozen=True, slots=True)
class Layout:
    home: Path
    account: ServerAccount

    @property
    def folder(self) -> Path:
        return self.home / "postgres"

    @property
    def data_link(self) -> Path:
        return self.folder / "data"

    @property
    def data(self) -> Path:
        return self.data_link.resolve()

    @property
    def users_lock(self) -> Path:
        return self.folder / "users.lock"

    @property
    def start_lock(self) -> Path:
        return self.folder / "start.lock"

    @property
    def server_lock(self) -> Path:
        return self.folder / "server.lock"

    @property
    def socket(self) -> Path:
        """A socket path is limited to 107 bytes, so it cannot live below the home folder."""
        return Path(f"/tmp/.siaga-{os.geteuid()}-{short_hash(str(self.home))}")

    def make_folder(self) -> None:
        """The folder with the locks; the first thing needed."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.account.stand_in:
            # The server's own user has to pass through, and sees only names in here.
            self.folder.chmod(0o711)

    @property
    def cluster(self) -> Path:
        """What initdb made. It gets this name only when finished."""
        return self.data / "cluster"

    def made_by_major(self) -> int | None:
        try:
            return int((self.cluster / "PG_VERSION").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def make_socket_folder(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        found = self.socket.lstat()
        mine = found.st_uid in (os.geteuid(), self.account.uid)
        if not mine or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
            raise PostgresUnavailable(
                f"{self.socket} belongs to somebody else or is open to others.",
                "Remove it; Siaga makes it anew.",
            )
        self.account.own(self.socket)

    def make_data_place(self) -> Path:
        """An empty or existing data folder that the server's user can write to."""
        if not self.data_link.is_symlink():
            self.data_link.mkdir(mode=0o700, exist_ok=True)
            self.account.own(self.data_link)
        if not self.data.is_dir():
            raise PostgresUnavailable(
                f"The data were moved to {self.data}, which is gone.",
                "Bring it back, or begin anew in another data folder (SIAGA_HOME).",
            )
        if self.account.may("-w", self.data):
            return self.data
        if not self.account.stand_in or any(self.data.iterdir()):
            raise PostgresUnavailable(
                f"{self.data} cannot be written to by user {self.account.uid}.",
                f"Give it back to its owner: chown -R {self.account.uid} {self.data}",
            )
        place = place_for_root(f"data-{short_hash(str(self.home))}")
        place.mkdir(mode=0o700, exist_ok=True)
        self.account.own(place)
        self.data_link.rmdir()
        self.data_link.symlink_to(place)
        return place

    def reachable(self, binaries: Binaries) -> Binaries:
        """The same programs where the server's user can run them (a copy when need be)."""
        if self.account.may("-x", binaries.program("postgres")):
            return binaries
        if not self.account.stand_in:
            raise PostgresUnavailable(
                f"{binaries.folder} cannot be run by this user.",
                "Check the folder's permissions.",
            )
        root = binaries.folder.parent
        source = short_hash(str(root))
        changed = binaries.program("postgres").stat().st_mtime_ns
        name = f"postgres-{binaries.major}-{source}-{short_hash(str(changed))}"
        copy = place_for_root(name)
        if not copy.exists():
            for older in copy.parent.glob(f"postgres-*-{source}-*"):
                shutil.rmtree(older, ignore_errors=True)
            _copy_programs(root, copy)
        return Binaries(copy / root.name / "bin", binaries.major, binaries.supplier)


def _copy_programs(root: Path, copy: Path) -> None:
    unfinished = copy.with_name(f".{copy.name}.{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o755)
    shutil.copytree(root, unfinished / root.name, symlinks=True)
    # auditwheel keeps a wheel's shared libraries beside its package, two levels above the programs.
    for libraries in root.parent.parent.glob(f"{root.parent.name}*.libs"):
        beside = unfinished.parent / libraries.name
        shutil.copytree(libraries, beside, dirs_exist_ok=True)
        _let_everybody_read(beside)
    _let_everybody_read(unfinished)
    unfinished.rename(copy)


def _let_everybody_read(folder: Path) -> None:
    """Whatever umask these programs were installed under: the server's user runs them."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
