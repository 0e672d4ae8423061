"""Plays the edge for the stand-in: checks the handshake and the signature, keeps the raw body."""

import threading
from typing import Any

from siaga.messaging.whatsapp.account import accounts
from siaga.messaging.whatsapp.webhook import SIGNATURE_HEADER, challenge, verify_signature


class Receiver:
    """An ASGI application with a list of what it took, as (region, raw body)."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.refuse_times = 0
        self._came = threading.Condition()

    def wait_for(self, count: int, seconds: float = 10.0) -> None:
        """Until so many bodies came in."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.bodies) >= count, seconds), (
                f"{len(self.bodies)} of {count} bodies came"
            )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                event = await receive()
                await send({"type": event["type"] + ".complete"})
                if event["type"] == "lifespan.shutdown":
                    return
        status, body = await self._answer(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Any, receive: Any) -> tuple[int, bytes]:
        region = scope["path"].rsplit("/", 1)[-1]
        account = accounts()[region]
        if scope["method"] == "GET":
            answer = challenge(scope["query_string"], account.verify_token)
            return (200, answer.body.encode()) if answer.ok else (403, b"")
        raw, more = b"", True
        while more:
            event = await receive()
            raw, more = raw + event["body"], event.get("more_body", False)
        signature = dict(scope["headers"]).get(SIGNATURE_HEADER.encode(), b"").decode()
        if not verify_signature(account.app_secret, raw, signature):
            return 401, b""
        if self.refuse_times > 0:
            self.refuse_times -= 1
            return 503, b""
        with self._came:
            self.bodies.append((region, raw))
            self._came.notify_all()
        return 200, b""
