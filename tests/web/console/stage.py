"""The desk on stage: people signed in, citizens who write, a report that has come somewhere."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from siaga.accounts.types import Viewer
from siaga.intake import queries as intake
from siaga.intake import services as intake_services
from siaga.intake.types import Approach, ContactId, LocationState, Place, Telling
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.geometry import Point
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Channel, RegionId, Urgency
from siaga.messaging import services as messaging
from siaga.messaging.types import AliasKind, Identity, Incoming, MessageKind
from siaga.triage import queries as triage
from siaga.triage import services as triage_services
from siaga.triage.types import IncidentId, IncidentView, Verdict
from tests.cast import BANYUWANGI, PASSWORD, enter

HTMX = {"HX-Request": "true"}
CHANNEL = Actor.system("test")
KABAT = "35.10.14"


@dataclass
class Desk:
    """Somebody of the cast before a browser."""

    client: Client
    viewer: Viewer

    def url(self, rest: str = "", region: str = "banyuwangi") -> str:
        return f"/{region}/console/{rest}"

    def get(self, rest: str = "", *, fragment: bool = True) -> HttpResponse:
        return self.client.get(self.url(rest), headers=HTMX if fragment else {})

    def post(self, rest: str, data: dict[str, Any] | None = None) -> HttpResponse:
        return self.client.post(self.url(rest), data or {}, headers=HTMX)


def seat(name: str, *, confidential: tuple[str, ...] = ()) -> Desk:
    """One of the cast, signed in."""
    viewer = enter(name, clock.now(), confidential=confidential)
    client = Client()
    answer = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Desk(client, viewer)


def writes(
    text: str,
    *,
    number: str = "6281234567890",
    name: str = "Pak Slamet",
    region_id: RegionId = BANYUWANGI,
    point: Point | None = None,
    kind: MessageKind = MessageKind.TEXT,
    now: datetime | None = None,
) -> ContactId:
    """A citizen writes on WhatsApp; returns the contact that waits or goes on."""
    at = now or clock.now()
    with acting_in(region_id):
        got = messaging.receive(
            Incoming(
                region_id=region_id,
                channel=Channel.WHATSAPP,
                external_id=f"wamid.{new_id()}",
                identities=(Identity(kind=AliasKind.WA_ID, external_id=number),),
                kind=kind,
                sent_at=at,
                text=text,
                profile_name=name,
                phone=f"+{number}",
                language="id",
                point=point,
            ),
            by=CHANNEL,
            now=at,
        )
        found = intake.contacts(_eye(region_id), limit=20)
    return next(item.id for item in found if item.correspondent_id == got.correspondent_id)


def calls(preview: str = "", *, region_id: RegionId = BANYUWANGI, **more: Any) -> ContactId:
    """Somebody approaches without a chat."""
    with acting_in(region_id):
        return intake_services.open_contact(
            Approach(channel=Channel.WALK_IN, preview=preview, display_name="Bu Tini", **more),
            region_id=region_id,
            by=CHANNEL,
            now=clock.now(),
        )


def incident(
    desk: Desk,
    type_code: str = "POHON-TUMBANG",
    *,
    urgency: Urgency = Urgency.P1,
    point: Point | None = None,
    number: str = "628999",
) -> IncidentView:
    """An incident opened by somebody from a citizen's message."""
    place = Place(area_code=KABAT, text="Kabat", point=point, state=LocationState.KNOWN)
    contact_id = writes("pohon tumbang di jalan", number=number)
    by, now = desk.viewer.actor, clock.now()
    region_id = desk.viewer.region_id
    with acting_in(region_id):
        intake_services.claim(contact_id, region_id=region_id, by=by, now=now)
        report_id = intake_services.file_report(
            contact_id,
            Telling(narrative="Pohon tumbang menutup jalan", type_code=type_code, place=place),
            region_id=region_id,
            by=by,
            now=now,
        )
        incident_id: IncidentId = triage_services.open_incident(
            report_id,
            Verdict(type_code=type_code, urgency=urgency, place=place),
            region_id=region_id,
            by=by,
            now=now,
        )
        found = triage.incident(region_id, incident_id)
    assert found is not None
    return found


def contact(contact_id: UUID, region_id: RegionId = BANYUWANGI) -> Any:
    with acting_in(region_id):
        return intake.contact(region_id, contact_id)


def toast_of(answer: HttpResponse) -> dict[str, Any]:
    """What the person is told."""
    said: dict[str, Any] = json.loads(answer.headers.get("HX-Trigger", "{}"))
    found: dict[str, Any] = said.get("siaga:toast", {})
    return found


def _eye(region_id: RegionId) -> Viewer:
    from siaga.accounts.types import Role

    return Viewer(
        person_id=UUID(int=0),
        region_id=region_id,
        roles=frozenset({Role.CALL_TAKER}),
        agency_code=None,
        confidential_types=frozenset(),
        language="id",
        name="eye",
    )


FORM = {
    "narrative": "Asap tebal dari rumah kayu",
    "type_code": "KBK-BANGUNAN",
    "type_label": "Kebakaran bangunan",
    "place_value": KABAT,
    "place_label": "Kec. Kabat",
    "place_text": "depan pasar",
}
