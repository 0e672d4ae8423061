"""siaga phone fetch | render | check | start"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siaga.kernel.errors import SiagaError
from siaga.telephony.asterisk.installation import provide_asterisk, provide_program


class Command(BaseCommand):
    """The Asterisk beside us: fetch it, write its configuration, check it, start it."""

    help = "The telephone: fetch Asterisk, render its configuration, check it, start it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("fetch", help="Find Asterisk and espeak-ng, or unpack them.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.home = settings.SIAGA_HOME / "phone"
        verbs = {"fetch": self.fetch}
        try:
            verbs[options["verb"]](options)
        except SiagaError as refused:
            raise CommandError(refused.message) from refused

    def fetch(self, options: dict[str, Any]) -> None:
        found = provide_asterisk(self.home, self.stdout.write)
        voice = provide_program("espeak-ng", self.home, self.stdout.write)
        major, minor = found.version
        self.stdout.write(f"Asterisk {major}.{minor} ({found.supplier}): {found.modules}")
        self.stdout.write(f"espeak-ng: {voice.prefix[-1]}")
