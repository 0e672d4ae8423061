"""Databases for tests: one migrated template with the four regions, cloned for whoever needs one.

Everything runs as the application's role, which owns nothing; as owner, tests of isolation would
prove nothing.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from siaga.kernel.postgres import database_urls

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class TestDatabase:
    """A database of its own; `env` points another process at it."""

    __test__ = False
    name: str
    app_url: str
    owner_url: str

    @property
    def env(self) -> dict[str, str]:
        """Environment variables for a subprocess."""
        return {"DATABASE_URL": self.app_url, "DATABASE_OWNER_URL": self.owner_url}


def database(name: str) -> TestDatabase:
    """The URLs of a database of this name on the tests' server."""
    urls = database_urls()
    return TestDatabase(
        name, make_conninfo(urls.app, dbname=name), make_conninfo(urls.owner, dbname=name)
    )


def template() -> str:
    """The name of the template for the present code, made if it is not there yet."""
    name = f"test_template_{_fingerprint()}"
    lock = Path(os.environ["SIAGA_HOME"]) / "template.lock"
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not _exists(name):
            _drop_all("test_template_")
            _build(name)
    return name


@contextmanager
def clone(prefix: str = "test_clone") -> Iterator[TestDatabase]:
    """A fresh database with schema and regions, dropped afterwards."""
    made = make_clone(f"{prefix}_{uuid4().hex[:10]}")
    try:
        yield made
    finally:
        _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", made.name)


def make_clone(name: str) -> TestDatabase:
    """A fresh database of this name."""
    _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _admin("CREATE DATABASE {} TEMPLATE {}", name, template())
    return database(name)


def _build(name: str) -> None:
    draft = f"{name}_draft"
    _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", draft)
    _admin("CREATE DATABASE {}", draft)
    environment = {
        **os.environ,
        **database(draft).env,
        "DJANGO_SETTINGS_MODULE": "siaga.config.testing",
    }
    for command in (["migrate", "-v0", "--skip-checks"], ["regions", "apply", "--yes"]):
        subprocess.run(
            [sys.executable, "-m", "siaga.config.cli", *command],
            env=environment,
            cwd=PROJECT,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=300,
        )
    # Only a finished template carries the name that others look for.
    _admin("ALTER DATABASE {} RENAME TO {}", draft, name)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in (
        "src/siaga/**/migrations/*.py",
        "profiles/**/*.toml",
        "content/taxonomy/*.toml",
    ):
        for path in sorted(PROJECT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _admin_url() -> str:
    owner = database_urls().owner
    assert conninfo_to_dict(owner)["user"] == "siaga", "tests need the embedded server"
    return make_conninfo(owner, dbname="postgres")


def _admin(statement: str, *names: str) -> None:
    with psycopg.connect(_admin_url(), autocommit=True) as connection:
        connection.execute(
            sql.SQL(statement).format(*(sql.Identifier(name) for name in names))  # type: ignore[arg-type]
        )


def _exists(name: str) -> bool:
    with psycopg.connect(_admin_url()) as connection:
        row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        return row.fetchone() is not None


def _drop_all(prefix: str) -> None:
    with psycopg.connect(_admin_url()) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,)
        ).fetchall()
    for (name,) in rows:
        _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
