"""What `siaga doctor` asks about the nightly test."""

from collections.abc import Iterator
from datetime import datetime

from siaga.kernel.doctor import DATABASE, Finding, error, examine, warning
from siaga.kernel.tenancy import acting_in
from siaga.regions import queries as regions
from siaga.telephony import live_queries
from siaga.telephony.selftest import judging, queries


@examine("telephony.self_test", "The telephone has tested itself and nothing was missing",
         needs=DATABASE)  # fmt: skip
def the_last_test_passed(now: datetime) -> Iterator[Finding]:
    """Region by region, for telephones that are in service."""
    for region_id in regions.region_ids():
        with acting_in(region_id):
            latest = queries.latest(region_id) if live_queries.in_service(region_id) else None
            missed = latest is None and live_queries.in_service(region_id)
        if latest is not None and latest.failed:
            parts = ", ".join(check.value for check in latest.failed)
            yield error(
                "telephony.self_test",
                f"{region_id}: the last test found missing: {parts}. {latest.note}".strip(),
                f"See /{region_id}/control/phone/, then siaga phone check.",
            )
        elif missed or (latest is not None and judging.is_late(latest.started_at, now)):
            yield warning(
                "telephony.self_test",
                f"{region_id}: the telephone has not been tested for a day and a half.",
                "Is siaga work running? Test now on the page of the telephone.",
            )
