"""AMI's events to happenings, and its lists to one Rebuilt. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.ami.wire import Message, one
from siaga.telephony.live import happening as h
from siaga.telephony.live.state import House, Leg, Member, Switch
from siaga.telephony.names import Variable, details

VARIABLES = (
    Variable.REGION, Variable.NUMBER, Variable.TEST, Variable.CANNOT_SPEAK, Variable.CONTACT,
    Variable.REASON, Variable.TARGET, Variable.VOICE,
)  # fmt: skip
"""Asked of every channel when the picture is rebuilt; QUEUE_PRIO besides."""
PRIORITY = "QUEUE_PRIO"
HEARD = {"yes": True, "no": False}
_UNSET = "(null)"
_AWAY = {"UNAVAILABLE", "INVALID", "UNKNOWN"}
_MEMBER_EVENTS = {"QueueMemberAdded", "QueueMemberStatus", "QueueMemberPause"}
_CALLBACK_REASON = "callback"


def read(message: Message, house: House, at: datetime) -> h.Happening | None:
    """What an event means for the picture; None for one that means nothing."""
    event, unique_id = one(message, "Event"), one(message, "Uniqueid")
    linked_id = one(message, "Linkedid")
    match event:
        case "Newchannel":
            channel = one(message, "Channel")
            return h.LegBegan(at=at, unique_id=unique_id, linked_id=linked_id, channel=channel)
        case "Hangup":
            return h.LegEnded(at=at, unique_id=unique_id)
        case "BridgeEnter":
            bridge = one(message, "BridgeUniqueid")
            return h.Bridged(at=at, unique_id=unique_id, linked_id=linked_id, bridge=bridge)
        case "BridgeLeave":
            return h.Unbridged(at=at, unique_id=unique_id)
        case "UserEvent" if one(message, "UserEvent") == names.USER_EVENT:
            return h.Marked(
                at=at,
                unique_id=unique_id,
                linked_id=linked_id,
                mark=one(message, "Mark"),
                details=details(one(message, "Details")),
            )
        case "Hold" | "Unhold":
            return h.HoldSwitched(at=at, unique_id=unique_id, on=event == "Hold")
        case "ChannelTalkingStart":
            return h.Spoke(at=at, unique_id=unique_id)
        case "DTMFEnd" if one(message, "Direction") == "Received":
            return h.Keyed(at=at, unique_id=unique_id, digit=one(message, "Digit"))
        case "ChanSpyStart":
            spy, target = one(message, "SpyerUniqueid"), one(message, "SpyeeUniqueid")
            return h.SpyBegan(at=at, spy=spy, target=target)
        case "ChanSpyStop":
            return h.SpyEnded(at=at, spy=one(message, "SpyerUniqueid"))
        case "DeviceStateChange":
            endpoint = one(message, "Device").removeprefix("PJSIP/")
            if endpoint not in house.endpoints:
                return None
            reachable = one(message, "State") not in _AWAY
            return h.DeviceSeen(at=at, endpoint=endpoint, reachable=reachable)
    return _member(message, house, at)


def _member(message: Message, house: House, at: datetime) -> h.Happening | None:
    event = one(message, "Event")
    endpoint = one(message, "Interface").removeprefix("PJSIP/")
    region, number = house.endpoints.get(endpoint, (None, None))
    if region is None or number is None or one(message, "Queue") != names.queue(region):
        return None
    if event == "QueueMemberRemoved":
        return h.MemberGone(at=at, region=region, endpoint=endpoint)
    if event in _MEMBER_EVENTS:
        return h.MemberSeen(at=at, region=region, member=_as_member(message, endpoint, number))
    return None


def _as_member(message: Message, endpoint: str, number: int) -> Member:
    paused = one(message, "Paused") == "1"
    reason = one(message, "PausedReason") if paused else ""
    return Member(endpoint=endpoint, number=number, paused=paused, reason=reason)


def rebuilt(
    lists: Mapping[str, Iterable[Message]],
    switches: Mapping[RegionId, Switch],
    house: House,
    at: datetime,
) -> h.Rebuilt:
    """`lists` are the answers to CoreShowChannels, Status, QueueStatus and DeviceStateList."""
    channels = list(lists["CoreShowChannels"])
    told = {one(item, "Uniqueid"): _variables(item) for item in lists["Status"]}
    return h.Rebuilt(
        at=at,
        legs=tuple(_leg(item) for item in channels),
        calls=tuple(_calls(channels, told, _queue(lists["QueueStatus"]), house, at)),
        members=tuple(_members(lists["QueueStatus"], house)),
        reachable=frozenset(
            endpoint
            for item in lists["DeviceStateList"]
            if one(item, "State") not in _AWAY
            and (endpoint := one(item, "Device").removeprefix("PJSIP/")) in house.endpoints
        ),
        switches=switches,
        invited={
            unique_id: (known[Variable.NUMBER], known[Variable.TARGET])
            for unique_id, known in told.items()
            if known.get(Variable.NUMBER) and known.get(Variable.TARGET)
        },
    )


def _leg(item: Message) -> Leg:
    return Leg(
        unique_id=one(item, "Uniqueid"),
        linked_id=one(item, "Linkedid"),
        channel=one(item, "Channel"),
        bridge=one(item, "BridgeId"),
    )


def _variables(item: Message) -> dict[str, str]:
    pairs = (text.partition("=") for text in item.get("Variable", []))
    return {name: value for name, _, value in pairs if value != _UNSET}


def _queue(items: Iterable[Message]) -> dict[str, Message]:
    """Who waits, by unique id."""
    return {one(item, "Uniqueid"): item for item in items if one(item, "Event") == "QueueEntry"}


def _calls(
    channels: Iterable[Message],
    told: Mapping[str, dict[str, str]],
    queue: Mapping[str, Message],
    house: House,
    at: datetime,
) -> Iterable[h.CallFound]:
    """A call is known by its first channel, or by what is left of it."""
    seen: dict[str, h.CallFound] = {}
    for item in sorted(channels, key=lambda item: one(item, "Uniqueid") != one(item, "Linkedid")):
        linked_id = one(item, "Linkedid")
        known = told.get(one(item, "Uniqueid"), {})
        region = RegionId(known.get(Variable.REGION, ""))
        if linked_id in seen or region not in house.plans:
            continue
        context, _, place = one(item, "Context").partition("-")
        here = context if place == region else ""
        entry = queue.get(one(item, "Uniqueid"), {})
        priority = one(entry, "Priority") or known.get(PRIORITY, "")
        place = one(entry, "Position")
        seen[linked_id] = h.CallFound(
            at=at,
            linked_id=linked_id,
            region=region,
            number=known.get(Variable.NUMBER, "") or one(item, "CallerIDNum"),
            priority=int(priority) if priority.isdigit() else 0,
            is_callback=known.get(Variable.REASON) == _CALLBACK_REASON,
            contact=known.get(Variable.CONTACT, ""),
            cannot_speak=known.get(Variable.CANNOT_SPEAK) == "1",
            voice=HEARD.get(known.get(Variable.VOICE, "")),
            is_test=known.get(Variable.TEST) == "1",
            context=here,
            room=one(item, "Exten") if here == "room" else "",
            seconds=_seconds(one(item, "Duration")),
            place=int(place) if place.isdigit() else None,
        )
    return seen.values()


def _members(items: Iterable[Message], house: House) -> Iterable[tuple[RegionId, Member]]:
    for item in items:
        endpoint = one(item, "Location").removeprefix("PJSIP/")
        region, number = house.endpoints.get(endpoint, (None, None))
        if region is None or number is None or one(item, "Event") != "QueueMember":
            continue
        if one(item, "Queue") == names.queue(region):
            yield region, _as_member(item, endpoint, number)


def _seconds(text: str) -> float:
    """`00:01:05` in seconds."""
    total = 0
    for part in text.split(":"):
        total = total * 60 + (int(part) if part.isdigit() else 0)
    return float(total)
