"""Calls out of the house: whoever of ours leaves, what is said goes on record."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from siaga.telephony.live.picture import PositionState
from siaga.telephony.types import CallState
from tests.phone import sounds
from tests.phone.centre import Centre
from tests.phone.conftest import Seated
from tests.phone.sipp import Desk
from tests.phone.watching import Watcher
from tests.waiting import wait_until

pytestmark = pytest.mark.phone
HERTZ, ALONE_SECONDS, SECONDS = 1000, 1.5, 3.0


def test_a_call_back_goes_on_record_after_the_position_left_its_conference(
    asterisk: Centre, watcher: Watcher, seated: Seated, tmp_path: Path
) -> None:
    seated(1)
    outside = asterisk.plans["meja"].trunk_addresses[0]
    voice = sounds.tone(tmp_path / "outside.al", HERTZ, 60)
    with asterisk.exchange.desk(Desk(voice=voice), outside):
        given = {"position": 1, "number": "+6281250000110", "contact": "c-1"}
        assert watcher.do("call_back", "meja", **given) == ""
        call = wait_until(
            lambda: next(
                (
                    one
                    for one in watcher.picture("meja").calls
                    if one.is_callback and one.state is CallState.ANSWERED
                ),
                None,
            ),
            30,
        )
        folder = asterisk.site.home / "recordings"
        legs = [folder / f"{call.linked_id}-{leg}.wav" for leg in ("out", "in")]
        _grown(legs[0], ALONE_SECONDS)
        assert watcher.do("conference", "meja", call=call.linked_id, phone="113") == ""
        wait_until(lambda: watcher.picture("meja").calls[0].parties == ("113",))
        left = {"call": call.linked_id, "position": 1}
        assert watcher.do("leave_conference", "meja", **left) == ""
        watcher.until("meja", 1, PositionState.WRAP_UP)
        left_at = [path.stat().st_size for path in legs]
        for path in legs:
            _grown(path, SECONDS + 1)
        assert watcher.picture("meja").calls[0].in_conference
        assert watcher.do("hangup", "meja", call=call.linked_id) == ""
        wait_until(lambda: watcher.picture("meja").calls == ())
    # What the citizen said, and what the citizen heard of the third party, from then on.
    for path, size in zip(legs, left_at, strict=True):
        assert sounds.seconds_of(_from(path, size, tmp_path), HERTZ) > SECONDS, path
    # While the position talked with the citizen alone, only the citizen's file held that voice.
    said, heard = (sounds.seconds_of(path, HERTZ) for path in legs)
    assert said - heard > ALONE_SECONDS / 2
    ended = [one["eventtype"] for one in asterisk.lines(call.linked_id)]
    assert "LINKEDID_END" in ended and "SIAGA_CONFERENCE" in ended


def _grown(path: Path, seconds: float) -> None:
    """Wait for so much more sound."""
    enough = (path.stat().st_size if path.exists() else 0) + seconds * sounds.RATE * 2
    wait_until(lambda: path.exists() and path.stat().st_size > enough)


def _from(path: Path, offset: int, folder: Path) -> Path:
    """The sound after this byte of a recording."""
    rest = folder / path.name
    with wave.open(str(rest), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sounds.RATE)
        file.writeframes(path.read_bytes()[offset // 2 * 2 :])
    return rest
