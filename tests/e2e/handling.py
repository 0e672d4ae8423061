"""A dispatcher's work through the API: from what waits to the agencies."""

from typing import Any

import httpx

from tests.waiting import wait_until

Json = dict[str, Any]


def waiting(desk: httpx.Client, words: str) -> Json:
    """The waiting contact with these words, as soon as it is there."""

    def found() -> Json | None:
        items = desk.get("contacts", params={"waiting": True, "limit": 200}).json()["items"]
        return next((item for item in items if words in item["preview"]), None)

    contact = wait_until(found, 60)
    assert contact is not None
    return contact


def done(answer: httpx.Response) -> Any:
    """What a call that must succeed answers."""
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def opened(desk: httpx.Client, contact: Json, type_code: str, *, urgency: str, area: str) -> str:
    """An incident from the contact; a chat is claimed and written down first."""
    place = {"area_code": area, "text": "di tepi jalan"}
    report_id = contact["report_id"]
    done(desk.post(f"contacts/{contact['id']}/claim"))
    if report_id is None:
        said = {"narrative": contact["preview"], "type_code": type_code, "place": place}
        report_id = done(desk.post(f"contacts/{contact['id']}/report", json=said))["id"]
    verdict = {"type_code": type_code, "urgency": urgency, "place": place}
    incident_id: str = done(desk.post(f"reports/{report_id}/incident", json=verdict))["id"]
    return incident_id


def confirmed(desk: httpx.Client, incident_id: str) -> None:
    """A1 by calling back."""
    evidence = {"kind": "callback", "note": "Telepon balik, diangkat"}
    done(desk.post(f"incidents/{incident_id}/evidence", json=evidence))


def orders(desk: httpx.Client, incident_id: str) -> Json:
    """The agency that the region's routing puts first."""
    first = done(desk.get(f"incidents/{incident_id}/proposals"))[0]
    return {"agencies": [{"agency_code": first["agency_code"], "role": first["role"]}]}


def sent(desk: httpx.Client, incident_id: str) -> str:
    """Send the first agency proposed; its name."""
    name: str = done(desk.get(f"incidents/{incident_id}/proposals"))[0]["agency_name"]
    done(desk.post(f"incidents/{incident_id}/dispatch", json=orders(desk, incident_id)))
    return name
