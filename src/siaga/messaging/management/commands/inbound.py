"""`siaga inbound`: deliveries that could not be read, and reading them again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.messaging import queries, services


class Command(BaseCommand):
    help = "List a region's deliveries that could not be read; --retry reads them again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("region")
        parser.add_argument("--retry", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        region_id = RegionId(options["region"])
        with acting_in(region_id):
            troubles = queries.inbound_troubles(region_id, limit=queries.LIMIT_MAX)
            for one in troubles:
                self.stdout.write(
                    f"{one.id}  {one.received_at:%Y-%m-%d %H:%M:%S}  {one.door}"
                    f"  {one.state}  {one.error}"
                )
            if options["retry"]:
                count = services.requeue_inbound(
                    [one.id for one in troubles], by=Actor.system("inbound"), now=clock.now()
                )
                self.stdout.write(f"{count} will be read again.")
