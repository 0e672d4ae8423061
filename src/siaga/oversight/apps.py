"""The room as a Django app."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """See README.md beside this file."""

    name = "siaga.oversight"
    label = "oversight"
