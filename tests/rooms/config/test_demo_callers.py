"""Who rings 112 in the demo: mostly nobody who needs help, always marked as a test."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from siaga.config.demo.callers import (
    CALL_SECONDS_MAX,
    Telephones,
    as_alaw,
    scenario,
)
from siaga.telephony import names


def test_the_same_seed_rings_the_same_and_mostly_without_need() -> None:
    first, again = (Telephones(["halo"], ["tolong"], 5) for _ in range(2))
    rings = [first.ring() for _ in range(2_000)]
    assert rings == [again.ring() for _ in range(2_000)]
    kinds = Counter(ring.kind for ring in rings)
    assert kinds["ghost"] + kinds["cut_off"] > len(rings) / 2
    assert 0.1 < kinds["real"] / len(rings) < 0.3
    assert {ring.text for ring in rings if ring.kind == "real"} == {"tolong"}
    assert all(ring.seconds < CALL_SECONDS_MAX for ring in rings)
    # A range that is never given to anybody.
    assert all(ring.number.startswith("080011200") for ring in rings)


def test_the_rate_is_that_of_the_day() -> None:
    telephones = Telephones([], [], 7)
    pauses = [telephones.pause(regions=4, speed=10) for _ in range(2_000)]
    assert 15 < sum(pauses) / len(pauses) < 21


def test_a_scenario_is_one_sipp_can_read_and_says_that_it_is_a_test() -> None:
    telephones = Telephones(["halo"], ["tolong"], 5)
    for ring in (telephones.ring() for _ in range(100)):
        voice = Path("/tmp/voice.al") if ring.text else None
        text = scenario(ring, "6284000100111", voice)
        sent = [
            one.text or "" for one in ElementTree.fromstring(text.partition("\n")[2]).iter("send")
        ]
        assert f"{names.TEST_HEADER}: 1" in sent[0]
        assert f"sip:{ring.number}@" in sent[0]
        assert ("rtp_stream" in text) == bool(ring.text)
        assert ("play_dtmf" in text) == ring.presses


def test_a_law_is_as_telephones_know_it() -> None:
    # Silence, and the extremes, of ITU-T G.711.
    assert as_alaw([0, -1, 32_767, -32_768]) == bytes((0xD5, 0x55, 0xAA, 0x2A))
