"""What `siaga doctor` asks about the invariant of the house."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from siaga.followup import queries as followup
from siaga.kernel.doctor import DATABASE, Finding, error, examine
from siaga.kernel.tenancy import acting_in
from siaga.regions import queries as regions


@examine(
    "oversight.answered",
    "No contact without an outcome or an owner, no report without an answer",
    needs=DATABASE,
)
def nobody_is_forgotten(now: datetime) -> Iterator[Finding]:
    """Asks the database, region by region, for everything that somebody could have forgotten."""
    for region_id in regions.region_ids():
        with acting_in(region_id):
            found = followup.orphans(region_id, now)
        if found:
            kinds = Counter(item.kind.value for item in found)
            told = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
            yield error(
                "oversight.answered",
                f"{region_id}: {told}.",
                f"Open /{region_id}/control/: each is listed there with its link.",
            )
