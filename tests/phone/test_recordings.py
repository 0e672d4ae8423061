"""What a real call leaves behind, kept: both voices in the stereo channels where they belong."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.telephony import models, names
from siaga.telephony import services as telephony
from siaga.telephony.recordings import keeping, legs, store
from siaga.telephony.recordings.types import RecordingState
from tests.phone import sounds
from tests.phone.centre import Centre
from tests.phone.sipp import Caller, Desk
from tests.waiting import wait_until

pytestmark = pytest.mark.phone
LADDER = "127.0.0.12"
NUMBER, CITIZEN_HERTZ, CENTRE_HERTZ = "081241000001", 1000, 440


def talk(asterisk: Centre, folder: Path) -> str:
    """A call with a voice on each side; its linkedid."""
    east = asterisk.plans["tangga-timur"]
    queue = names.queue(east.region)
    desk = names.channel(names.reserve(east.region, 1))
    mine = sounds.tone(folder / "citizen.al", CITIZEN_HERTZ)
    theirs = sounds.tone(folder / "centre.al", CENTRE_HERTZ)
    asterisk.console(f"queue add member {desk} to {queue}")
    try:
        with asterisk.exchange.desk(Desk(voice=theirs), east.overflow.reserve[0]):
            caller = Caller(number=NUMBER, called="0331112", talk_ms=4_000, voice=mine)
            asterisk.exchange.call(caller, LADDER)
            asterisk.whole(NUMBER)
    finally:
        asterisk.console(f"queue remove member {desk} from {queue}")
    return str(asterisk.events(NUMBER)[0]["linkedid"])


def likeness(samples: np.ndarray, hertz: int) -> float:
    """The best correlation of any second of the sound with a tone, whatever its phase."""
    at = np.arange(sounds.RATE) / sounds.RATE
    waves = [wave(2 * np.pi * hertz * at) for wave in (np.sin, np.cos)]
    best = 0.0
    for first in range(0, len(samples) - sounds.RATE, sounds.RATE // 2):
        part = samples[first : first + sounds.RATE].astype(float)
        power = float(np.sqrt((part**2).sum() * sounds.RATE / 2))
        if power > 0:
            best = max(best, float(np.hypot(*(part @ wave for wave in waves))) / power)
    return best


def test_both_voices_of_a_real_call_are_kept_in_their_channels(
    asterisk: Centre, in_banyuwangi: RegionId, tmp_path: Path, settings: Any
) -> None:
    linked = talk(asterisk, tmp_path)
    settings.SIAGA_HOME = tmp_path
    folder = store.plain_folder()
    folder.mkdir(parents=True)
    left = asterisk.site.home / "recordings"
    wait_until(lambda: all(legs.read(p).header_fits for p in legs.files_of(left, linked).values()))
    for path in legs.files_of(left, linked).values():
        (folder / path.name).write_bytes(path.read_bytes())
    # The region of the record is one of this Asterisk's; the database knows others.
    record = asterisk.site.cel_file.read_text().replace("tangga-timur", in_banyuwangi)
    ours = [line for line in record.splitlines(keepends=True) if linked in line]
    (tmp_path / "cel").write_text("".join(ours))
    now = clock.now()
    while telephony.follow(tmp_path / "cel", now=now):
        pass
    call_id = telephony.calllog.call_id(linked)
    assert keeping.keep(in_banyuwangi, call_id, now=now + timedelta(seconds=9)) is (
        RecordingState.READY
    )
    kept = models.Recording.objects.get(call_id=call_id)
    sealed = store.sealed(kept.name, call_id=call_id)
    flac = b"".join(sealed.read(0, kept.size))
    samples, rate = soundfile.read(io.BytesIO(flac), dtype="int16")
    assert rate == sounds.RATE and kept.seconds > 3.5 and kept.sound_seconds > 2.5
    citizen, centre = samples[:, 0], samples[:, 1]
    assert likeness(citizen, CITIZEN_HERTZ) > 0.95 and likeness(centre, CENTRE_HERTZ) > 0.95
    assert likeness(citizen, CENTRE_HERTZ) < 0.1 and likeness(centre, CITIZEN_HERTZ) < 0.1
    assert list(folder.iterdir()) == []
