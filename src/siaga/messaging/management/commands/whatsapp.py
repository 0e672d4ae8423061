"""`siaga whatsapp`: what an administrator does once: hand in the templates, try the account."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siaga.kernel.types import LANGUAGES
from siaga.messaging.whatsapp.account import account, secrets_path
from siaga.messaging.whatsapp.client import SendError, WhatsAppClient
from siaga.protocols import notices


class Command(BaseCommand):
    help = "Print the message templates to hand in, or try a region's account."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("templates", help="one JSON object per template and language")
        check = actions.add_parser("check", help="ask the provider who we are")
        check.add_argument("region")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "templates":
            self._templates()
        else:
            self._check(options["region"])

    def _templates(self) -> None:
        for form in notices.all_forms():
            for language in LANGUAGES:
                body: dict[str, Any] = {
                    "type": "BODY",
                    "text": notices.template_body(form.key, language),
                }
                if form.parameters:
                    body["example"] = {"body_text": [list(form.parameters)]}
                template = {
                    "name": form.template,
                    "language": language,
                    "category": "UTILITY",
                    "components": [body],
                }
                self.stdout.write(json.dumps(template, ensure_ascii=False))

    def _check(self, region: str) -> None:
        known = account(region)
        if known is None:
            raise CommandError(f"There is no [whatsapp.{region}] in {secrets_path()}.")
        try:
            found = WhatsAppClient(known).business_number()
        except SendError as failure:
            raise CommandError(f"The provider refused: {failure}") from None
        self.stdout.write(f"{region}: {found}")
