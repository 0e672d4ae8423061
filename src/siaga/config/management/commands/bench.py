"""siaga bench"""

import importlib
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Prints one JSON object per line: a value, and the limit measured in the same run."""

    help = "Measure: intake, live, board, console, search, phone (in a fresh temporary centre)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        _harness().add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        harness = _harness()
        if options["name"] == "list":
            self.stdout.write("\n".join(harness.names()))
            return
        numbers = [
            word
            for name in ("seconds", "repeats", "clients", "size")
            for word in (f"--{name}", str(options[name]))
        ]
        code = harness.run_in_fresh_stand([options["name"], *numbers])
        if code != 0:
            sys.exit(code)


def _harness() -> Any:
    """The benches belong to the source tree and are not installed."""
    root = str(settings.PROJECT_DIR)
    if root not in sys.path:
        sys.path.insert(0, root)
    try:
        return importlib.import_module("benches.harness")
    except ModuleNotFoundError as missing:
        raise CommandError("The benches are in the source tree; run this from there.") from missing
