"""siaga demo_callers"""

import hashlib
import os
import subprocess
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from siaga.config.demo.callers import Telephones, as_alaw, place, scenario
from siaga.config.demo.day import Day
from siaga.kernel import clock
from siaga.kernel.errors import SiagaError
from siaga.kernel.observability import logs
from siaga.telephony.asterisk import centre, prompts, wave
from siaga.telephony.asterisk.installation import Program, find_asterisk, find_program
from siaga.telephony.asterisk.packages import TOOLS
from siaga.telephony.asterisk.process import is_booted
from siaga.telephony.asterisk.prompts import Prompt
from siaga.telephony.plan import on_loopback

AT_ONCE_MAX = 5
LOOK_SECONDS = 1.0


class Command(BaseCommand):
    """Only for a demo: it rings 112."""

    help = "Let simulated citizens ring 112 by SIPp, in every region."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How fast the day goes."""
        parser.add_argument("--speed", type=float, default=float(os.environ.get("SPEED", "10")))
        parser.add_argument("--seed", type=int, help="the same day again; a new one without")

    def handle(self, *args: Any, **options: Any) -> None:
        """Until SIGINT or SIGTERM."""
        logs.configure("callers")
        if not settings.SIAGA_DEMO:
            raise CommandError("demo_callers runs in a demo only (SIAGA_DEMO=1)")
        plans = on_loopback(centre.plans_in_force())
        connections.close_all()
        installation, sipp = (
            find_asterisk(centre.home()),
            find_program("sipp", centre.home(), TOOLS),
        )
        if installation is None or sipp is None:
            raise CommandError("There is no Asterisk or no SIPp yet: siaga phone fetch")
        site = centre.site_of(plans, installation, write=False)
        day = Day(settings.CONTENT_DIR, 0)
        seed = options["seed"] or int(clock.now().timestamp())
        telephones = Telephones(day.noise_texts, day.real_texts, seed)
        self.voice = find_program("espeak-ng", centre.home())
        self.folder = centre.home() / "callers"
        self.folder.mkdir(parents=True, exist_ok=True)
        calls: list[subprocess.Popen[bytes]] = []
        try:
            while True:
                time.sleep(max(LOOK_SECONDS, telephones.pause(len(plans), options["speed"])))
                calls = [one for one in calls if one.poll() is None]
                ring, plan = telephones.ring(), plans[telephones.region(len(plans))]
                if len(calls) >= AT_ONCE_MAX or not is_booted(site):
                    continue
                file = self.folder / f"call-{len(calls)}-{ring.kind}.xml"
                file.write_text(scenario(ring, plan.did[0], self._spoken(ring.text, self.voice)))
                calls.append(place(sipp, file, site.ports.sip))
        except KeyboardInterrupt:
            return

    def _spoken(self, text: str, voice: Program | None) -> Path | None:
        """What is said, as the line carries it; kept, for speaking takes a second."""
        if not text or voice is None:
            return None
        path = self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.al"
        if not path.exists():
            try:
                said = prompts.say(Prompt(name="caller", text=text, language="id"), voice)
            except SiagaError:
                return None
            samples, _ = wave.read(wave.for_telephones(said, pause=1))
            path.write_bytes(as_alaw(samples))
        return path
