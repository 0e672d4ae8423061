"""The telephone as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    """Calls, and the Asterisk beside us."""

    name = "siaga.telephony"
    label = "telephony"

    def ready(self) -> None:
        """Let the doctor know what to ask."""
        import_module("siaga.telephony.hearing.checks")
        import_module("siaga.telephony.recordings.checks")
        import_module("siaga.telephony.selftest.checks")
