"""A queue for each region. Pure."""

from collections.abc import Sequence

from siaga.telephony import names
from siaga.telephony.asterisk.site import Site
from siaga.telephony.types import PhonePlan

WRAP_UP_SECONDS = 2
"""So long a position that has just hung up is left alone: time enough for us to pause it."""
PLACES_TOLD_MAX = 10
"""Up to here a caller is told the place in the queue, further back only that it is beyond."""
ANNOUNCE_SECONDS = 60
_GENERAL = """
[general]
persistentmembers = yes
autofill = yes
shared_lastcall = yes
log_membername_as_agent = yes
force_longest_waiting_caller = no
"""


def text(plans: Sequence[PhonePlan], site: Site) -> str:
    """queues.conf. An empty room still queues: the overflow comes after the wait."""
    return "\n".join([_GENERAL, *(_queue(plan, site) for plan in plans)])


def _queue(plan: PhonePlan, site: Site) -> str:
    # No music class here: the caller's own begins with the greeting of the hour.
    return f"""
[{names.queue(plan.region)}]
strategy = rrmemory
timeout = {plan.waits.ring}
retry = 0
wrapuptime = {WRAP_UP_SECONDS}
autofill = yes
ringinuse = no
autopause = no
joinempty = yes
leavewhenempty = no
context = {names.context("keys", plan.region)}
reportholdtime = no
announce-frequency = {ANNOUNCE_SECONDS}
min-announce-frequency = {ANNOUNCE_SECONDS // 4}
announce-position = more
announce-position-limit = {PLACES_TOLD_MAX}
announce-to-first-user = no
announce-holdtime = no
announce-round-seconds = 0
queue-youarenext =
queue-thereare = {site.prompt(plan, "place-before")}
queue-callswaiting = {site.prompt(plan, "place-after")}
queue-quantity1 = {site.prompt(plan, "place-beyond")}
queue-quantity2 = {site.prompt(plan, "place-after")}
queue-thankyou =
setinterfacevar = yes
setqueueentryvar = yes
timeoutpriority = conf
timeoutrestart = no
"""
