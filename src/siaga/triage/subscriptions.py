"""What triage does about facts from upstream, and about its own."""

from siaga.journal.subscribing import at_once
from siaga.telephony.events import NumberGraded
from siaga.triage.events import IncidentOpened, ReportJoined
from siaga.triage.services import nuisance

SUBSCRIPTIONS = [
    at_once(NumberGraded, nuisance.number_graded),
    at_once(IncidentOpened, nuisance.incident_opened),
    at_once(ReportJoined, nuisance.report_joined),
]
