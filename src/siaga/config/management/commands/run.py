"""siaga run"""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siaga.config.preparation import FrontEndMissing, RightsMissing, act_as_app, prepare
from siaga.config.processes import run_all
from siaga.config.serve_process import PortTaken, address
from siaga.config.telephone import phone_programs
from siaga.kernel.observability import logs


class Command(BaseCommand):
    """One box: prepares, then keeps serve, work, clock and the telephone alive."""

    help = "Start and watch everything on this machine; Ctrl-C stops all of it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="address to listen on (HOST, default 127.0.0.1)")
        parser.add_argument("--port", type=int, help="port to listen on (PORT, default 8112)")
        parser.add_argument(
            "--no-setup", action="store_true", help="do not prepare the database first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        logs.configure("run")
        try:
            if not options["no_setup"]:
                prepare()
                act_as_app()
            host, port = address(options["host"], options["port"])
            run_all(host, port, later=partial(phone_programs, host, port))
        except (FrontEndMissing, PortTaken, RightsMissing) as refused:
            raise CommandError(str(refused)) from refused
