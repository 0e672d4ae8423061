"""The stand-in's doors as one ASGI application: the service's own, and `/standin/…` to steer it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec

from siaga.messaging.whatsapp.standin import outgoing
from siaga.messaging.whatsapp.standin.accounts import StandInAccount
from siaga.messaging.whatsapp.standin.bodies import error_of
from siaga.messaging.whatsapp.standin.delivering import Deliverer
from siaga.messaging.whatsapp.standin.exchange import Exchange
from siaga.messaging.whatsapp.standin.injecting import inject
from siaga.messaging.whatsapp.standin.outgoing import Refused

BODY_BYTES_MAX = 120 * 1024 * 1024
_VERSION = re.compile(r"^/v\d+\.\d+(?=/)")
FILES_PATH = "standin-files"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: tuple[str, ...]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    base: str

    def json(self) -> Any:
        """The body; Refused when it is no JSON."""
        try:
            return msgspec.json.decode(self.body) if self.body else {}
        except msgspec.DecodeError:
            raise Refused(100, "The body is not JSON.") from None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json"


class StandIn:
    """ASGI application. `exchange` may be looked at and changed by tests in the same process."""

    def __init__(self, accounts: list[StandInAccount], memory: Path | None = None) -> None:
        self.exchange = Exchange({one.phone_number_id: one for one in accounts}, memory=memory)
        self._deliverer = Deliverer(self.exchange)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(await _asked(scope, receive))
        except Refused as refusal:
            error = error_of(refusal.code, refusal.details) | {"type": "OAuthException"}
            answer = _json({"error": error}, refusal.status)
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _live(self, receive: Any, send: Any) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._deliverer.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, asked: Asked) -> Answer:
        match asked.method, asked.path:
            case "GET", ("healthz",):
                return _json({"ok": True})
            case _, ("standin", *rest):
                return await self._control(asked, tuple(rest))
            case "POST", (phone_number_id, "messages"):
                return self._messages(asked, self._own(asked, phone_number_id))
            case "POST", (phone_number_id, "media"):
                self._own(asked, phone_number_id)
                return _json({"id": self.exchange.keep_file(*_uploaded(asked))})
            case "GET", (name, media_id) if name == FILES_PATH:
                return self._file(asked, media_id)
            case "GET", (one_id,) if one_id in self.exchange.accounts:
                own = self._own(asked, one_id)
                named = {"id": one_id, "verified_name": f"Call Center 112 {own.region_id}"}
                return _json(named | {"display_phone_number": own.display_number})
            case "GET", (media_id,):
                return self._media(asked, media_id)
        raise Refused(100, "Unknown path or method.", 404)

    def _own(self, asked: Asked, phone_number_id: str) -> StandInAccount:
        account = self.exchange.account_of_token(asked.headers.get("authorization"))
        if account.phone_number_id != phone_number_id:
            raise Refused(100, "This phone number is not yours.")
        return account

    def _messages(self, asked: Asked, account: StandInAccount) -> Answer:
        body = asked.json()
        if isinstance(body, dict) and body.get("status") == "read":
            if body.get("message_id") not in self.exchange.received:
                raise Refused(131009, "message_id is not known.")
            self.exchange.read.add(body["message_id"])
            return _json({"success": True})
        sent = self.exchange.accept(account, outgoing.check(body))
        self._deliverer.follow(account, sent)
        person = self.exchange.person(sent.to)
        contact = {"input": sent.to, **({"wa_id": person.wa_id} if person.wa_id else {})}
        if person.user_id:
            contact["user_id"] = person.user_id
        answer = {"messaging_product": "whatsapp", "contacts": [contact]}
        return _json(answer | {"messages": [{"id": sent.wamid}]})

    def _media(self, asked: Asked, media_id: str) -> Answer:
        self.exchange.account_of_token(asked.headers.get("authorization"))
        file = self.exchange.files.get(media_id)
        if file is None:
            raise Refused(100, "Media not found.", 404)
        return _json(
            {
                "messaging_product": "whatsapp",
                "id": media_id,
                "url": f"{asked.base}/{FILES_PATH}/{media_id}",
                "mime_type": file.mime_type,
                "sha256": file.sha256,
                "file_size": len(file.data),
            }
        )

    def _file(self, asked: Asked, media_id: str) -> Answer:
        self.exchange.account_of_token(asked.headers.get("authorization"))
        file = self.exchange.files.get(media_id)
        if file is None:
            raise Refused(131052, "Media not found.", 404)
        return Answer(200, file.data, file.mime_type)

    async def _control(self, asked: Asked, path: tuple[str, ...]) -> Answer:
        match asked.method, path:
            case "GET", ("messages",):
                return _json({"items": list(self._matching(asked.query))})
            case "GET", ("deliveries",):
                return _json({"items": self.exchange.deliveries})
            case "POST", ("inject", phone_number_id):
                return await self._inject(asked, self._known(phone_number_id))
            case "POST", ("raw", phone_number_id):
                account = self._known(phone_number_id)
                return _json({"status": await self._deliverer.deliver(account, asked.body)})
            case "POST", ("verify", phone_number_id):
                ok = await self._deliverer.shake_hands(self._known(phone_number_id))
                return _json({"ok": ok})
            case "POST", ("clock",):
                seconds = float(asked.json().get("advance_seconds", 0))
                self.exchange.ahead += timedelta(seconds=seconds)
                return _json({"now": self.exchange.now().isoformat()})
            case "POST", ("behaviour",):
                return self._behave(asked.json())
        raise Refused(100, "Unknown control.", 404)

    def _known(self, phone_number_id: str) -> StandInAccount:
        account = self.exchange.accounts.get(phone_number_id)
        if account is None:
            raise Refused(100, "No such phone number.", 404)
        return account

    def _matching(self, query: dict[str, str]) -> Any:
        for sent in self.exchange.sent:
            if query.get("phone_number_id", sent.phone_number_id) != sent.phone_number_id:
                continue
            if query.get("to", sent.to) == sent.to:
                yield sent.as_json()

    async def _inject(self, asked: Asked, account: StandInAccount) -> Answer:
        given = asked.json()
        if not isinstance(given, dict):
            raise Refused(100, "An object is expected.")
        wamid, body = inject(self.exchange, account, given)
        statuses = []
        for _ in range(min(int(given.get("repeat", 1)), 10)):
            statuses.append(await self._deliverer.deliver(account, body))
        return _json({"wamid": wamid, "status": statuses[0] if statuses else 0})

    def _behave(self, given: Json) -> Answer:
        behaviour = self.exchange.behaviour
        if "statuses" in given:
            behaviour.statuses = tuple(given["statuses"])
        if "delay_seconds" in given:
            behaviour.delay_seconds = float(given["delay_seconds"])
        if "unreachable" in given:
            behaviour.unreachable = set(given["unreachable"])
        if "refuse_next" in given:
            behaviour.refuse_next = [
                (int(one["code"]), int(one.get("http_status", 400))) for one in given["refuse_next"]
            ]
        if "window_error_by_status" in given:
            behaviour.window_error_by_status = bool(given["window_error_by_status"])
        return _json({"ok": True})


async def _asked(scope: Any, receive: Callable[[], Awaitable[Any]]) -> Asked:
    body = bytearray()
    more = True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
        if len(body) > BODY_BYTES_MAX:
            raise Refused(100, "Too large.", 413)
    headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
    query = parse_qs(scope.get("query_string", b"").decode())
    path = _VERSION.sub("", scope["path"])
    return Asked(
        method=scope["method"],
        path=tuple(part for part in path.split("/") if part),
        query={name: values[0] for name, values in query.items()},
        headers=headers,
        body=bytes(body),
        base=f"http://{headers.get('host', '')}",
    )


def _json(value: Any, status: int = 200) -> Answer:
    return Answer(status, msgspec.json.encode(value))


def _uploaded(asked: Asked) -> tuple[bytes, str]:
    """The file of a multipart form."""
    head = f"Content-Type: {asked.headers.get('content-type', '')}\r\n\r\n".encode()
    form = BytesParser(policy=policy.HTTP).parsebytes(head + asked.body)
    for part in form.iter_parts():
        if part.get_param("name", header="content-disposition") == "file":
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            return data, part.get_content_type()
    raise Refused(100, "The parameter file is required.")
