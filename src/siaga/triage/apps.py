"""The room as a Django app."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """See README.md beside this file."""

    name = "siaga.triage"
    label = "triage"
