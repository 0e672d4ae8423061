"""What the supervisor's telephone refuses."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import SiagaError


class NoSeat(SiagaError):
    """The supervisor has no telephone with which to join a call."""

    code = "control.no_seat"
    http_status = 409
    sentence = _("You have no telephone yet. Open the console and press F2, then try again.")


class NotThere(SiagaError):
    """The call has ended meanwhile, or is another region's."""

    code = "control.call_not_there"
    http_status = 409
    sentence = _("This call has ended meanwhile.")
