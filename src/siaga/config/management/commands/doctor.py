"""siaga doctor"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from siaga.config.doctor import PARTS
from siaga.kernel import clock
from siaga.kernel.doctor import Finding, Level, run_examinations
from siaga.kernel.observability import logs

_MARKS = {
    Level.OK: "ok  ",
    Level.WARNING: "warn",
    Level.ERROR: "BAD ",
    Level.SKIPPED: "skip",
}
_ERROR_EXIT = 1


class Command(BaseCommand):
    """Examines the installation and says the cure for whatever is wrong."""

    help = "Examine everything a deployer can get wrong; exit code 1 when something is."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object per line")

    def handle(self, *args: Any, **options: Any) -> None:
        logs.configure("doctor")
        assert PARTS  # registered by being imported
        for app in apps.get_app_configs():
            if app.name.startswith("siaga.") and find_spec(f"{app.name}.checks"):
                import_module(f"{app.name}.checks")
        findings = run_examinations(clock.now())
        for finding in findings:
            self.stdout.write(_as_json(finding) if options["json"] else _as_text(finding))
        wrong = sum(finding.level is Level.ERROR for finding in findings)
        if wrong:
            raise CommandError(f"{wrong} things are wrong.", returncode=_ERROR_EXIT)


def _as_json(finding: Finding) -> str:
    return json.dumps(asdict(finding), ensure_ascii=False)


def _as_text(finding: Finding) -> str:
    line = f"{_MARKS[finding.level]}  {finding.id:<28} {finding.text}"
    return f"{line}\n{'':36}→ {finding.cure}" if finding.cure else line
