"""What dispatch refuses, and why."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import Conflict, SiagaError


class AlreadyAnswered(Conflict):
    """The assignment has moved on."""

    code = "dispatch.already_answered"
    sentence = _("This assignment has already moved on. The screen shows what is true now.")


class NotYourAssignment(SiagaError):
    """Another agency was asked."""

    code = "dispatch.not_your_assignment"
    http_status = 404
    sentence = _("This assignment was not found among those of your agency.")


class ReasonMissing(SiagaError):
    """Declining without a reason leaves the dispatcher in the dark."""

    code = "dispatch.reason_missing"
    http_status = 422
    sentence = _("Say why your agency cannot take it; the centre then asks another at once.")


class UnknownAgency(SiagaError):
    """The profile has no such active agency."""

    code = "dispatch.unknown_agency"
    http_status = 422
    sentence = _("The agency %(agency_code)s is not in this region's profile.")


class NotCleared(SiagaError):
    """The agency may not be shown a case of this confidentiality."""

    code = "dispatch.not_cleared"
    http_status = 409
    sentence = _("%(agency_code)s is not cleared for confidential cases of this type.")


class NothingToSend(SiagaError):
    """No agency was chosen."""

    code = "dispatch.nothing_to_send"
    http_status = 422
    sentence = _("Choose at least one agency.")
