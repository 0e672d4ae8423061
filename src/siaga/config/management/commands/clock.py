"""siaga clock"""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from siaga.config.clock_process import run_clock
from siaga.kernel.observability import logs


class Command(BaseCommand):
    """Deadlines and the journal's seal."""

    help = "Serve deadlines (escalation, clocks, call-backs) and seal the journal."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        logs.configure("clock")
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        run_clock(stopping)
