"""The telephone as a Django app."""

from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    """Calls, and the Asterisk beside us."""

    name = "siaga.telephony"
    label = "telephony"
