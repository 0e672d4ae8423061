"""Webhooks out: signed, and tried again until the other side says 200."""

import asyncio
from typing import Any

import httpx
import msgspec

from siaga.messaging.whatsapp.standin import bodies
from siaga.messaging.whatsapp.standin.accounts import StandInAccount
from siaga.messaging.whatsapp.standin.exchange import Exchange, Sent
from siaga.messaging.whatsapp.webhook import sign

TRIES_MAX = 30
FIRST_WAIT_SECONDS = 0.5
WAIT_SECONDS_MAX = 30.0
TIMEOUT_SECONDS = 10.0


class Deliverer:
    """Posts webhooks in the background and remembers how each one went."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._http: httpx.AsyncClient | None = None
        self._running: set[asyncio.Task[Any]] = set()

    async def deliver(self, account: StandInAccount, body: dict[str, Any] | bytes) -> int:
        """Post once and, if it is not taken, go on trying behind the scenes. The first status;
        0 for no answer."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        status = await self._post(account, raw)
        if status != httpx.codes.OK:
            self._start(self._insist(account, raw))
        return status

    def follow(self, account: StandInAccount, sent: Sent) -> None:
        """Tell the statuses of a message one after the other."""
        self._start(self._tell(account, sent))

    async def shake_hands(self, account: StandInAccount) -> bool:
        """The verification handshake, as when somebody saves the webhook's address."""
        query = {
            "hub.mode": "subscribe",
            "hub.verify_token": account.verify_token,
            "hub.challenge": "1158201444",
        }
        try:
            answer = await self._client().get(account.webhook_url, params=query)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK and answer.text == query["hub.challenge"]

    async def close(self) -> None:
        """Stop all background work."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._http is not None:
            await self._http.aclose()

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)
        return self._http

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _insist(self, account: StandInAccount, raw: bytes) -> None:
        wait = FIRST_WAIT_SECONDS
        for _ in range(TRIES_MAX):
            await asyncio.sleep(wait)
            if await self._post(account, raw) == httpx.codes.OK:
                return
            wait = min(wait * 2, WAIT_SECONDS_MAX)

    async def _post(self, account: StandInAccount, raw: bytes) -> int:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": sign(account.app_secret, raw),
        }
        try:
            answer = await self._client().post(account.webhook_url, content=raw, headers=headers)
            status = answer.status_code
        except httpx.HTTPError:
            status = 0
        self._exchange.note_delivery(
            {"region": account.region_id, "status": status, "bytes": len(raw)}
        )
        return status

    async def _tell(self, account: StandInAccount, sent: Sent) -> None:
        person = self._exchange.person(sent.to)
        for status, error in self._exchange.fate_of(sent):
            await asyncio.sleep(self._exchange.behaviour.delay_seconds)
            sent.statuses.append(status)
            value = bodies.status_value(
                person,
                sent.wamid,
                status,
                timestamp=self._exchange.timestamp(),
                reference=sent.reference,
                error=error,
            )
            await self.deliver(account, bodies.envelope(account, value))
