"""The journal as a Django app."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class JournalConfig(AppConfig):
    """Knows every room's facts once all rooms are loaded."""

    name = "siaga.journal"
    label = "journal"

    def ready(self) -> None:
        """Register the system checks, and every room's facts, so that any can be read."""
        import_module("siaga.journal.checks")
        for app in apps.get_app_configs():
            if app.name.startswith("siaga.") and find_spec(f"{app.name}.events"):
                import_module(f"{app.name}.events")
