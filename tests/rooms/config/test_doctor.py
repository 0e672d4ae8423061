"""The doctor finds what a deployer can get wrong, and says the cure."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from siaga.config.doctor import database, files, processes, system
from siaga.config.doctor import profiles as regions
from siaga.kernel.doctor import Check, Level
from tests.databases import TestDatabase


def texts(check: Check, now: datetime) -> str:
    return " ".join(f"{finding.text} {finding.cure}" for finding in check(now))


@pytest.fixture
def owner(committed_db: TestDatabase) -> Callable[[str], None]:
    """Do something to the database that only its owner can."""

    def do(statement: str) -> None:
        with psycopg.connect(committed_db.owner_url, autocommit=True) as link:
            link.execute(statement.encode())

    return do


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize(
    "check",
    [
        database.database_is_reachable,
        database.version_is_supported,
        database.extensions_are_there,
        database.application_owns_nothing,
        database.migrations_are_applied,
        database.row_security_is_forced,
        database.journal_is_append_only,
        database.database_knows_time_zones,
        database.clocks_agree,
        processes.deadlines_are_served,
        processes.journal_is_sealed,
        processes.jobs_are_done,
        regions.profiles_are_applied,
    ],
    ids=lambda check: check.__name__,
)
def test_nothing_is_wrong_with_a_fresh_centre(check: Check, now: datetime) -> None:
    assert texts(check, now) == ""


def test_a_table_of_a_region_without_its_lock_is_named(
    owner: Callable[[str], None], now: datetime
) -> None:
    owner("CREATE TABLE forgotten (region_id varchar(40))")
    assert "Table forgotten" in texts(database.row_security_is_forced, now)
    owner("ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY")
    assert "Table forgotten" in texts(database.row_security_is_forced, now)


def test_an_unlocked_journal_is_noticed(owner: Callable[[str], None], now: datetime) -> None:
    owner("GRANT UPDATE ON journal_entry TO siaga_app")
    assert "UPDATE journal_entry" in texts(database.journal_is_append_only, now)
    owner("ALTER TABLE journal_seal DISABLE TRIGGER append_only")
    assert "journal_seal append-only is missing" in texts(database.journal_is_append_only, now)


def test_an_application_that_is_the_owner_is_refused(
    committed_db: TestDatabase, now: datetime
) -> None:
    former = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = "siaga"
    try:
        found = texts(database.application_owns_nothing, now)
    finally:
        connection.close()
        connection.settings_dict["USER"] = former
    assert "above row-level security" in found
    assert "siaga_app" in found


def test_a_migration_not_applied_is_named(owner: Callable[[str], None], now: datetime) -> None:
    owner("DELETE FROM django_migrations WHERE app = 'journal'")
    assert "siaga setup" in texts(database.migrations_are_applied, now)


def test_processes_that_never_lived_are_missed(
    committed_db: TestDatabase, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(processes, "_ask", lambda _host, _port: None)
    quiet = list(processes.processes_are_alive(now))
    assert {finding.level for finding in quiet} == {Level.WARNING}
    # With the door open, a missing worker is no longer a centre that was not started yet.
    monkeypatch.setattr(processes, "_ask", lambda _host, _port: b"HTTP/1.1 200")
    assert {finding.level for finding in processes.processes_are_alive(now)} == {Level.ERROR}


def test_a_port_that_answers_strangely_is_told(
    monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(processes, "_ask", lambda _host, _port: b"SSH-2.0-OpenSSH")
    assert "Something else" in texts(processes.port_is_ours, now)


def test_photographs_that_others_may_see_are_an_error(
    tmp_path: Path, settings: Settings, now: datetime
) -> None:
    settings.SIAGA_HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.MEDIA_ROOT.mkdir(mode=0o755)
    assert "photographs" in texts(system.data_folder_is_closed, now)
    settings.MEDIA_ROOT.chmod(stat.S_IRWXU)
    assert texts(system.data_folder_is_closed, now) == ""


def test_a_secret_that_others_may_read_is_an_error(
    tmp_path: Path, settings: Settings, now: datetime
) -> None:
    settings.SIAGA_HOME = tmp_path
    (tmp_path / "secrets.toml").touch(mode=0o644)
    assert "chmod 600" in texts(system.secrets_are_kept, now)
    settings.SECRET_KEY = "short"
    assert "fewer than" in texts(system.secrets_are_kept, now)


def test_a_public_address_without_encryption_is_an_error(settings: Settings, now: datetime) -> None:
    settings.PUBLIC_URL = "http://112.example.go.id"
    settings.ALLOWED_HOSTS = ["*"]
    found = texts(system.configuration_is_fit, now)
    assert "not encrypted" in found
    assert "SIAGA_ALLOWED_HOSTS" in found


def test_a_full_disk_is_told_before_it_is_full(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    settings.SIAGA_HOME = tmp_path
    monkeypatch.setattr(system, "FREE_BYTES_COMFORT", 1 << 60)
    assert [finding.level for finding in system.there_is_free_space(now)] == [Level.WARNING]
    monkeypatch.setattr(system, "FREE_BYTES_MIN", 1 << 60)
    assert [finding.level for finding in system.there_is_free_space(now)] == [Level.ERROR]


def test_missing_content_names_the_variable(
    tmp_path: Path, settings: Settings, now: datetime
) -> None:
    settings.PROFILES_DIR = tmp_path / "nowhere"
    assert "SIAGA_PROFILES" in texts(files.content_is_found, now)
