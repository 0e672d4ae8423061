"""`siaga journal verify`: walk the chains and say where they do not hold."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from siaga.journal import sealing
from siaga.kernel.tenancy import ALL_REGIONS, acting_in


class Command(BaseCommand):
    """See the module."""

    help = "verify the journal's hash chains, or print their heads to publish elsewhere"

    def add_arguments(self, parser: CommandParser) -> None:
        """`verify` or `head`, for some or all regions."""
        parser.add_argument("action", choices=["verify", "head"])
        parser.add_argument("regions", nargs="*", help="default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when a chain does not hold."""
        with acting_in(ALL_REGIONS):
            regions = options["regions"] or _regions()
            if options["action"] == "head":
                for region in regions:
                    position, head = sealing.head(region)
                    self.stdout.write(f"{region} {position} {head}")
                return
            flaws = sum(self._verify(region) for region in regions)
        if flaws:
            raise CommandError(f"{flaws} flaws: the journal has been tampered with")

    def _verify(self, region: str) -> int:
        flaws = 0
        for flaw in sealing.verify(region):
            flaws += 1
            self.stdout.write(
                f"{region}: position {flaw.position}: {flaw.kind} (entry {flaw.entry_id})"
            )
        if not flaws:
            position, head = sealing.head(region)
            self.stdout.write(f"{region}: {position} entries hold, head {head[:16]}")
        return flaws


def _regions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT region_id FROM journal_seal ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]
