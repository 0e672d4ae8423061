"""The disk under Asterisk's record is full during calls: callers notice nothing, none is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import cast
from tests.faults.small_disk import SmallDisk, small_disk
from tests.phone.house import Home
from tests.phone.sipp import Caller, Sipp
from tests.waiting import wait_until

pytestmark = [pytest.mark.phone, pytest.mark.timeout(240)]
HERE, TRUNK = cast.BANYUWANGI, "127.0.0.61"
LIVE = "SELECT region_id FROM telephony_live WHERE connected"
CALLS = "SELECT number FROM telephony_call WHERE ended_at IS NOT NULL ORDER BY number"
UNDER_WAY = "SELECT number FROM telephony_call WHERE ended_at IS NULL"
CONTACTS = "SELECT c.number FROM intake_contact k JOIN telephony_call c ON c.id = k.id ORDER BY 1"
LACKING = (
    "SELECT c.number FROM telephony_unrecorded_call u"
    " JOIN telephony_call c USING (linked_id) ORDER BY 1"
)
BAD = "SELECT bad_lines FROM telephony_cel_cursor"
TOLD = "SELECT count(*) FROM journal_entry WHERE name = '{}' GROUP BY subjects[1]"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Asterisk's record lies on a small disk, and nothing else does."""
    with small_disk(4) as chosen:
        (tmp_path / "phone").mkdir()
        (tmp_path / "phone" / "cel").symlink_to(chosen.path)
        yield chosen


def rings(home: Home, number: str, talk_ms: int = 1_500) -> Sipp:
    return home.exchange.call(
        Caller(number=number, called=home.plan(HERE).did[0], talk_ms=talk_ms), TRUNK
    )


def test_calls_that_the_full_disk_did_not_take_are_contacts_all_the_same(
    disk: SmallDisk, home: Home
) -> None:
    numbers = [f"08128880000{count}" for count in range(1, 6)]
    home.start("calllog")
    home.start("phone")
    wait_until(lambda: _rows(home, LIVE), 60)
    assert rings(home, numbers[0]).wait() == 0
    wait_until(lambda: _rows(home, CALLS) == _as_rows(numbers[:1]))
    disk.fill()
    # Longer than the page that the record had begun: its last line is cut in two.
    assert [rings(home, number).wait() for number in numbers[1:3]] == [0, 0]
    over = rings(home, numbers[3], 9_000)
    # Whoever talks with the caller needs the contact now, not when there is room again.
    wait_until(lambda: (numbers[3],) in _rows(home, UNDER_WAY))
    disk.empty()
    assert over.wait() == 0
    assert rings(home, numbers[4]).wait() == 0
    wait_until(lambda: _rows(home, CALLS) == _as_rows(numbers))
    assert _rows(home, CONTACTS) == _as_rows(numbers)
    lacking = _rows(home, LACKING)
    assert set(_as_rows(numbers[2:4])) <= set(lacking) <= set(_as_rows(numbers[1:4]))
    assert _rows(home, BAD) == [(1,)]
    for name in ("telephony.call_offered", "telephony.call_ended"):
        assert _rows(home, TOLD.format(name)) == [(1,)] * 5
    assert _halves(home.site.cel_file) == 1


def _halves(record: Path) -> int:
    """Lines of the record that are no JSON."""
    bad = 0
    for text in record.read_text().splitlines():
        try:
            json.loads(text)
        except ValueError:
            bad += 1
    return bad


def _as_rows(numbers: list[str]) -> list[tuple[object, ...]]:
    return [(number,) for number in numbers]


def _rows(home: Home, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(home.database.app_url) as own:
        own.execute("SELECT set_config('siaga.regions', '*', false)")
        return own.execute(query).fetchall()  # type: ignore[arg-type]
