"""`siaga demo`: the whole centre with four regions, people, and a plausible day going on."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from siaga.config.demo import people
from siaga.config.demo.phone import DemoPhone
from siaga.config.preparation import (
    FrontEndMissing,
    RightsMissing,
    act_as_app,
    apply_profiles,
    prepare,
)
from siaga.config.processes import base_url, run_all, siaga_command
from siaga.config.serve_process import PortTaken, address
from siaga.config.supervisor import Program
from siaga.config.telephone import free_port_base
from siaga.kernel import clock
from siaga.kernel.observability import logs
from siaga.messaging.whatsapp.account import accounts, secrets_path
from siaga.messaging.whatsapp.standin.accounts import write_demo_secrets
from siaga.regions import queries as region_queries

SHEET = Path(".demo.json")


class Command(BaseCommand):
    """See the module; the data folder is `.demo` unless SIAGA_HOME says otherwise."""

    help = "Start everything with the four regions, sign-ins for each role and live sample traffic."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, how fast the day goes."""
        parser.add_argument("--host", help="address to listen on (HOST, default 127.0.0.1)")
        parser.add_argument("--port", type=int, help="port to listen on (PORT, default 8112)")
        parser.add_argument("--speed", type=float, default=float(os.environ.get("SPEED", "10")))
        parser.add_argument("--no-phone", action="store_true", help="no Asterisk, no callers")
        parser.add_argument("--quiet-day", action="store_true", help="no simulated traffic")

    def handle(self, *args: Any, **options: Any) -> None:
        """Until Ctrl-C."""
        logs.configure("demo")
        host, port = address(options["host"], options["port"])
        url, standin = base_url(host, port), f"http://127.0.0.1:{port + 1}"
        os.environ.setdefault("SIAGA_PUBLIC_URL", url)
        os.environ.setdefault("SIAGA_PHONE_PORT_BASE", str(free_port_base()))
        try:
            settled = self._prepare(standin)
            phone = None if options["no_phone"] else DemoPhone(host, port, options, self._say)
            self._write_sheet(url, settled, phone.sheet() if phone else {})
            run_all(
                host,
                port,
                extra=self._extras(url, standin, options),
                when_ready=lambda ready: self._announce(ready, settled),
                later=phone.programs if phone else None,
            )
        except (FrontEndMissing, PortTaken, RightsMissing) as refused:
            raise CommandError(str(refused)) from refused
        finally:
            SHEET.unlink(missing_ok=True)

    def _prepare(self, standin: str) -> list[people.DemoRegion]:
        prepare()
        act_as_app()
        apply_profiles()
        # The stand-in's port follows ours, so its address is written at every start.
        secrets_path().unlink(missing_ok=True)
        write_demo_secrets(secrets_path(), region_queries.region_ids(), standin)
        settled = people.settle(settings.SIAGA_HOME, clock.now())
        connections.close_all()
        return settled

    def _extras(self, url: str, standin: str, options: dict[str, Any]) -> list[Program]:
        port = standin.rsplit(":", 1)[1]
        programs = [
            Program(
                "standin",
                siaga_command(
                    "whatsapp_standin", "--port", port, "--webhooks", f"{url}/in/whatsapp"
                ),
                {"SIAGA_DB_ROLE": "app"},
            )
        ]
        if not options["quiet_day"]:
            command = ("simulate", "--url", url, "--standin", standin)
            speed = ("--speed", str(options["speed"]))
            programs.append(
                Program("simulate", siaga_command(*command, *speed), {"SIAGA_DB_ROLE": "app"}, 3.0)
            )
        return programs

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _write_sheet(
        self, url: str, settled: list[people.DemoRegion], phone: dict[str, dict[str, Any]]
    ) -> None:
        """What scripts need to drive the demo; only for this machine's user."""
        known = accounts()
        sheet = {
            "base_url": url,
            "people": [
                {
                    "region": person.region,
                    "role": person.role,
                    "username": person.username,
                    "password": person.password,
                    "agency": person.agency,
                }
                for region in settled
                for person in region.people
            ],
            "whatsapp": {
                region.region: {
                    "url": f"{url}/in/whatsapp/{region.region}",
                    "app_secret": known[region.region].app_secret.decode(),
                    "verify_token": known[region.region].verify_token,
                    "phone_number_id": known[region.region].phone_number_id,
                }
                for region in settled
            },
            "api_tokens": {region.region: region.supervisor_token for region in settled},
            "phone": phone,
        }
        handle = os.open(SHEET, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(sheet, file, indent=2)

    def _announce(self, url: str, settled: list[people.DemoRegion]) -> None:
        lines = ["", f"Siaga is open: {url}", f"Password of everybody: {people.PASSWORD}", ""]
        for region in settled:
            lines.append(f"  {url}/{region.region}/")
            lines += [
                f"    {person.role:<22} {person.username}"
                + (f"   ({person.agency})" if person.agency else "")
                for person in region.people
            ]
        lines += ["", f"All of it for scripts: {SHEET.resolve()}", "Ctrl-C stops everything.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
