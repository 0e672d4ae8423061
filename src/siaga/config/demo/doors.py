"""The doors the simulation uses: the stand-in, the citizen's form, the API. HTTP only."""

import asyncio
import re
from typing import Any

import httpx

from siaga.kernel.geometry import Point

TIMEOUT_SECONDS = 20
FILLS_IN_SECONDS = 3
"""Whoever sends the form sooner than anybody could write it is taken for a machine."""
_TICKET = re.compile(r'name="ticket" value="([^"]+)"')
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Refused(Exception):
    """The door answered with an error; `code` is the API's stable word for it."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class Api:
    """The API of one region as one token sees it."""

    def __init__(self, base_url: str, token: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"{base_url}/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
        )

    async def get(self, path: str, **query: Any) -> Any:
        """The answer's JSON. Raises Refused."""
        return self._read(await self._client.get(path, params=query))

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer's JSON, None if it has none. Raises Refused."""
        return self._read(await self._client.post(path, json=body or {}))

    @staticmethod
    def _read(answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json() if answer.content else None
        try:
            code = str(answer.json().get("code", ""))
        except ValueError:
            code = ""
        raise Refused(answer.status_code, code)


class WhatsApp:
    """A citizen's telephone: what they write goes out as a signed webhook."""

    def __init__(self, standin_url: str, phone_number_id: str) -> None:
        self._client = httpx.AsyncClient(base_url=standin_url, timeout=TIMEOUT_SECONDS)
        self._path = f"/standin/inject/{phone_number_id}"

    async def write(self, number: str, name: str, text: str) -> None:
        """A text message."""
        await self._send({"kind": "text", "from": number, "name": name, "text": text})

    async def show_position(self, number: str, name: str, at: Point) -> None:
        """The position, shared."""
        await self._send(
            {
                "kind": "location",
                "from": number,
                "name": name,
                "latitude": at.lat,
                "longitude": at.lng,
            }
        )

    async def _send(self, given: dict[str, Any]) -> None:
        (await self._client.post(self._path, json=given)).raise_for_status()


async def send_form(base_url: str, region: str, fields: dict[str, str]) -> str:
    """Fill in the form as a browser without JavaScript does; returns the tracking page.

    Raises Refused.
    """
    async with httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_SECONDS) as client:
        page = (await client.get(f"/{region}/")).text
        ticket, csrf = _TICKET.search(page), _CSRF.search(page)
        if ticket is None or csrf is None:
            raise Refused(500, "demo.no_form")
        await asyncio.sleep(FILLS_IN_SECONDS)
        answer = await client.post(
            f"/{region}/",
            data={**fields, "ticket": ticket[1], "csrfmiddlewaretoken": csrf[1]},
            headers={"Referer": f"{base_url}/{region}/"},
        )
        if not answer.has_redirect_location:
            raise Refused(answer.status_code, "demo.form_refused")
        return str(answer.headers["location"])
