"""Who loses the right to sit at a desk gets up from it in the same moment."""

from siaga.accounts import queries as accounts
from siaga.accounts.events import RoleRevoked
from siaga.accounts.types import Permission
from siaga.journal.subscribing import at_once
from siaga.journal.types import Entry
from siaga.workforce import services
from siaga.workforce.types import LeaveReason


def clear_desk(entry: Entry[RoleRevoked]) -> None:
    """Leave the desk unless another role still allows it."""
    person_id = entry.fact.person_id
    viewer = accounts.viewer(person_id, entry.region_id, entry.at)
    if viewer is not None and viewer.may(Permission.CONSOLE_USE):
        return
    services.leave(
        region_id=entry.region_id,
        person_id=person_id,
        reason=LeaveReason.REMOVED,
        by=entry.actor,
        now=entry.at,
    )


SUBSCRIPTIONS = [at_once(RoleRevoked, clear_desk)]
