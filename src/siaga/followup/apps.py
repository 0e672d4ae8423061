"""The room as a Django app."""

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    """See README.md beside this file."""

    name = "siaga.followup"
    label = "followup"
