"""What intake refuses, and why."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import Conflict, SiagaError


class AlreadyClaimed(Conflict):
    """Another call taker holds this contact."""

    code = "intake.already_claimed"
    sentence = _("Another call taker was faster. Take over only if you have agreed on it.")


class NotYourContact(Conflict):
    """The contact is worked on by somebody else, or by nobody."""

    code = "intake.not_your_contact"
    sentence = _("This contact is not in your hands. Claim it first.")


class AlreadyEnded(Conflict):
    """The contact has its outcome already."""

    code = "intake.already_ended"
    sentence = _("This contact has already ended. Undo the outcome to work on it again.")


class UndoTooLate(SiagaError):
    """The outcome can no longer be undone by its author."""

    code = "intake.undo_too_late"
    http_status = 409
    sentence = _("It is too late to undo this. Ask your supervisor to reopen it.")


class ReportAlreadyHandled(Conflict):
    """The report is part of an incident or has been answered."""

    code = "intake.report_already_handled"
    sentence = _("This report is already part of an incident or has been answered.")
