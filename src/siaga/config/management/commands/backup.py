"""siaga backup"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siaga.config.backup import BackupFailed, back_up, remove_old, try_restore
from siaga.kernel import clock
from siaga.kernel.postgres import database_urls


class Command(BaseCommand):
    """Database, media and secrets, tried by restoring."""

    help = "Back up the centre into a folder and try the backup by restoring it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where backups are kept; best another disk")
        parser.add_argument("--keep", type=int, default=14, help="how many to keep (default 14)")
        parser.add_argument("--no-test", action="store_true", help="do not try to restore it")

    def handle(self, *args: Any, **options: Any) -> None:
        url, folder = database_urls().owner, options["folder"].resolve()
        try:
            made = back_up(url, Path(settings.SIAGA_HOME), folder, now=clock.now())
            self.stdout.write(f"{made}")
            if not options["no_test"]:
                self.stdout.write(f"restored on trial: {try_restore(url, made)} rows, all there")
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        for old in remove_old(folder, max(options["keep"], 1)):
            self.stdout.write(f"removed {old}")
