"""siaga serve"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siaga.config.serve_process import PortTaken, address, serve_everything
from siaga.kernel.observability import logs


class Command(BaseCommand):
    """Pages, webhooks and live streams on one port."""

    help = "Serve pages, API, webhooks and live streams on one port."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="address to listen on (HOST, default 127.0.0.1)")
        parser.add_argument("--port", type=int, help="port to listen on (PORT, default 8112)")

    def handle(self, *args: Any, **options: Any) -> None:
        logs.configure("serve")
        try:
            serve_everything(*address(options["host"], options["port"]))
        except PortTaken as taken:
            raise CommandError(str(taken)) from taken
