"""siaga setup"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siaga.config.preparation import FrontEndMissing, RightsMissing, prepare
from siaga.kernel.observability import logs


class Command(BaseCommand):
    """Prepares the database and files; safe to run at every start."""

    help = "Prepare the data folder, database, translations and static files of this version."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        logs.configure("setup")
        try:
            prepare()
        except (FrontEndMissing, RightsMissing) as missing:
            raise CommandError(str(missing)) from missing
