"""siaga demo"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from siaga.config.preparation import (
    FrontEndMissing,
    RightsMissing,
    act_as_app,
    apply_profiles,
    prepare,
)
from siaga.config.processes import run_all
from siaga.config.serve_process import PortTaken, address
from siaga.kernel.observability import logs


class Command(BaseCommand):
    """All profiles applied, everything running."""

    help = "Start everything with every profile in the profiles folder."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="address to listen on (HOST, default 127.0.0.1)")
        parser.add_argument("--port", type=int, help="port to listen on (PORT, default 8112)")

    def handle(self, *args: Any, **options: Any) -> None:
        logs.configure("demo")
        try:
            prepare()
            act_as_app()
            apply_profiles()
            connections.close_all()
            run_all(*address(options["host"], options["port"]), when_ready=self._announce)
        except (FrontEndMissing, PortTaken, RightsMissing) as refused:
            raise CommandError(str(refused)) from refused

    def _announce(self, url: str) -> None:
        self.stdout.write(f"Siaga is open: {url}")
