"""The one job of the journal: hand a committed fact to a subscriber that asked for it as a job."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from siaga.journal import queries
from siaga.journal.services import DELIVER_TASK, handle
from siaga.journal.subscribing import subscription_at
from siaga.kernel.observability import serving
from siaga.kernel.tenancy import acting_in

ATTEMPTS_MAX = 8


@app.task(
    name=DELIVER_TASK,
    queue="journal",
    retry=RetryStrategy(max_attempts=ATTEMPTS_MAX, exponential_wait=2),
)
def deliver(entry_id: str, region_id: str, handler: str, request: str = "") -> None:
    """Re-read the entry and run the subscriber in a transaction of its own.

    What it does belongs to the `request` that recorded the entry.

    A subscription that no longer exists, or a fact this version cannot read, ends the job quietly:
    there is nobody left to tell.
    """
    subscription = subscription_at(handler)
    if subscription is None:
        return
    with serving(request), acting_in(region_id):
        entry = queries.entry(UUID(entry_id))
        if entry is not None:
            handle(subscription.handler, entry)
