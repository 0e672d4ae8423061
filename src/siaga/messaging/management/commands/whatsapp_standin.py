"""`siaga whatsapp-standin`: the WhatsApp Cloud API for a demo, without WhatsApp."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siaga.messaging.whatsapp.account import accounts, secrets_path
from siaga.messaging.whatsapp.standin.accounts import from_secrets
from siaga.messaging.whatsapp.standin.app import StandIn
from siaga.messaging.whatsapp.standin.server import serve

DEFAULT_PORT = 8113


class Command(BaseCommand):
    help = "Stand in for the WhatsApp Cloud API, with the accounts of the secrets file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT)
        parser.add_argument(
            "--webhooks",
            default="http://127.0.0.1:8112/in/whatsapp",
            help="where Siaga's webhooks are, without the region's name",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known = list(accounts().values())
        if not known:
            raise CommandError(f"There is no WhatsApp account in {secrets_path()}.")
        memory = settings.SIAGA_HOME / "standin-written.jsonl"
        standin = StandIn(from_secrets(known, options["webhooks"]), memory)
        serve(standin, host=options["host"], port=options["port"])
