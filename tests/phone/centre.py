"""A centre with a real Asterisk on free loopback ports, and what can be seen of its calls."""

from __future__ import annotations

import json
import os
import random
import socket
from collections import deque
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import takewhile
from pathlib import Path
from typing import Any, BinaryIO

from siaga.kernel.postgres import locks
from siaga.kernel.types import RegionId
from siaga.telephony.asterisk.config.doors import MANAGER_USER
from siaga.telephony.asterisk.process import AsteriskProcess, console
from siaga.telephony.asterisk.site import Site
from siaga.telephony.types import Greeting, Hours, Overflow, PhonePlan, Waits
from tests.phone.sipp import Exchange, is_free
from tests.waiting import wait_until

ALWAYS = Hours(
    valid_from=date(2020, 1, 1),
    valid_until=None,
    always=True,
    spans=(),
    closed_on_holidays=False,
    behavior="none",
    notice="",
    forward_phone="",
)
NEVER = replace(ALWAYS, always=False, behavior="notice_then_forward", notice="Kantor sedang tutup.")
SHORT = Waits(
    queue=4, empty_queue=2, ring=4, reserve=4, neighbor=2, mobile=2, press_one=3, rounds=1, talk=60
)

PATIENT = replace(SHORT, queue=60, empty_queue=60, ring=40)


def plan(region: str, did: str, trunk: str, **more: Any) -> PhonePlan:
    """A region with short waits; nobody is reachable unless a test puts a phone there."""
    given = PhonePlan(
        region=RegionId(region),
        did=(did,),
        trunk_addresses=(trunk,),
        positions=2,
        language="id",
        timezone="Asia/Jakarta",
        greetings=(
            Greeting(starts=time(4), text=f"Pusat {region}, selamat pagi."),
            Greeting(starts=time(15), text=f"Pusat {region}, selamat sore."),
        ),
        press_one="Bila Anda dalam keadaan darurat, tekan satu.",
        hours=(ALWAYS,),
        holidays=(),
        overflow=Overflow(reserve=(), neighbor="", mobile=""),
        dial_allowed=("08", "113"),
        waits=SHORT,
    )
    return replace(given, **more)


@dataclass
class Centre:
    """A running Asterisk with its regions; `calls` are rung through `exchange`."""

    site: Site
    plans: dict[str, PhonePlan]
    process: AsteriskProcess
    exchange: Exchange
    folder: Path

    def console(self, command: str) -> str:
        """Asterisk's own console."""
        return console(self.site, command)

    def act(self, **fields: str) -> str:
        """One AMI action, with the rights of our own daemon; its answer."""
        login = {"Action": "Login", "Username": MANAGER_USER, "Secret": self.site.secrets.manager}
        with socket.create_connection(("127.0.0.1", self.site.ports.ami), 5) as door:
            file = door.makefile("rwb")
            for number, action in enumerate((login, fields)):
                words = {**action, "ActionID": f"test-{number}"}
                lines = "".join(f"{name}: {value}\r\n" for name, value in words.items())
                file.write(f"{lines}\r\n".encode())
                file.flush()
            return next(
                answer
                for answer in iter(lambda: _packet(file), "")
                if "ActionID: test-1" in answer and answer.startswith("Response")
            )

    def events(self, number: str) -> list[dict[str, Any]]:
        """Everything the CEL file holds of this caller's call, in order."""
        lines = self._lines()
        keys = {
            line["linkedid"]
            for line in lines
            if line["eventtype"] == "SIAGA_OFFERED" and f"number={number};" in _extra(line)
        }
        return [line for line in lines if line["linkedid"] in keys]

    def lines(self, linked_id: str) -> list[dict[str, Any]]:
        """Everything of one call, by its key."""
        return [line for line in self._lines() if line["linkedid"] == linked_id]

    def _lines(self) -> list[dict[str, Any]]:
        file = self.site.cel_file
        text = file.read_text() if file.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line[-1] == "\n"]

    def marks(self, number: str) -> list[tuple[str, str]]:
        """Our own marks of this caller's call, with their details."""
        return [
            (line["eventtype"].removeprefix("SIAGA_").lower(), _extra(line))
            for line in self.events(number)
            if line["eventtype"].startswith("SIAGA_")
        ]

    def names(self, number: str) -> list[str]:
        """The marks without their details."""
        return [name for name, _ in self.marks(number)]

    def whole(self, number: str, seconds: float = 30) -> list[str]:
        """The marks of a call once its last leg is gone."""
        wait_until(
            lambda: any(one["eventtype"] == "LINKEDID_END" for one in self.events(number)), seconds
        )
        return self.names(number)

    def recording(self, number: str) -> Path:
        """The mixed recording; what was said and heard lie beside it."""
        key = self.events(number)[0]["linkedid"]
        return self.site.home / "recordings" / f"{key}.wav"


def _packet(file: BinaryIO) -> str:
    """The next answer or event; empty when the door is closed."""
    lines = iter(lambda: file.readline().decode(errors="replace"), "")
    return "".join(takewhile(str.strip, lines))


def _extra(line: dict[str, Any]) -> str:
    """What a mark says; Asterisk wraps it in JSON once more."""
    return str(json.loads(line["eventextra"])["extra"])


RESERVED_MAX = 4
_RESERVED: deque[int] = deque()
"""Until whoever was given the ports has bound them; later the ports themselves say so."""


def free_base() -> int:
    """A thousand ports of which the first ones we need are free, and nobody else is given them."""
    # In no order, for other runs look for theirs at the same moment.
    for base in random.SystemRandom().sample(range(24_000, 50_000, 1_000), 26):
        mark = locks.try_alone(Path(f"/tmp/siaga-test-ports-{os.geteuid()}-{base}"))
        if mark is None:
            continue
        if all(is_free("127.0.0.1", base + offset) for offset in (38, 60, 88, 89, 100, 101, 920)):
            if len(_RESERVED) == RESERVED_MAX:
                os.close(_RESERVED.popleft())
            _RESERVED.append(mark)
            return base
        os.close(mark)
    raise AssertionError("no free ports")
