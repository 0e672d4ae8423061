"""The messaging room as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "siaga.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the channels, and what the doctor examines."""
        for module in ("checks", "webform.sender", "whatsapp.sender"):
            import_module(f"siaga.messaging.{module}")
