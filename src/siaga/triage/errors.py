"""What triage refuses, and why."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import Conflict, SiagaError


class NeedsA1(SiagaError):
    """The region sends this only after it has been confirmed."""

    code = "triage.needs_a1"
    http_status = 409
    sentence = _("This region verifies first: record the A1 evidence, then send it.")


class PlaceUnknown(SiagaError):
    """No unit can be sent without a place."""

    code = "triage.place_unknown"
    http_status = 422
    sentence = _("The place is not known yet. Choose a kecamatan, a village or a point on the map.")


class UrgencyMayOnlyRise(SiagaError):
    """Red flags are never argued away."""

    code = "triage.urgency_may_only_rise"
    http_status = 409
    sentence = _("The answers call for %(urgency)s. Urgency may be raised, never lowered.")


class IncidentIsClosed(Conflict):
    """A closed incident is reopened first."""

    code = "triage.incident_is_closed"
    sentence = _("This incident is closed. Reopen it first.")


class OutOfScope(SiagaError):
    """The region's profile refuses this type."""

    code = "triage.out_of_scope"
    http_status = 409
    sentence = _("This region does not take this type. Refuse it with the sentence shown.")


class LastReport(Conflict):
    """An incident keeps at least the report that opened it."""

    code = "triage.last_report"
    sentence = _("This is the only report of the incident; it cannot be taken out.")
