"""A backup brings everything back, locks included, and a damaged one is noticed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from siaga.config.backup import BackupFailed, back_up, remove_old, restore, try_restore
from tests import databases
from tests.databases import TestDatabase

NOW = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
RIGHTS = """
SELECT c.relname, c.relacl::text, c.relrowsecurity, c.relforcerowsecurity,
       (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid),
       (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
ORDER BY c.relname
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "media" / "ab").mkdir(parents=True)
    (folder / "media" / "ab" / "photo.jpg").write_bytes(b"a photograph")
    (folder / "secret_key").write_text("kept")
    return folder


def rights(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as link:
        return link.execute(RIGHTS).fetchall()


def empty_database(name: str) -> TestDatabase:
    databases._admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    databases._admin("CREATE DATABASE {}", name)
    return databases.database(name)


def test_a_restored_centre_is_the_same_with_every_lock(
    committed_db: TestDatabase, home: Path, tmp_path: Path
) -> None:
    made = back_up(committed_db.owner_url, home, tmp_path / "backups", now=NOW)
    assert made.name == "siaga-20261121T193000Z"
    assert try_restore(committed_db.owner_url, made) > 0

    fresh, new_home = empty_database("test_restored"), tmp_path / "new"
    new_home.mkdir()
    restore(fresh.owner_url, new_home, made)
    assert rights(fresh.owner_url) == rights(committed_db.owner_url)
    assert (new_home / "media" / "ab" / "photo.jpg").read_bytes() == b"a photograph"
    assert (new_home / "secret_key").stat().st_mode & 0o077 == 0
    databases._admin("DROP DATABASE {} WITH (FORCE)", fresh.name)


def test_a_backup_is_never_restored_over_a_living_centre(
    committed_db: TestDatabase, home: Path, tmp_path: Path
) -> None:
    made = back_up(committed_db.owner_url, home, tmp_path / "backups", now=NOW)
    with pytest.raises(BackupFailed, match="not empty"):
        restore(committed_db.owner_url, home, made)


def test_a_damaged_backup_is_noticed(
    committed_db: TestDatabase, home: Path, tmp_path: Path
) -> None:
    made = back_up(committed_db.owner_url, home, tmp_path / "backups", now=NOW)
    dump = made / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-10])
    with pytest.raises(BackupFailed, match="changed or damaged"):
        try_restore(committed_db.owner_url, made)


def test_only_the_newest_whole_backups_are_kept(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        folder = tmp_path / f"siaga-2026110{day}T000000Z"
        folder.mkdir()
        (folder / "manifest.json").write_text("{}")
    (tmp_path / "siaga-20261104T000000Z.unfinished").mkdir()
    assert [path.name for path in remove_old(tmp_path, 2)] == ["siaga-20261101T000000Z"]
