"""siaga work"""

import threading
from typing import Any

from django.core.management.base import BaseCommand

from siaga.config.work_process import run_work
from siaga.kernel.observability import logs


class Command(BaseCommand):
    """Jobs and the inbox."""

    help = "Run jobs (sending, reports, upkeep) and take in what the webhooks stored."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        logs.configure("work")
        run_work(threading.Event())
