"""siaga calllog"""

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from siaga.config.calllog_process import run_calllog
from siaga.kernel import clock
from siaga.kernel.observability import logs
from siaga.telephony import services
from siaga.telephony.asterisk import centre


class Command(BaseCommand):
    """The truth about calls."""

    help = "Follow Asterisk's record of calls, or make the calls from it again (--again)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which record."""
        default = centre.home() / "cel" / "siaga.jsonl"
        parser.add_argument("--record", type=Path, default=default, help="the file of JSON lines")
        parser.add_argument(
            "--again", action="store_true", help="throw the calls away and fold them again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Until SIGINT or SIGTERM."""
        logs.configure("calllog")
        if options["again"]:
            lines = services.fold_again(options["record"], now=clock.now())
            self.stdout.write(f"{lines} lines folded again")
            return
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        run_calllog(options["record"], stopping)
