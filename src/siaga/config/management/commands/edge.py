"""siaga edge"""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siaga.config.serve_process import EDGE_PORT, PortTaken, address, serve_everything
from siaga.kernel.observability import logs


class Command(BaseCommand):
    """Webhooks, live streams and health alone, so that no page can slow them down."""

    help = "Serve only webhooks, live streams, health and metrics."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="address to listen on (HOST, default 127.0.0.1)")
        parser.add_argument("--port", type=int, help="port to listen on (PORT, default 8113)")

    def handle(self, *args: Any, **options: Any) -> None:
        logs.configure("edge")
        os.environ["SIAGA_EDGE_ONLY"] = "1"
        try:
            serve_everything(*address(options["host"], options["port"], default_port=EDGE_PORT))
        except PortTaken as taken:
            raise CommandError(str(taken)) from taken
