"""The door for webhooks: refuse what is not ours, put the rest on disk, then answer 200.

Nothing is parsed here. The raw body is the truth; a worker reads it afterwards, so a body that
cannot be understood can never be lost or hurt its neighbours.
"""

import time

import structlog

from siaga.edge.commits import Delivery, DeliveryRefused, GroupCommit, StoreFull, StoreUnavailable
from siaga.edge.config import EdgeConfig
from siaga.edge.http import (
    BodyRefused,
    Disconnected,
    answer_text,
    chunks,
    declared_length,
    header,
    swallow,
    text_header,
)
from siaga.edge.types import Headers, Receive, Scope, Send
from siaga.kernel.observability import REQUEST_ID_HEADER, accept_request_id
from siaga.kernel.observability.metrics import intake_accepted, intake_refused, intake_seconds
from siaga.messaging.whatsapp.account import SecretsUnsafe, WhatsAppAccount, accounts
from siaga.messaging.whatsapp.webhook import (
    SIGNATURE_HEADER,
    WEBHOOK_BODY_BYTES_MAX,
    challenge,
    external_id,
    verify_signature,
)

DOOR = "whatsapp"
RETRY_AFTER_SECONDS = 5
ACCOUNTS_SECONDS = 1.0
BODY_BYTES_PER_SECOND_MIN = 32 * 1024

_CLOSE: Headers = [(b"connection", b"close")]
_LATER: Headers = [(b"retry-after", str(RETRY_AFTER_SECONDS).encode())]
_SIGNATURE = SIGNATURE_HEADER.encode()
_REQUEST_ID = REQUEST_ID_HEADER.encode()
_REASONS = {
    400: "The request is malformed.\n",
    408: "The body took too long.\n",
    413: "The body is too large.\n",
}

_STORED = {"type": "http.response.start", "status": 200}
_STORED_HEADERS: Headers = [(b"content-type", b"text/plain"), (b"content-length", b"3")]
_STORED_BODY = {"type": "http.response.body", "body": b"OK\n"}

_log = structlog.get_logger(__name__)
_accepted = intake_accepted.labels(DOOR)
_seconds = intake_seconds.labels(DOOR)


class WhatsAppDoor:
    """`/in/whatsapp/<region>`: GET is the provider's handshake, POST a delivery."""

    def __init__(self, store: GroupCommit, config: EdgeConfig) -> None:
        self._store = store
        self._config = config
        self._accounts: dict[str, WhatsAppAccount] = {}
        self._accounts_read_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send, *, region: str) -> None:
        """Answer 200 after the commit, or say why not."""
        began = time.perf_counter()
        try:
            known = self._account(region, began)
        except SecretsUnsafe as unsafe:
            _log.error("intake_secrets_unsafe", **unsafe.details)
            await swallow(receive)
            await self._refuse(
                send, 503, "secrets", "Come again later.\n", headers=[*_CLOSE, *_LATER]
            )
            return
        if known is None:
            await swallow(receive)
            await self._refuse(send, 404, "unknown", "Not found.\n", headers=_CLOSE)
        elif scope["method"] == "POST":
            if await self._deliver(scope, receive, send, known):
                _accepted.inc()
                _seconds.observe(time.perf_counter() - began)
        elif scope["method"] == "GET":
            await self._shake_hands(scope, send, known)
        else:
            await swallow(receive)
            allow = (b"allow", b"GET, POST")
            await self._refuse(
                send, 405, "method", "Only GET and POST.\n", headers=[*_CLOSE, allow]
            )

    def _account(self, region: str, now: float) -> WhatsAppAccount | None:
        # Looking at the file each time took half of a request.
        if now - self._accounts_read_at > ACCOUNTS_SECONDS:
            self._accounts = accounts()
            self._accounts_read_at = now
        return self._accounts.get(region)

    async def _shake_hands(self, scope: Scope, send: Send, known: WhatsAppAccount) -> None:
        reply = challenge(scope["query_string"], known.verify_token)
        if reply.ok:
            await answer_text(send, 200, reply.body)
        else:
            await self._refuse(send, 403, "handshake", "The verify token is wrong.\n")

    async def _deliver(
        self, scope: Scope, receive: Receive, send: Send, known: WhatsAppAccount
    ) -> bool:
        """Whether the delivery was accepted."""
        signature = text_header(scope, _SIGNATURE)
        if signature is None:
            await swallow(receive)
            await self._refuse(send, 401, "unsigned", "The signature is missing.\n", headers=_CLOSE)
            return False
        try:
            body = await self._body(scope, receive)
        except BodyRefused as refused:
            await self._refuse(
                send, refused.status, refused.reason, _REASONS[refused.status], headers=_CLOSE
            )
            return False
        except Disconnected:
            intake_refused.labels(DOOR, "disconnected").inc()
            return False
        if not any(verify_signature(secret, body, signature) for secret in known.app_secrets):
            await self._refuse(send, 401, "signature", "The signature is wrong.\n")
            return False
        offered = header(scope, _REQUEST_ID)
        identifier = accept_request_id(offered.decode("latin-1") if offered else None)
        return await self._keep(
            send, Delivery(known.region_id, DOOR, external_id(body), body, identifier)
        )

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        length = declared_length(scope, limit=WEBHOOK_BODY_BYTES_MAX)
        connection = scope.get("extensions", {}).get("siaga.connection")
        if length is not None and connection is not None and connection.body_is_here():
            # Nearly always: head and body came in one packet, so nobody need be waited for.
            whole: bytes = (await receive())["body"]
            return whole
        parts = [
            chunk
            async for chunk in chunks(
                receive,
                limit=WEBHOOK_BODY_BYTES_MAX,
                patience=self._config.intake_patience_seconds,
                bytes_per_second=BODY_BYTES_PER_SECOND_MIN,
            )
        ]
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def _keep(self, send: Send, delivery: Delivery) -> bool:
        named: Headers = [(_REQUEST_ID, delivery.request_id.encode())]
        try:
            await self._store.store(delivery)
        except StoreUnavailable as error:
            reason = "full" if isinstance(error, StoreFull) else "unavailable"
            await self._refuse(send, 503, reason, "Come again later.\n", headers=[*named, *_LATER])
        except DeliveryRefused:
            await self._refuse(send, 500, "refused", "This could not be stored.\n", headers=named)
        else:
            await send({**_STORED, "headers": [*_STORED_HEADERS, *named]})
            await send(_STORED_BODY)
            return True
        return False

    async def _refuse(
        self, send: Send, status: int, reason: str, sentence: str, *, headers: Headers | None = None
    ) -> None:
        intake_refused.labels(DOOR, reason).inc()
        await answer_text(send, status, sentence, headers)
