"""siaga voice"""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siaga.config.voice_process import run_voice
from siaga.kernel.observability import logs
from siaga.telephony.hearing import detector


class Command(BaseCommand):
    """A hint for silent calls; everything else works without it."""

    help = "Listen for the voices of callers, to hint at calls in which none is heard (optional)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Until SIGINT or SIGTERM."""
        logs.configure("voice")
        if not detector.is_installed():
            raise CommandError(
                "The voice detector is not installed; calls work without it."
                " pip install --requirement requirements/voice.txt"
            )
        at_once = detector.places()
        if not at_once:
            raise CommandError(f"{detector.PLACES}=0: nobody is listened to.")
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        run_voice(at_once, detector.Detector, stopping)
