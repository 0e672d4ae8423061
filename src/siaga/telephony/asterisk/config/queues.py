"""A queue for each region. Pure."""

from collections.abc import Sequence

from siaga.telephony import names
from siaga.telephony.types import PhonePlan

WRAP_UP_SECONDS = 2
"""So long a position that has just hung up is left alone: time enough for us to pause it."""
_GENERAL = """
[general]
persistentmembers = yes
autofill = yes
shared_lastcall = yes
log_membername_as_agent = yes
force_longest_waiting_caller = no
"""


def text(plans: Sequence[PhonePlan]) -> str:
    """queues.conf. An empty room still queues: the overflow comes after the wait."""
    return "\n".join([_GENERAL, *(_queue(plan) for plan in plans)])


def _queue(plan: PhonePlan) -> str:
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
announce-frequency = 0
setinterfacevar = yes
setqueueentryvar = yes
timeoutpriority = conf
timeoutrestart = no
"""
