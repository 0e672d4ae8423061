from array import array
from math import pi, sin

import pytest

from siaga.telephony.hearing import detector
from siaga.telephony.hearing.detector import RATE, Detector
from siaga.telephony.hearing.judging import LIKELY, WINDOW_MS


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "PACKAGE", "no_such_package")
    assert not detector.is_installed()


@pytest.mark.parametrize(
    ("given", "places"), [(None, 8), ("", 8), ("many", 8), ("3", 3), ("0", 0), ("9999", 100)]
)
def test_how_many_are_listened_to_is_a_number_of_the_environment(
    given: str | None, places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(detector.PLACES, raising=False)
    if given is not None:
        monkeypatch.setenv(detector.PLACES, given)
    assert detector.places() == places


@pytest.mark.skipif(not detector.is_installed(), reason="the detector is optional")
def test_it_judges_whole_windows_and_a_tone_is_no_voice() -> None:
    tone = array("h", (int(12_000 * sin(2 * pi * 440 * at / RATE)) for at in range(2 * RATE)))
    data, ears = tone.tobytes(), Detector()
    judged = [
        one for at in range(0, len(data), 320) for one in ears.likelihoods(data[at : at + 320])
    ]
    assert len(judged) == 2000 // WINDOW_MS
    assert max(judged) < LIKELY
    ears.forget()
    assert list(ears.likelihoods(bytes(2))) == []
