"""The telephone among the processes of one box: Asterisk, its live picture, its record."""

from __future__ import annotations

import os
import socket
import subprocess
from contextlib import ExitStack

import structlog

from siaga.config.environment import flag
from siaga.config.processes import siaga_command
from siaga.config.supervisor import Program
from siaga.telephony.asterisk import centre
from siaga.telephony.asterisk.installation import find_asterisk
from siaga.telephony.asterisk.process import is_booted
from siaga.telephony.asterisk.site import LOOPBACK, Ports
from siaga.telephony.hearing import detector

RENDER_SECONDS_MAX = 60
_BASES = range(21_000, 60_000, 1_000)

_log = structlog.get_logger("siaga.run")


def phone_programs(host: str, port: int, *, loopback: bool = False) -> list[Program]:
    """What else runs where a region has a telephone and there is an Asterisk; else nothing, nor
    with SIAGA_NO_PHONE=1.

    An Asterisk that runs already, by a unit of its own, is only told what changed. `host` and
    `port` are where the pages are. With `loopback` this machine is every region's trunk.
    """
    if flag("SIAGA_NO_PHONE"):
        return []
    plans, installation = centre.plans_in_force(), find_asterisk(centre.home())
    if not plans or installation is None:
        if plans:
            _log.info("no_asterisk", cure="siaga phone fetch")
        return []
    commands = {
        "asterisk": ("phone", "start", *(["--loopback"] if loopback else [])),
        "phone": ("phone", "live"),
        "calllog": ("calllog",),
    }
    if detector.is_installed() and detector.places():
        commands["voice"] = ("voice",)
    if is_booted(centre.site_of(plans, installation)):
        del commands["asterisk"]
        _render()
    return [
        Program(
            name,
            siaga_command(*command),
            {
                "SIAGA_DB_ROLE": "app",
                "SIAGA_PROCESS": f"siaga {name}",
                "HOST": host,
                "PORT": str(port),
            },
        )
        for name, command in commands.items()
    ]


def _render() -> None:
    """What the profiles say now; an Asterisk that was never told goes on with what it had."""
    try:
        subprocess.run(
            siaga_command("phone", "render"),
            env=os.environ | {"SIAGA_DB_ROLE": "app"},
            timeout=RENDER_SECONDS_MAX,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as trouble:
        _log.warning("phone_not_rendered", reason=type(trouble).__name__)


def free_port_base() -> int:
    """The first thousand of ports of which nobody uses those that Asterisk needs."""
    for base in _BASES:
        ports = Ports.from_base(base)
        needed = (ports.sip, ports.ami, ports.http, ports.https, ports.rtp_first)
        if all(_is_free(port) for port in needed):
            return base
    raise OSError("no free ports for the telephone")


def _is_free(port: int) -> bool:
    with ExitStack() as doors:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            door = doors.enter_context(socket.socket(socket.AF_INET, kind))
            try:
                door.bind((LOOPBACK, port))
            except OSError:
                return False
    return True
