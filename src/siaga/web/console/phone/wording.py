"""Words of the telephone's bar that other modules share."""

from django.utils.translation import gettext_lazy as _

AWAY_WORDS = _("away from the desk")
