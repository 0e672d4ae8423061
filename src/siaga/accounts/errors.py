"""What can be refused about people, each with the sentence they read."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import Conflict, SiagaError


class UsernameTaken(SiagaError):
    """Somebody, perhaps in another region, already signs in with this name."""

    code = "accounts.username_taken"
    http_status = 409
    sentence = _("The user name %(username)s is taken. Choose another one.")


class AgencyNeeded(SiagaError):
    """An agency officer belongs to an agency, and nobody else does."""

    code = "accounts.agency_needed"
    http_status = 422
    sentence = _("An agency officer needs an agency, and no other role has one.")


class OneAgencyOnly(SiagaError):
    """In one region a person speaks for one agency, or the journal could not say for which."""

    code = "accounts.one_agency_only"
    http_status = 409
    sentence = _("This person already is an officer of %(agency_code)s in this region.")


class ServesElsewhere(SiagaError):
    """The person also serves a region that the actor does not govern."""

    code = "accounts.serves_elsewhere"
    http_status = 409
    sentence = _(
        "This person also serves another region. End their roles here, "
        "or ask whoever runs the installation."
    )


class LastAdministrator(Conflict):
    """A region must keep one person who can add people."""

    code = "accounts.last_administrator"
    sentence = _("This is the region's last administrator. Appoint another one first.")


class TooManyAttempts(SiagaError):
    """The unlock code was wrong too often; the session is over."""

    code = "accounts.too_many_attempts"
    http_status = 429
    sentence = _("Wrong too often. Please sign in again.")
