"""Backups that are tried: a dump of one moment, the row counts of that moment, media and secrets.

A backup is a folder `siaga-20261121T193000Z` with `database.dump`, `manifest.json` and `secrets/`.
Media and recordings never change once stored, so all backups of a folder share its `media/` and
`recordings/`; what is past its days in the centre is removed from the latter by the next backup.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

import siaga
from siaga.kernel.errors import SiagaError
from siaga.kernel.postgres import embedded_server, find_binaries, forget_default_rights

DUMP, MANIFEST, SECRETS, MEDIA = "database.dump", "manifest.json", "secrets", "media"
RECORDINGS = "recordings"
SECRET_FILES = ("secret_key", "secrets.toml", "recording_keys")
# Without this, forced row-level security hides every row from an owner that is no superuser.
_ALL_REGIONS = "-c siaga.regions=*"
_TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname
"""


class BackupFailed(SiagaError):
    """A step of a backup or restore did not work."""

    code = "config.backup_failed"

    def __str__(self) -> str:
        return str(self.details["reason"])


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; `rows` counts every table at the moment of the dump."""

    version: str
    at: str
    sha256: str
    rows: dict[str, int]


def back_up(url: str, home: Path, target: Path, *, now: datetime) -> Path:
    """Write a backup below `target`; returns its folder. Raises BackupFailed.

    `url` connects as the database's owner. A backup that was cut short keeps the ending
    `.unfinished` and is never taken for one.
    """
    final = target / f"siaga-{now:%Y%m%dT%H%M%SZ}"
    unfinished = final.with_name(f"{final.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    dump = unfinished / DUMP
    with _one_moment(url) as (snapshot, rows):
        _run(
            url, "pg_dump", "--format=custom", "--no-owner", "--no-comments",
            "--enable-row-security", f"--snapshot={snapshot}", f"--file={dump}",
        )  # fmt: skip
    _copy_secrets(home, unfinished / SECRETS)
    for folder in (MEDIA, RECORDINGS):
        _copy_files(home / folder, target / folder)
    _forget_removed(url, target / RECORDINGS)
    manifest = Manifest(siaga.__version__, now.isoformat(), _digest(dump), rows)
    (unfinished / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    unfinished.rename(final)
    return final


def try_restore(url: str, backup: Path) -> int:
    """Restore into a scratch database, compare every table's rows, drop it; returns the rows.

    Raises BackupFailed when anything differs. `url`'s role must be allowed to make databases.
    """
    name = f"siaga_try_{uuid4().hex[:12]}"
    scratch = make_conninfo(url, dbname=name)
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            return _load(scratch, backup)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def restore(url: str, home: Path, backup: Path) -> int:
    """Bring a backup into an empty database and data folder; returns the rows. BackupFailed."""
    with psycopg.connect(url) as link:
        if link.execute(_TABLES).fetchone() is not None:
            raise BackupFailed(
                reason="The database is not empty. Restore into a new data folder (SIAGA_HOME)"
                " or a new database (DATABASE_URL)."
            )
    total = _load(url, backup)
    for path in (backup / SECRETS).glob("*"):
        place = home / path.name
        shutil.copyfile(path, place)
        place.chmod(0o600)
    for folder in (MEDIA, RECORDINGS):
        _copy_files(backup.parent / folder, home / folder)
    return total


def remove_old(target: Path, keep: int) -> list[Path]:
    """Keep the newest `keep` backups of a folder; returns what was removed."""
    whole = sorted(path for path in target.glob("siaga-*Z") if (path / MANIFEST).exists())
    old = whole[: max(len(whole) - keep, 0)]
    for path in old:
        shutil.rmtree(path)
    return old


def read_manifest(backup: Path) -> Manifest:
    """The manifest, after comparing the dump with it. BackupFailed when they do not agree."""
    try:
        manifest = Manifest(**json.loads((backup / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupFailed(reason=f"{backup} is no whole backup: {error}") from error
    if _digest(backup / DUMP) != manifest.sha256:
        raise BackupFailed(reason=f"{backup / DUMP} was changed or damaged since it was written.")
    return manifest


def _load(url: str, backup: Path) -> int:
    manifest = read_manifest(backup)
    with psycopg.connect(url) as link:
        forget_default_rights(link)
    _run(url, "pg_restore", "--exit-on-error", "--no-owner", "--no-comments",
         f"--dbname={_without_password(url)}", str(backup / DUMP))  # fmt: skip
    with _one_moment(url) as (_snapshot, rows):
        for table, expected in manifest.rows.items():
            if rows.get(table) != expected:
                raise BackupFailed(
                    reason=f"{table} came back with {rows.get(table)} rows instead of {expected}."
                )
    return sum(manifest.rows.values())


@contextmanager
def _one_moment(url: str) -> Iterator[tuple[str, dict[str, int]]]:
    """A snapshot others can join, and the rows of every table in it."""
    with psycopg.connect(url, options=_ALL_REGIONS) as link:
        link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # A dump of a large centre takes longer than ordinary transactions may idle.
        link.execute("SET idle_in_transaction_session_timeout = 0")
        (snapshot,) = link.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        rows = {}
        for (table,) in link.execute(_TABLES).fetchall():
            count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            (rows[table],) = link.execute(count).fetchone() or (0,)
        yield snapshot, rows


def _run(url: str, program: str, *arguments: str) -> None:
    environment = os.environ | {"PGOPTIONS": _ALL_REGIONS}
    if password := conninfo_to_dict(url).get("password"):
        environment["PGPASSWORD"] = str(password)
    target = [] if program == "pg_restore" else [f"--dbname={_without_password(url)}"]
    ended = subprocess.run(
        [_program(program), *target, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise BackupFailed(reason=f"{program}: {ended.stderr.strip()[-600:]}")


def _program(name: str) -> str:
    """Of the embedded server's version, or for a server of one's own what the system has."""
    if embedded_server() is None and (found := shutil.which(name)):
        return found
    return str(find_binaries().program(name))


def _without_password(url: str) -> str:
    """A password in a command line could be read by everybody on the machine."""
    parts: dict[str, Any] = dict(conninfo_to_dict(url))
    parts.pop("password", None)
    return make_conninfo(**parts)


def _copy_secrets(home: Path, target: Path) -> None:
    target.mkdir(mode=0o700)
    for name in SECRET_FILES:
        if (home / name).is_file():
            shutil.copyfile(home / name, target / name)
            (target / name).chmod(0o600)


def _copy_files(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        copy = target / path.relative_to(source)
        if path.is_file() and not copy.exists():
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = copy.with_name(f".{copy.name}.part")
            shutil.copyfile(path, draft)
            draft.rename(copy)


def _forget_removed(url: str, kept: Path) -> None:
    """What the centre removed because its days were over leaves the backups too.

    By the rows that say so, never because a file is missing: that may be the very loss.
    """
    with psycopg.connect(url, options=_ALL_REGIONS) as link:
        rows = link.execute("SELECT call_id FROM telephony_recording WHERE state = 'removed'")
        removed = {str(call_id) for (call_id,) in rows}
    for path in kept.rglob("*.sealed"):
        if path.name.partition(".")[0] in removed:
            path.unlink()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
