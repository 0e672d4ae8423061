"""What may be refused around the telephone. The sentences name the cure."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import SiagaError


class NoTelephone(SiagaError):
    """The region's profile has no telephone."""

    code = "telephony.no_telephone"
    http_status = 409
    sentence = _("This region has no telephone. An administrator adds it to the profile.")


class NoFreePosition(SiagaError):
    """Every position is served by somebody."""

    code = "telephony.no_free_position"
    http_status = 409
    sentence = _("Every position is taken. Ask your supervisor to free one.")


class PositionTaken(SiagaError):
    """Somebody else serves this position."""

    code = "telephony.position_taken"
    http_status = 409
    sentence = _("Somebody else serves position %(number)s. Choose another one.")


class NoSuchPosition(SiagaError):
    """The profile does not have so many."""

    code = "telephony.no_such_position"
    http_status = 404
    sentence = _("There is no position %(number)s.")
