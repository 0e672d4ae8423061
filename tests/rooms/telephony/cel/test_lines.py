"""One line of the record: whole, odd, or broken."""

import json
from datetime import UTC, datetime

import pytest

from siaga.telephony.cel.lines import BadLine, read_line
from siaga.telephony.names import Mark
from tests.rooms.telephony.record import line


def test_a_mark_tells_its_details_however_asterisk_wraps_them() -> None:
    plain = "region=banyuwangi;number=+62811"
    for extra in (plain, json.dumps({"extra": plain})):
        event = read_line(line("a.1", Mark.OFFERED, at=5.5, eventextra=extra))
        assert (event.mark, event.linked_id) == (Mark.OFFERED, "a.1")
        assert event.details == {"region": "banyuwangi", "number": "+62811"}
        assert event.at == datetime.fromtimestamp(5.5, UTC)


def test_an_ordinary_event_has_no_mark_and_knows_the_callers_leg() -> None:
    event = read_line(line("a.1", "BRIDGE_ENTER", uniqueid="a.2", peer="PJSIP/jombang-p1-0a"))
    assert event.mark is None
    assert not event.is_of_the_caller
    assert event.peer == "PJSIP/jombang-p1-0a"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'{"eventtype": "HANGUP", "eventtime": 1}',
        line("", "HANGUP"),
        line("a.1", "HANGUP", at="soon"),
        line("a.1", "HANGUP", at=1e300),
        b"\xff\xfe",
        b'{"x": "' + b"y" * 20_000 + b'"}',
    ],
)
def test_what_is_no_line_is_refused(raw: bytes) -> None:
    with pytest.raises(BadLine):
        read_line(raw)


def test_a_callers_quotes_commas_and_line_breaks_stay_in_their_field() -> None:
    number = 'a","linkedid":"b.9\r\nAction: Originate'
    event = read_line(line("a.1", Mark.OFFERED, eventextra=f"region=jombang;number={number}"))
    assert event.linked_id == "a.1"
    assert event.details["number"] == number
