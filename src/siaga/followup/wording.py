"""How an ending is told to a citizen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from siaga.triage.types import IncidentDisposition

_OUTCOMES: dict[IncidentDisposition, Any] = {
    IncidentDisposition.HANDLED: _("it has been handled"),
    IncidentDisposition.FALSE_REPORT: _("the report could not be confirmed"),
    IncidentDisposition.NOT_FOUND: _("nothing was found at the place"),
    IncidentDisposition.DUPLICATE: _("it was already being handled under another report"),
    IncidentDisposition.SETTLED_BY_RESIDENTS: _("it was settled by the residents together"),
    IncidentDisposition.REFERRED: _("it was passed on to the office in charge"),
    IncidentDisposition.OUT_OF_SCOPE: _("it is outside what this centre may handle"),
    IncidentDisposition.TEST: _("it was an exercise"),
}
assert _OUTCOMES.keys() == set(IncidentDisposition), "endings without words"


def outcome_words(disposition: IncidentDisposition) -> Any:
    """The ending in the active language, fit to follow "the outcome: "."""
    return _OUTCOMES[disposition]
