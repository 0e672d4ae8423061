"""The regions as a Django app."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """Profiles, areas, agencies, calendars, routing."""

    name = "siaga.regions"
    label = "regions"

    def ready(self) -> None:
        """Register the system checks."""
