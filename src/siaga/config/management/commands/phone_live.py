"""siaga phone"""

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from siaga.config.phone_process import run_phone
from siaga.kernel.observability import logs
from siaga.telephony.asterisk import centre


class Command(BaseCommand):
    """The live picture and the console's commands; `siaga phone --help` tells of the rest."""

    help = "Keep the live picture of the telephone and carry out what the console asks."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Until SIGINT or SIGTERM."""
        logs.configure("phone")
        plans = centre.plans_in_force()
        connections.close_all()
        if not plans:
            raise CommandError("No region has a telephone: add [phone] to a profile.")
        run_phone(plans, threading.Event())
