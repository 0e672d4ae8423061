"""`siaga simulate`: the simulated citizens and agencies of the demo, until stopped."""

import asyncio
import os
import zlib
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siaga.config.demo import people
from siaga.config.demo.day import Day
from siaga.config.demo.doors import Api, WhatsApp
from siaga.config.demo.region import Place, RegionDay
from siaga.kernel import clock
from siaga.kernel.observability import logs
from siaga.kernel.types import RegionId
from siaga.messaging.whatsapp.account import account
from siaga.regions import queries as region_queries


class Command(BaseCommand):
    """Only for a demo: it answers for people."""

    help = "Let simulated citizens write and simulated agencies act, in every region."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, and how fast."""
        parser.add_argument("--url", required=True, help="address of the running demo")
        parser.add_argument("--standin", required=True, help="address of the WhatsApp stand-in")
        parser.add_argument("--speed", type=float, default=float(os.environ.get("SPEED", "10")))
        parser.add_argument("--seed", type=int, help="the same day again; a new one without")

    def handle(self, *args: Any, **options: Any) -> None:
        """Until SIGINT or SIGTERM."""
        logs.configure("simulate")
        if not settings.SIAGA_DEMO:
            raise CommandError("simulate runs in a demo only (SIAGA_DEMO=1)")
        if not 0.1 <= options["speed"] <= 600:
            raise CommandError("SPEED is between 0.1 and 600")
        settled = people.settle(settings.SIAGA_HOME, clock.now())
        days = [self._day(one, options) for one in settled]
        try:
            asyncio.run(_live(days))
        except KeyboardInterrupt:
            return

    def _day(self, demo: people.DemoRegion, options: dict[str, Any]) -> RegionDay:
        region_id = RegionId(demo.region)
        profile, known = region_queries.profile(region_id), account(demo.region)
        if known is None:
            raise CommandError(f"no WhatsApp account for {demo.region} in the secrets file")
        seed = (options["seed"] or int(clock.now().timestamp())) + zlib.crc32(demo.region.encode())
        return RegionDay(
            demo.region,
            options["url"],
            whatsapp=WhatsApp(options["standin"], known.phone_number_id),
            desk=Api(options["url"], demo.desk_token),
            agencies={
                code: Api(options["url"], token) for code, token in demo.agency_tokens.items()
            },
            places=[Place(area.code, area.name, area.label_point) for area in profile.areas],
            day=Day(settings.CONTENT_DIR, seed),
            speed=options["speed"],
        )


async def _live(days: list[RegionDay]) -> None:
    await asyncio.gather(*(day.live() for day in days))
