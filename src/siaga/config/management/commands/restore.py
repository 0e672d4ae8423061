"""siaga restore"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siaga.config.backup import BackupFailed, restore
from siaga.kernel.postgres import database_urls


class Command(BaseCommand):
    """A backup into an empty centre."""

    help = "Restore a backup into an empty database and data folder."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, help="a folder siaga-…Z made by `siaga backup`")

    def handle(self, *args: Any, **options: Any) -> None:
        home = Path(settings.SIAGA_HOME)
        try:
            rows = restore(database_urls().owner, home, options["backup"].resolve())
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(f"{rows} rows are back. Next: `siaga setup`, `siaga doctor`.")
