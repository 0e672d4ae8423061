"""What the telephone of a desk refuses."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import SiagaError


class NotSeated(SiagaError):
    """The person serves no position by telephone."""

    code = "console.not_seated"
    http_status = 409
    sentence = _("Your telephone is not connected. Begin duty first (F2).")


class NoSuchDeed(SiagaError):
    """The desk asked its telephone for something unknown, or without what it needs."""

    code = "console.no_such_deed"
    http_status = 422
    sentence = _("The telephone cannot do that.")


class StillTalking(SiagaError):
    """The person wants to get up with somebody on the line."""

    code = "console.still_talking"
    http_status = 409
    sentence = _("You are still in a call. End it first (F9).")
