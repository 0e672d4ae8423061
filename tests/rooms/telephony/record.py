"""Asterisk's record as it would write it."""

import json
from pathlib import Path
from typing import Any

from siaga.telephony.names import Mark


def line(linked_id: str, kind: str, *, at: Any = 1.0, uniqueid: str = "", **more: Any) -> bytes:
    """One line without its end; the caller's own leg unless another `uniqueid` is given."""
    said = {
        "eventtype": str(kind),
        "eventtime": at,
        "userdeftype": str(kind) if kind in Mark.__members__.values() else "",
        "num": "",
        "exten": "s",
        "context": "",
        "channame": "",
        "appname": "",
        "appdata": "",
        "uniqueid": uniqueid or linked_id,
        "linkedid": linked_id,
        "peer": "",
        "userfield": "",
        "eventextra": "",
        **more,
    }
    return json.dumps(said).encode()


def offered(linked_id: str, region: str, number: str = "+6281234567890", at: float = 1.0) -> bytes:
    """The trunk's call came in."""
    extra = f"region={region};number={number};did=112"
    return line(linked_id, Mark.OFFERED, at=at, eventextra=extra)


def answered_call(linked_id: str, region: str, at: float = 1.0) -> list[bytes]:
    """A whole call: offered, greeted, queued, rung at position 1, talked, ended."""
    leg = {"uniqueid": f"{linked_id}9", "channame": f"PJSIP/{region}-p1-0000000a"}
    return [
        line(linked_id, "CHAN_START", at=at, channame=f"PJSIP/trunk-{region}-00000001"),
        offered(linked_id, region, at=at + 0.1),
        line(linked_id, Mark.GREETED, at=at + 0.2),
        line(linked_id, Mark.QUEUED, at=at + 0.3, eventextra="priority=0"),
        line(linked_id, "CHAN_START", at=at + 0.4, **leg),
        line(linked_id, "BRIDGE_ENTER", at=at + 2, **leg),
        line(linked_id, "BRIDGE_ENTER", at=at + 2, peer=f"PJSIP/{region}-p1-0000000a"),
        line(linked_id, "HANGUP", at=at + 30),
        line(linked_id, Mark.ENDED, at=at + 30, eventextra="reason=answered"),
        line(linked_id, "LINKEDID_END", at=at + 30.1),
    ]


def abandoned_call(linked_id: str, region: str, at: float = 1.0) -> list[bytes]:
    """Nobody answered in time."""
    return [
        line(linked_id, "CHAN_START", at=at),
        offered(linked_id, region, at=at + 0.1),
        line(linked_id, Mark.QUEUED, at=at + 0.3),
        line(linked_id, "HANGUP", at=at + 4),
        line(linked_id, "LINKEDID_END", at=at + 4.1),
    ]


def write(path: Path, *lines: bytes) -> None:
    """Append whole lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"".join(one + b"\n" for one in lines))
