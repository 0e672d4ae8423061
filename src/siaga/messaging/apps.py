"""The messaging room as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "siaga.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the doctor examines."""
        import_module("siaga.messaging.checks")
