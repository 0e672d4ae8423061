"""One Asterisk's life: quick to start, gone when it is stopped, what it knew is kept."""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from siaga.telephony.asterisk.account import asterisk_account
from siaga.telephony.asterisk.errors import AsteriskFailed
from siaga.telephony.asterisk.process import (
    AsteriskProcess,
    console,
    is_booted,
    reload,
    runs_as_root,
)
from siaga.telephony.asterisk.rendering import reloads_for, write_configuration
from siaga.telephony.asterisk.site import Ports, Site
from tests.phone.centre import Centre, free_base
from tests.waiting import wait_until

pytestmark = pytest.mark.phone


def written(site: Site) -> list[str]:
    """What AstDB has put on disk of the two; it does so about once a second."""
    with sqlite3.connect(site.home / "state" / "astdb.sqlite3") as file:
        keys = [str(key) for (key,) in file.execute("SELECT key FROM astdb")]
    wanted = ("/Queue/PersistentMembers/112-utara", "/held-utara/+62812")
    return [key for key in keys if key in wanted]


@pytest.fixture
def second(asterisk: Centre, tmp_path: Path) -> Site:
    """Another site beside the running one, with ports of its own."""
    site = replace(asterisk.site, home=tmp_path, ports=Ports.from_base(free_base()))
    write_configuration([*asterisk.plans.values()], site)
    return site


def test_a_second_asterisk_beside_the_first_survives_its_own_death(second: Site) -> None:
    process = AsteriskProcess(second)
    try:
        assert process.start() < 30
        pid = process.pid
        held = Path(f"/proc/{pid}/status").read_text()
        assert "CapEff:\t0000000000000000" in held, "whoever starts it, it holds no power of root"
        console(second, "queue add member PJSIP/utara-p1 to 112-utara")
        console(second, "database put held-utara +62812 ask:4000000000")
        wait_until(lambda: len(written(second)) == 2)
        process.kill()
        assert process.pid is None
        assert not Path(f"/proc/{pid}").exists()
        process.start()
        assert "utara-p1" in console(second, "queue show 112-utara")
        assert "ask:4000000000" in console(second, "database get held-utara +62812")
    finally:
        process.stop()
    assert not is_booted(second)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that everybody may pass, unlike the tests' own."""
    with TemporaryDirectory(dir="/tmp") as name:
        place = Path(name)
        place.chmod(0o755)
        yield place / "phone"


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's Asterisk is that user")
def test_started_by_root_it_is_another_user_who_reads_what_is_written_later(
    asterisk: Centre, open_place: Path
) -> None:
    site = replace(asterisk.site, home=open_place, ports=Ports.from_base(free_base()))
    plans = [*asterisk.plans.values()]
    write_configuration(plans, site)
    with AsteriskProcess(site) as process:
        held = Path(f"/proc/{process.pid}/status").read_text()
        [users] = [line.split()[1:] for line in held.splitlines() if line.startswith("Uid:")]
        # Where nobody else can reach the unpacked programs, root without any power is what is left.
        account = asterisk_account(site.home)
        reached = account is not None and account.may(
            "-r", Path(site.installation.program.prefix[0])
        )
        assert (set(users) == {"0"}) is not reached
        assert runs_as_root(site) is not reached
        assert "CapEff:\t0000000000000000" in held
        (site.home / "etc" / "queues.conf").unlink()
        changed = write_configuration(plans, site)
        assert changed == ["queues.conf"]
        reload(site, reloads_for(changed))
        assert "112-utara" in console(site, "queue show 112-utara")
        console(site, "database put held-utara +62812 ask:4000000000")
        wait_until(lambda: len(written(site)) == 1)
        assert (site.home / "start").stat().st_uid == 0, "it cannot change what root starts"
        assert site.home.stat().st_uid == 0


def test_one_that_cannot_start_says_where_its_log_is(second: Site) -> None:
    (second.home / "etc" / "asterisk.conf").write_text("[directories]\nastmoddir => /nowhere\n")
    (second.home / "etc" / "modules.conf").write_text("[modules]\nrequire = nothing.so\n")
    process = AsteriskProcess(second)
    with pytest.raises(AsteriskFailed) as refused:
        process.start()
    assert str(second.home / "log") in refused.value.message
    wait_until(lambda: process.pid is None)
