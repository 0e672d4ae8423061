"""The telephone of the demo: fetched once the pages are open, rung by simulated citizens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from siaga.config.processes import siaga_command
from siaga.config.supervisor import Program
from siaga.config.telephone import phone_programs
from siaga.kernel.errors import SiagaError
from siaga.telephony.asterisk import centre
from siaga.telephony.asterisk.installation import provide_asterisk, provide_program
from siaga.telephony.asterisk.packages import TOOLS
from siaga.telephony.asterisk.site import LOOPBACK
from siaga.telephony.plan import on_loopback

Say = Callable[[str], None]


class DemoPhone:
    """What the demo needs to be rung."""

    def __init__(self, host: str, port: int, options: dict[str, Any], say: Say) -> None:
        self._host, self._port, self._options, self._say = host, port, options, say

    def sheet(self) -> dict[str, dict[str, Any]]:
        """Where each region is rung from this machine; the telephone opens after the pages."""
        return {
            plan.region: {"host": LOOPBACK, "port": centre.ports().sip, "number": plan.did[0]}
            for plan in on_loopback(centre.plans_in_force())
        }

    def programs(self) -> list[Program]:
        """Everything that belongs to the telephone; nothing, and a line why, if it cannot be."""
        try:
            home = centre.settled_home()
            provide_asterisk(home, self._say)
            provide_program("espeak-ng", home, self._say)
            found = phone_programs(self._host, self._port, loopback=True)
            provide_program("sipp", home, self._say, TOOLS)
        except SiagaError as missing:
            self._say(f"The demo goes on without a telephone: {missing.message}")
            return []
        if found and not self._options["quiet_day"]:
            speed = str(self._options["speed"])
            command = siaga_command("demo_callers", "--speed", speed)
            found.append(Program("callers", command, {"SIAGA_DB_ROLE": "app"}))
        if found:
            self._say("The telephone is open; .demo.json says how each region is rung.")
        return found
