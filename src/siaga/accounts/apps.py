"""The room of people as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and what they may do, per region."""

    name = "siaga.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Register the system checks."""
        from siaga.accounts import checks  # noqa: F401
