"""siaga voice"""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from siaga.config.voice_process import run_voice
from siaga.kernel.observability import logs
from siaga.telephony.hearing import detector

_OFF = f"{detector.PLACES}=0: nobody is listened to."
_MISSING = (
    "The voice detector is not installed; calls work without it."
    " pip install --requirement requirements/voice.txt"
)


class Command(BaseCommand):
    """A hint for silent calls; everything else works without it."""

    help = "Listen for the voices of callers, to hint at calls in which none is heard (optional)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Until SIGINT or SIGTERM."""
        logs.configure("voice")
        at_once = detector.places()
        if not detector.is_installed() or not at_once:
            # No fault, and nothing that another start would mend.
            self.stderr.write(_OFF if detector.is_installed() else _MISSING)
            return
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        run_voice(at_once, detector.Detector, stopping)
