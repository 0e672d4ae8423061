"""Our processes, killed while it rains calls, and what must be true of the calls afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence

import psycopg

from siaga.telephony.services.calllog import call_id
from tests import cast
from tests.phone.house import Home
from tests.phone.sipp import Caller, Sipp
from tests.waiting import wait_while_it_moves

HERE = cast.BANYUWANGI
TRUNK = "127.0.0.60"
LIVE = "SELECT region_id FROM telephony_live WHERE connected"
STILL_SECONDS_MAX = 60.0
_ENDED = "SELECT count(*) FROM telephony_call WHERE ended_at IS NOT NULL"


class Zygote:
    """Starts and kills our processes; each is begun again the moment it died."""

    def __init__(self, home: Home, victims: Sequence[str]) -> None:
        log = (home.folder / "zygote.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.phone.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=home.environment,
            start_new_session=True,
        )
        self.pids = {name: self._start(name) for name in victims}

    def kill(self, name: str) -> None:
        """-9, and again at once."""
        _kill(self.pids[name])
        self.pids[name] = self._start(name)

    def end(self) -> None:
        """Nothing stays."""
        for pid in self.pids.values():
            _kill(pid)
        self._process.kill()
        self._process.wait()

    def _start(self, name: str) -> int:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{name}\n".encode())
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def callers(home: Home, calls: int, a_second: int) -> Sipp:
    """People who ring, and who hang up after a while whether anybody answers or not."""
    caller = Caller(number="0812700[call_number]", called=home.plan(HERE).did[0], talk_ms=0)
    text = caller.scenario().replace(
        '<recv request="BYE" timeout="0" ontimeout="mine" next="theirs"/>',
        '<pause distribution="uniform" min="300" max="5000"/>',
    )
    return home.exchange.many(text, TRUNK, calls=calls, a_second=a_second)


def wait_for_ended(home: Home, calls: int) -> None:
    """Until the record is taken in, however slow the machine."""
    wait_while_it_moves(
        lambda: rows(home, _ENDED)[0][0] == calls,
        lambda: rows(home, 'SELECT "offset" FROM telephony_cel_cursor'),
        STILL_SECONDS_MAX,
    )


def compare(home: Home, calls: int) -> dict[str, set[str]]:
    """Each call is one contact, once, and as Asterisk's own log has it, which is returned."""
    offered = {line["linkedid"] for line in _record(home) if line["eventtype"] == "SIAGA_OFFERED"}
    assert len(offered) == calls
    found = rows(home, "SELECT linked_id, queued_at, answered_at, outcome FROM telephony_call")
    assert Counter(row[0] for row in found) == Counter(dict.fromkeys(offered, 1))
    wanted = {call_id(linked_id) for linked_id in offered}
    contacts = rows(home, "SELECT id FROM intake_contact")
    assert Counter(row[0] for row in contacts) == Counter(dict.fromkeys(wanted, 1))
    for fact in ("telephony.call_offered", "telephony.call_ended"):
        told = rows(home, f"SELECT subjects[1] FROM journal_entry WHERE name = '{fact}'")
        assert Counter(row[0] for row in told) == Counter(dict.fromkeys(wanted, 1)), fact
    queue = _queue_log(home)
    assert {row[0] for row in found if row[1]} == queue["ENTERQUEUE"]
    assert {row[0] for row in found if row[2]} == queue["CONNECT"]
    assert {row[0] for row in found if row[3] == "answered"} == queue["CONNECT"]
    [(bad,)] = rows(home, "SELECT bad_lines FROM telephony_cel_cursor")
    assert bad == 0
    return queue


def rows(home: Home, query: str) -> list[tuple[object, ...]]:
    """What the database of this centre holds, of every region."""
    with psycopg.connect(home.database.app_url) as own:
        own.execute("SELECT set_config('siaga.regions', '*', false)")
        return own.execute(query).fetchall()


def _record(home: Home) -> list[dict[str, str]]:
    return [json.loads(line) for line in home.site.cel_file.read_text().splitlines()]


def _queue_log(home: Home) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"ENTERQUEUE": set(), "CONNECT": set()}
    for line in (home.site.home / "log" / "queue_log").read_text().splitlines():
        _, key, _, _, event, *_ = line.split("|")
        found.setdefault(event, set()).add(key)
    return found


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
