"""The room as a Django app."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """See README.md beside this file."""

    name = "siaga.intake"
    label = "intake"
