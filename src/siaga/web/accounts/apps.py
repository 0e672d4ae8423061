"""The sign-in screens as a Django app; it stands before allauth so that its templates win."""

import logging

from django.apps import AppConfig


class AccountsWebConfig(AppConfig):
    """Screens for signing in, locking, sessions and second factors."""

    name = "siaga.web.accounts"
    label = "web_accounts"

    def ready(self) -> None:
        """Listen to Django, allauth and axes: they tell of sign-ins by signal only."""
        from siaga.web.accounts import listening

        listening.connect()
        # It writes the identifiers of people's keys into the log.
        logging.getLogger("fido2.server").setLevel(logging.WARNING)
