"""Many call about one event: a notice before the queue, and one's place in the queue."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from siaga.telephony import names
from siaga.telephony.asterisk import wave
from siaga.telephony.types import PhonePlan
from tests.phone import sounds
from tests.phone.centre import Centre
from tests.phone.sipp import Caller, Desk, Keys
from tests.waiting import wait_until

pytestmark = pytest.mark.phone
SOUTH, LADDER = "127.0.0.11", "127.0.0.12"
GREETING_HERTZ, PLACE_HERTZ, NUMBER_HERTZ, NOTICE_HERTZ = 700, 900, 1500, 1100


def beep(hertz: int, seconds: float) -> bytes:
    """A sentence that a recording can be asked for."""
    turns = (12_000 * math.sin(2 * math.pi * hertz * n / 8000) for n in range(int(8000 * seconds)))
    return wave.write(array("h", (int(one) for one in turns)))


@pytest.fixture
def sentences(asterisk: Centre) -> Iterator[dict[str, Path]]:
    """Greeting, notice and place as tones, for two regions; put back afterwards."""
    home, changed = asterisk.site.home, {}
    places = {"digits/2": home / "data/sounds/id/digits/2.wav"}
    for region in ("selatan", "tangga-timur"):
        folder = home / "prompts" / region
        places |= {f"{region}/{one.stem}": one for one in folder.glob("greeting-*.wav")}
        for name in ("place-before", "place-after", "notice-end"):
            places[f"{region}/{name}"] = folder / f"{name}.wav"
    hertz = {"greeting": GREETING_HERTZ, "place": PLACE_HERTZ, "2": NUMBER_HERTZ, "notice": 300}
    for name, path in places.items():
        changed[path] = path.readlink()
        kind = name.rpartition("/")[2].partition("-")[0]
        path.unlink()
        path.write_bytes(beep(hertz[kind], 0.6))
    notice = home / "prompts" / "notice-of-the-test.wav"
    notice.write_bytes(beep(NOTICE_HERTZ, 2.0))
    yield {"notice": notice}
    for path, target in changed.items():
        path.unlink()
        path.symlink_to(target)


@pytest.fixture
def notice(asterisk: Centre, sentences: dict[str, Path]) -> Iterator[None]:
    """A notice is given in the south."""
    family = names.switch_family(asterisk.plans["selatan"].region)
    asterisk.console(f"database put {family} notice {sentences['notice'].with_suffix('')}")
    yield
    asterisk.console(f"database del {family} notice")


def call(asterisk: Centre, number: str, talk_ms: int, *keys: Keys) -> list[tuple[str, str]]:
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=talk_ms, keys=keys), SOUTH)
    asterisk.whole(number)
    return [one for one in asterisk.marks(number) if one[0] != "ended"]


def heard(asterisk: Centre, number: str, hertz: int) -> float:
    file = asterisk.recording(number)
    return sounds.seconds_of(file.with_name(f"{file.stem}-out.wav"), hertz)


def test_who_hangs_up_during_the_notice_was_told_and_never_queued(
    asterisk: Centre, notice: None
) -> None:
    marks = call(asterisk, "081260000001", 1_900)
    assert [name for name, _ in marks] == ["offered", "greeted", "notice"]
    assert marks[2][1] == "step=heard"
    assert heard(asterisk, "081260000001", GREETING_HERTZ) > 0.4, "greeted before it is told"
    assert heard(asterisk, "081260000001", NOTICE_HERTZ) > 0.5


def test_who_says_nothing_to_the_end_is_queued_all_the_same_only_later(
    asterisk: Centre, notice: None
) -> None:
    marks = call(asterisk, "081260000002", 9_000)
    assert [name for name, _ in marks][:4] == ["offered", "greeted", "notice", "queued"]
    assert marks[3][1] == "priority=5"


def test_one_goes_on_to_the_queue_as_ever(asterisk: Centre, notice: None) -> None:
    marks = call(asterisk, "081260000003", 4_000, Keys(after_ms=1_200, digits="1"))
    assert marks[2:5] == [
        ("notice", "step=heard"),
        ("notice", "step=other"),
        ("queued", "priority=10"),
    ]


def test_who_cannot_speak_says_so_during_the_notice_too(asterisk: Centre, notice: None) -> None:
    marks = call(asterisk, "081260000004", 8_000, Keys(after_ms=1_200, digits="55"))
    assert [name for name, _ in marks][:5] == [
        "offered", "greeted", "notice", "cannot_speak", "queued",
    ]  # fmt: skip
    assert marks[4][1] == "priority=20"


def test_another_key_does_not_lose_the_caller(asterisk: Centre, notice: None) -> None:
    marks = call(asterisk, "081260000005", 4_000, Keys(after_ms=1_200, digits="9"))
    assert [name for name, _ in marks][:4] == ["offered", "greeted", "notice", "queued"]


def test_who_waits_behind_others_is_greeted_and_told_the_place(
    asterisk: Centre, sentences: dict[str, Path]
) -> None:
    east: PhonePlan = asterisk.plans["tangga-timur"]
    first, second = "081260000011", "081260000012"
    desk, queue = names.channel(names.reserve(east.region, 1)), names.queue(east.region)
    asterisk.console(f"queue add member {desk} to {queue}")
    asterisk.console(f"queue pause member {desk} queue {queue}")
    try:
        with asterisk.exchange.desk(Desk(), east.overflow.reserve[0]):
            asterisk.exchange.call(Caller(number=first, called="0331112", talk_ms=6_000), LADDER)
            wait_until(lambda: "queued" in asterisk.names(first))
            asterisk.exchange.call(Caller(number=second, called="0331112", talk_ms=3_000), LADDER)
            marks = asterisk.whole(second)
            asterisk.whole(first)
    finally:
        asterisk.console(f"queue remove member {desk} from {queue}")
    assert marks[:3] == ["offered", "greeted", "queued"]
    assert heard(asterisk, second, GREETING_HERTZ) > 0.4
    assert heard(asterisk, second, PLACE_HERTZ) > 0.8, "before and after the number"
    assert heard(asterisk, second, NUMBER_HERTZ) > 0.4
    assert heard(asterisk, first, PLACE_HERTZ) == 0, "the first is told nothing"
    assert heard(asterisk, first, GREETING_HERTZ) > 0.4
