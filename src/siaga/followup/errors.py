"""What followup refuses, and why."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import Conflict, SiagaError


class ObjectionTooLate(SiagaError):
    """The days for an objection are over."""

    code = "followup.objection_too_late"
    http_status = 409
    sentence = _("The time for an objection is over. Please send a new report.")


class ObjectionEmpty(SiagaError):
    """An objection says what is wrong."""

    code = "followup.objection_empty"
    http_status = 422
    sentence = _("Please write in a few words what is not settled yet.")


class NothingToObject(Conflict):
    """The report is still being worked on."""

    code = "followup.nothing_to_object"
    sentence = _("Your report is still being worked on; write a message instead.")


class CloseNeedsSupervisor(SiagaError):
    """Serious incidents are not closed by restricted call takers."""

    code = "followup.close_needs_supervisor"
    http_status = 403
    sentence = _("A serious incident (P1, P2) is closed by a full call taker or the supervisor.")
