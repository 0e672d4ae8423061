"""One region's day: citizens write, a slow desk helps out, agencies act.

The desk takes what speaks of danger at once, leaves the freshest of the rest to whoever is trying
the demo, and touches nothing that it does not know: words written by hand are for human hands.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from siaga.config.demo.day import Citizen, Day, Saying
from siaga.config.demo.doors import Api, Refused, WhatsApp, send_form
from siaga.intake.rules import RANK_RED_FLAG
from siaga.kernel.geometry import Point

LEFT_FOR_PEOPLE = 3
WAITING_AT_FIRST = 8
WAITS_MINUTES = (3.0, 9.0)
DANGER_WAITS_MINUTES = (1.0, 3.0)
STEP_MINUTES = (1.0, 6.0)
TURN_SECONDS = 5.0
LOOKED_AT_MAX = 50
MISSED_AFTER = timedelta(minutes=5)
_STEPS = {
    "sent": "acknowledge",
    "acknowledged": "en_route",
    "en_route": "on_scene",
    "on_scene": "done",
}
_log = logging.getLogger("siaga.demo")


@dataclass(frozen=True, slots=True)
class Place:
    """A kecamatan with its label point."""

    code: str
    name: str
    point: Point


class RegionDay:
    """The simulated people of one region."""

    def __init__(
        self,
        region: str,
        base_url: str,
        *,
        whatsapp: WhatsApp,
        desk: Api,
        agencies: dict[str, Api],
        places: list[Place],
        day: Day,
        speed: float,
    ) -> None:
        self._region, self._base_url = region, base_url
        self._whatsapp, self._desk, self._agencies = whatsapp, desk, agencies
        self._places, self._day, self._speed = places, day, speed
        self._due: dict[str, float] = {}
        self._first = WAITING_AT_FIRST

    async def live(self) -> None:
        """Until cancelled; a door that is shut for a while is tried again."""
        await asyncio.gather(
            self._keep(self._citizens),
            self._keep(self._at_the_desk),
            self._keep(self._in_the_field),
        )

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except (httpx.HTTPError, Refused) as trouble:
                _log.info("demo_waits region=%s reason=%s", self._region, type(trouble).__name__)
                await asyncio.sleep(TURN_SECONDS)

    async def _citizens(self) -> None:
        # A desk that opens finds people waiting; afterwards they come as they come.
        if self._first > 0:
            self._first -= 1
        else:
            await asyncio.sleep(self._day.pause(self._speed))
        citizen, saying = self._day.citizen(), self._day.saying()
        place = self._places[self._day.some(len(self._places))]
        if citizen.by_web and saying.case:
            await self._by_form(citizen, saying, place)
            return
        await self._whatsapp.write(citizen.number, citizen.name, saying.text)
        if saying.case and citizen.sends_position:
            await self._whatsapp.show_position(citizen.number, citizen.name, self._near(place))

    async def _by_form(self, citizen: Citizen, saying: Saying, place: Place) -> None:
        fields = {
            "narrative": saying.text,
            "area_code": place.code,
            "place_text": f"dekat kantor desa, {place.name}",
            "name": citizen.name,
            "phone": f"+{citizen.number}",
        }
        if citizen.sends_position:
            at = self._near(place)
            fields |= {"lat": f"{at.lat:.5f}", "lng": f"{at.lng:.5f}"}
        await send_form(self._base_url, self._region, fields)

    def _near(self, place: Place) -> Point:
        return Point(
            place.point.lat + self._day.between(-0.02, 0.02),
            place.point.lng + self._day.between(-0.02, 0.02),
        )

    async def _at_the_desk(self) -> None:
        await asyncio.sleep(TURN_SECONDS)
        found = await self._desk.get("contacts", waiting=True, limit=LOOKED_AT_MAX)
        left = _freshest(found["items"])
        for contact in found["items"]:
            saying = self._day.meant(contact["preview"])
            waits = DANGER_WAITS_MINUTES if _speaks_of_danger(contact) else WAITS_MINUTES
            if saying and contact["id"] not in left and self._is_time(contact, waits):
                await self._handle(contact, saying)
            if _was_missed(contact) and self._is_time(contact, WAITS_MINUTES):
                await self._desk.post(f"contacts/{contact['id']}/claim")
                await self._desk.post(
                    f"contacts/{contact['id']}/dispose", {"disposition": "cut_off"}
                )
        for status in ("done", "in_triage"):
            found = await self._desk.get("incidents", status=status, limit=LOOKED_AT_MAX)
            for incident in found["items"]:
                await self._look_after(incident)

    async def _handle(self, contact: dict[str, Any], saying: Saying) -> None:
        base = f"contacts/{contact['id']}"
        await self._desk.post(f"{base}/claim")
        if contact["report_id"]:
            return  # a word more about a known report: it has been read
        if saying.noise:
            await self._desk.post(f"{base}/dispose", {"disposition": saying.noise})
            return
        place = self._places[self._day.some(len(self._places))]
        at = self._near(place)
        where = {
            "area_code": place.code,
            "text": f"dekat kantor desa, {place.name}",
            "point": {"lat": at.lat, "lng": at.lng},
        }
        report = await self._desk.post(
            f"{base}/report", {"narrative": saying.text, "type_code": saying.case, "place": where}
        )
        try:
            incident = await self._desk.post(
                f"reports/{report['id']}/incident",
                {"type_code": saying.case, "urgency": saying.urgency, "place": where},
            )
        except Refused as refused:
            if refused.code != "triage.out_of_scope":
                raise
            await self._desk.post(f"reports/{report['id']}/refuse")
            return
        await self._dispatch(incident["id"])

    async def _dispatch(self, incident_id: str) -> None:
        base = f"incidents/{incident_id}"
        proposed = await self._desk.get(f"{base}/proposals")
        chosen = [item for item in proposed if not item["already_sent"]][:2]
        if not chosen:
            return
        orders = [{"agency_code": item["agency_code"], "role": item["role"]} for item in chosen]
        try:
            await self._desk.post(f"{base}/dispatch", {"agencies": orders})
        except Refused as refused:
            if refused.code != "triage.needs_a1":
                raise
            await self._desk.post(f"{base}/evidence", {"kind": "callback", "note": "Telepon balik"})
            await self._desk.post(f"{base}/dispatch", {"agencies": orders})

    async def _look_after(self, incident: dict[str, Any]) -> None:
        """Close what is done, send again what everybody declined."""
        if self._day.meant(incident["summary"]) is None:
            return
        if incident["status"] == "done" and self._is_time(incident, STEP_MINUTES):
            await self._desk.post(f"incidents/{incident['id']}/close", {"disposition": "handled"})
            return
        declined = incident["status"] == "in_triage" and incident["dispatched_at"]
        if declined and self._is_time(incident, STEP_MINUTES):
            await self._dispatch(incident["id"])

    async def _in_the_field(self) -> None:
        await asyncio.sleep(TURN_SECONDS)
        for assignment in (await self._desk.get("assignments", limit=LOOKED_AT_MAX))["items"]:
            step = _STEPS.get(assignment["state"])
            api = self._agencies.get(assignment["agency_code"])
            if step is None or api is None or not self._is_time(assignment, STEP_MINUTES):
                continue
            base = f"assignments/{assignment['id']}"
            if step == "acknowledge" and self._day.happens(0.06):
                await api.post(f"{base}/decline", {"reason": "Unit sedang di tempat lain"})
            elif step == "done":
                await api.post(f"{base}/done", {"note": "Sudah ditangani di lokasi."})
            else:
                await api.post(f"{base}/{step}")

    def _is_time(self, item: dict[str, Any], minutes: tuple[float, float]) -> bool:
        """Whether this thing, in this state, has taken as long as it plausibly takes."""
        key = f"{item['id']} {item.get('state') or item.get('status')}"
        now = datetime.now(UTC).timestamp()  # tidy: allow - a play runs on the wall clock
        due = self._due.setdefault(key, now + self._day.between(*minutes) * 60 / self._speed)
        if now < due:
            return False
        # A refusal must not come again at once.
        self._due[key] = now + 60
        return True


def _freshest(waiting: list[dict[str, Any]]) -> set[str]:
    """Those that a visitor may take: nothing that speaks of danger or has a report already."""
    calm = [
        contact
        for contact in waiting
        if not _speaks_of_danger(contact) and not contact["report_id"]
    ]
    calm.sort(key=lambda contact: str(contact["waiting_since"]), reverse=True)
    return {contact["id"] for contact in calm[:LEFT_FOR_PEOPLE]}


def _was_missed(contact: dict[str, Any]) -> bool:
    """A simulated call that nobody at this demo has taken, long after it ended."""
    if contact["channel"] != "phone" or not contact["is_test"]:
        return False
    now = datetime.now(UTC)  # tidy: allow - a play runs on the wall clock
    return now - datetime.fromisoformat(contact["received_at"]) > MISSED_AFTER


def _speaks_of_danger(contact: dict[str, Any]) -> bool:
    return bool(contact["rank"] <= RANK_RED_FLAG)
