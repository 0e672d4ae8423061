import pytest

from siaga.telephony.ami.wire import Message, decode
from siaga.telephony.hearing.choosing import Desk
from siaga.telephony.hearing.judging import Verdict
from siaga.telephony.hearing.line import callers, hear

OFFERED = (
    "Event: UserEvent\r\nUserEvent: Siaga\r\nMark: SIAGA_OFFERED\r\nUniqueid: s-1.0\r\n"
    "Linkedid: s-1.0\r\nChannel: PJSIP/trunk-utara-1\r\nDetails: region=utara;number=0812;test="
)


def said(*texts: str) -> Desk:
    desk = Desk(2)
    for text in texts:
        hear(desk, decode(text.encode()))
    return desk


def about(event: str, unique_id: str = "s-1.0") -> str:
    return f"Event: {event}\r\nUniqueid: {unique_id}"


def test_a_caller_is_wanted_as_long_as_somebody_talks_with_them() -> None:
    talking = (OFFERED, about("BridgeEnter"))
    assert said(OFFERED).callers["s-1.0"].wanted is False
    assert said(*talking).callers["s-1.0"].wanted is True
    assert said(*talking, about("BridgeLeave")).callers["s-1.0"].talks is False
    assert said(*talking, about("Hangup")).callers == {}


@pytest.mark.parametrize(
    "text",
    [
        OFFERED.replace("SIAGA_OFFERED", "SIAGA_CALLBACK"),
        OFFERED.replace("UserEvent: Siaga", "UserEvent: Other"),
        about("BridgeEnter"),
        about("ChannelTalkingStart"),
        "Event: Newchannel",
        "",
    ],
)
def test_nobody_else_is_listened_to(text: str) -> None:
    assert said(text).callers == {}


def channel(unique_id: str, linked_id: str, bridge: str = "") -> Message:
    text = f"Uniqueid: {unique_id}\r\nLinkedid: {linked_id}\r\nChannel: c\r\nBridgeId: {bridge}"
    return decode(text.encode())


def told(unique_id: str, *variables: str) -> Message:
    lines = [f"Uniqueid: {unique_id}", *(f"Variable: {one}" for one in variables)]
    return decode("\r\n".join(lines).encode())


def test_who_comes_late_finds_the_callers_among_all_channels() -> None:
    here = "SIAGA_REGION=utara"
    found = callers(
        [channel("1", "1", "b"), channel("2", "1", "b"), channel("3", "3"), channel("4", "4", "b"),
         channel("5", "5")],
        [told("1", here, "SIAGA_REASON=(null)", "SIAGA_VOICE=no"), told("2", here),
         told("3", here, "SIAGA_VOICE=(null)"), told("4", here, "SIAGA_REASON=callback"),
         told("5", "SIAGA_TARGET=1")],
    )  # fmt: skip
    seen = [(one.unique_id, one.talks, one.verdict) for one in found]
    assert seen == [("1", True, Verdict.UNHEARD), ("3", False, None)]
