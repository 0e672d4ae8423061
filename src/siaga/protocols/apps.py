"""The room of guides and notices as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtocolsConfig(AppConfig):
    """Guides and notices, read from the content folder."""

    name = "siaga.protocols"
    label = "protocols"
    verbose_name = _("Guides")

    def ready(self) -> None:
        """Register the system checks."""
        from siaga.protocols import checks  # noqa: F401
