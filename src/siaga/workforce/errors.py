"""Why a desk cannot be taken or a presence not be set."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import SiagaError


class PositionTaken(SiagaError):
    """Somebody else sits there and was not relieved."""

    code = "workforce.position_taken"
    http_status = 409
    sentence = _("Somebody sits at %(position)s. Relieve them, or choose another desk.")


class PositionClosed(SiagaError):
    """The desk is not in use."""

    code = "workforce.position_closed"
    http_status = 409
    sentence = _("%(position)s is not in use. Choose another desk.")


class PositionCodeUsed(SiagaError):
    """The region already has a desk with this code."""

    code = "workforce.position_code_used"
    http_status = 409
    sentence = _("There is already a desk with the code %(position)s.")


class NotSeated(SiagaError):
    """The person sits at no desk of this region."""

    code = "workforce.not_seated"
    http_status = 409
    sentence = _("Take a desk first.")


class MayNotSit(SiagaError):
    """The person holds no role in this region that works at a desk."""

    code = "workforce.may_not_sit"
    http_status = 403
    sentence = _("This role does not work at a desk here. Ask your supervisor.")


class BreakNeedsReason(SiagaError):
    """A break without a reason, or a reason without a break."""

    code = "workforce.break_needs_reason"
    http_status = 422
    sentence = _("Choose the reason for the break.")
