"""The journal as a Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Collects every room's subscriptions and deadlines once all rooms are loaded."""

    name = "siaga.journal"
    label = "journal"

    def ready(self) -> None:
        """Register the system checks."""
        from siaga.journal import checks
