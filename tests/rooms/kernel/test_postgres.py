"""The embedded server: shared, guarded, and safe when any of its parts is killed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

import siaga
from siaga.kernel.postgres import EmbeddedServer, PostgresUnavailable, locks
from siaga.kernel.postgres.layout import Layout
from tests.waiting import wait_until

USER_PROGRAM = Path(__file__).with_name("postgres_user.py")
PACKAGES = os.pathsep.join(
    [str(Path(siaga.__file__).parents[1]), str(Path(psycopg.__file__).parents[1])]
)
patiently = partial(wait_until, seconds=40)
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path that every user of the machine can reach; emptied when its server is down."""
    folder = Path(tempfile.mkdtemp(prefix="siaga-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    patiently(lambda: not processes_of(folder))
    real = (folder / "postgres" / "data").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(real, ignore_errors=True)


def processes_of(home: Path) -> list[int]:
    """Everything alive that serves or guards this home (zombies have no command line)."""
    found = []
    data = str((home / "postgres" / "data").resolve()).encode()
    lock = str(home / "postgres" / "users.lock").encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if data in command or lock in command:
            found.append(int(entry.name))
    return found


def postmaster_of(home: Path) -> int:
    cluster = (home / "postgres" / "data").resolve() / "cluster"
    return int((cluster / "postmaster.pid").read_text().splitlines()[0])


def start_user(home: Path, python: str = sys.executable) -> tuple[subprocess.Popen[str], str]:
    """Another process using the same server, and the URL it got."""
    process = subprocess.Popen(
        [python, str(USER_PROGRAM), str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": PACKAGES, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def leave(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.wait(timeout=20)
    assert process.stdout is not None
    process.stdout.close()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    leave(process)


def write_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO kept DEFAULT VALUES")


def count_rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def test_the_first_start_makes_a_durable_server_with_the_roles_and_extensions(home: Path) -> None:
    with (
        EmbeddedServer(home) as server,
        psycopg.connect(server.url("siaga", "siaga_app")) as connection,
    ):
        row = connection.execute(
            """SELECT current_setting('fsync'), current_setting('synchronous_commit'),
                      current_setting('full_page_writes'), current_setting('data_checksums'),
                      rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole,
                      (SELECT array_agg(extname::text ORDER BY extname) FROM pg_extension)
               FROM pg_roles WHERE rolname = current_user"""
        ).fetchone()
    extensions = ["btree_gist", "citext", "pg_trgm", "plpgsql", "unaccent"]
    assert row == ("on", "on", "on", "on", False, extensions)


def test_the_app_role_uses_what_the_owner_makes_but_makes_nothing(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as server:
        with psycopg.connect(server.url("postgres", "siaga"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE another")
        for database in ("siaga", "another"):
            write_row(server.url(database, "siaga"))
            with psycopg.connect(server.url(database, "siaga_app")) as app:
                app.execute("INSERT INTO kept DEFAULT VALUES")
                app.execute("DELETE FROM kept")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute("CREATE TABLE mine ()")


def test_a_second_process_shares_the_server_and_the_last_one_stops_it(home: Path) -> None:
    first, url = start_user(home)
    second, other_url = start_user(home)
    assert url == other_url
    leave(first)
    write_row(url)
    leave(second)
    patiently(lambda: not processes_of(home))


def test_the_last_one_to_leave_sees_the_server_out_and_others_do_not_wait_for_it(
    home: Path,
) -> None:
    with EmbeddedServer(home) as server:
        url = server.url("siaga", "siaga")
        other, _ = start_user(home)
    write_row(url)
    leave(other)
    free = locks.try_alone(home / "postgres" / "server.lock")
    assert free is not None, "a unit would have killed it"
    os.close(free)
    with EmbeddedServer(home) as server:
        told = "".join(path.read_text() for path in (server.data.parent / "log").glob("*.log"))
    assert "not properly shut down" not in told


def test_a_killed_last_user_leaves_no_server_behind_and_loses_no_row(home: Path) -> None:
    user, url = start_user(home)
    write_row(url)
    kill(user)
    patiently(lambda: not processes_of(home))
    with EmbeddedServer(home) as server:
        assert count_rows(server.url("siaga", "siaga")) == 1


def test_a_killed_postmaster_is_started_again_with_every_committed_row(home: Path) -> None:
    with EmbeddedServer(home) as server:
        url = server.url("siaga", "siaga")
        for _ in range(20):
            write_row(url)
        os.kill(postmaster_of(home), signal.SIGKILL)
        patiently(server.ensure_running)
        assert count_rows(url) == 20
        assert not server.ensure_running()


def test_a_stranger_with_the_dead_servers_number_does_not_stop_the_start(home: Path) -> None:
    with EmbeddedServer(home) as server:
        cluster = server.data.resolve()
    patiently(lambda: not processes_of(home))
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n")
    with EmbeddedServer(home) as server:
        write_row(server.url("siaga", "siaga"))


def test_an_unfinished_initdb_is_begun_anew(home: Path) -> None:
    unfinished = home / "postgres" / "data" / "unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("17\n")
    with EmbeddedServer(home) as server:
        write_row(server.url("siaga", "siaga"))
        assert not unfinished.exists()


def test_a_data_folder_of_another_version_is_refused_with_the_cure(home: Path) -> None:
    cluster = home / "postgres" / "data" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("13\n")
    with pytest.raises(PostgresUnavailable, match=r"PostgreSQL 13.*dump and restore"):
        EmbeddedServer(home).__enter__()


def test_a_folder_without_postgres_named_by_hand_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIAGA_PG_BIN", str(home))
    with pytest.raises(PostgresUnavailable, match="SIAGA_PG_BIN"):
        EmbeddedServer(home).__enter__()


def test_a_socket_folder_open_to_others_is_refused(home: Path) -> None:
    server = EmbeddedServer(home)
    socket: Path = Layout(home, server._layout.account).socket
    socket.mkdir()
    socket.chmod(0o755)
    with pytest.raises(PostgresUnavailable, match="open to others"):
        server.__enter__()
    socket.rmdir()


def test_data_that_were_moved_and_are_gone_are_said_to_be_so(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "data").symlink_to(home / "gone")
    with pytest.raises(PostgresUnavailable, match=r"gone.*SIAGA_HOME"):
        EmbeddedServer(home).__enter__()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has the problem")
def test_root_with_a_closed_home_keeps_it_closed(home: Path) -> None:
    home.chmod(0o700)
    with EmbeddedServer(home) as server:
        write_row(server.url("siaga", "siaga"))
        assert home.stat().st_mode & 0o077 == 0
        assert str(server.data.resolve()).startswith("/var/lib/siaga/")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_has_a_server_of_their_own(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    python = _python_for(nobody.pw_uid)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    asked = subprocess.run(
        [python, str(USER_PROGRAM), str(home)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": PACKAGES, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert asked.stdout.startswith("postgresql://siaga@/siaga"), asked.stderr
    assert (home / "postgres" / "data" / "cluster").stat().st_uid == nobody.pw_uid


def _python_for(uid: int) -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/python{version}"):
        probe = ["test", "-x", os.path.realpath(candidate)]
        if subprocess.run(probe, user=uid, extra_groups=[], check=False).returncode == 0:
            return candidate
    pytest.skip("no Python here that an ordinary user may run")
