"""The room of desks and presence as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkforceConfig(AppConfig):
    """Positions, who sits there, and their presence."""

    name = "siaga.workforce"
    label = "workforce"
    verbose_name = _("Desks and presence")
