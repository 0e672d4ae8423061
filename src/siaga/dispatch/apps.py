"""The room as a Django app."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """See README.md beside this file."""

    name = "siaga.dispatch"
    label = "dispatch"
