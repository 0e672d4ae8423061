"""The provider's HTTP interface: what we say, and whether a refusal is for good."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from siaga.messaging.types import AliasKind, Identity
from siaga.messaging.whatsapp.account import WhatsAppAccount

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
DOWNLOAD_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
REDIRECTS_MAX = 3
LOCATION_REQUEST_CHARS_MAX = 1024
_TEMPLATE_VALUE_CHARS_MAX = 1024

# Codes that pass: throttling, overload, the provider's own trouble.
PASSING_CODES = frozenset(
    {1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004, 133016}
)
# Files live on the provider's content hosts; our token is shown to no one else.
_PROVIDER_HOSTS = re.compile(r"(?:.+\.)?(?:facebook\.com|fbsbx\.com|fbcdn\.net|whatsapp\.net)")


class SendError(Exception):
    """The provider refused or could not be reached.

    `permanent`: trying again is useless. `unsure`: it may have been carried out all the same.
    """

    def __init__(self, code: str, text: str = "", *, permanent: bool, unsure: bool = False) -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code
        self.text = text
        self.permanent = permanent
        self.unsure = unsure


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaAddress:
    """Where a file may be fetched, for five minutes."""

    url: str
    mime_type: str
    size: int


_http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)


class WhatsAppClient:
    """Speaks for one account. Every method raises SendError and nothing else."""

    def __init__(self, account: WhatsAppAccount, http: httpx.Client | None = None) -> None:
        self._account = account
        self._http = http or _http

    def send_text(
        self, to: Identity, text: str, *, reference: str = "", in_reply_to: str = ""
    ) -> str:
        """Free words, inside the 24 hours. Returns the provider's message id."""
        content: dict[str, Any] = {"type": "text", "text": {"body": text, "preview_url": False}}
        if in_reply_to:
            content["context"] = {"message_id": in_reply_to}
        return self._send(to, content, reference)

    def send_template(
        self, to: Identity, name: str, values: list[str], *, language: str, reference: str = ""
    ) -> str:
        """An approved template, at any time. Returns the provider's message id."""
        template: dict[str, Any] = {"name": name, "language": {"code": language}}
        if self._account.template_namespace:
            template["namespace"] = self._account.template_namespace
        if values:
            parameters = [{"type": "text", "text": _template_value(value)} for value in values]
            template["components"] = [{"type": "body", "parameters": parameters}]
        return self._send(to, {"type": "template", "template": template}, reference)

    def send_location_request(self, to: Identity, text: str, *, reference: str = "") -> str:
        """A message with a button that sends the position. Returns the provider's message id."""
        interactive = {
            "type": "location_request_message",
            "body": {"text": text[:LOCATION_REQUEST_CHARS_MAX]},
            "action": {"name": "send_location"},
        }
        return self._send(to, {"type": "interactive", "interactive": interactive}, reference)

    def mark_read(self, external_id: str) -> None:
        """Blue ticks on this message and all before it."""
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": external_id}
        self._post_message(body)

    def business_number(self) -> str:
        """The number and name citizens see: proof that the token and the id belong together."""
        fields = "?fields=display_phone_number,verified_name"
        given = self._call("GET", f"/{self._account.phone_number_id}{fields}")
        number, name = given.get("display_phone_number"), given.get("verified_name")
        return f"{number or '?'} {name or ''}".strip()

    def media_address(self, media_id: str) -> MediaAddress:
        """Ask where a file is. It is kept by the provider for 30 days."""
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,200}", media_id):
            raise SendError("bad_media_id", permanent=True)
        given = self._call("GET", f"/{media_id}")
        try:
            size = int(given.get("file_size") or 0)
            return MediaAddress(url=given["url"], mime_type=given.get("mime_type", ""), size=size)
        except (KeyError, TypeError, ValueError):
            raise SendError("bad_answer", "no address in the answer", permanent=False) from None

    def download(self, url: str, *, bytes_max: int) -> bytes:
        """The file, at most `bytes_max` bytes; SendError `too_large` for more."""
        for _ in range(REDIRECTS_MAX):
            self._ensure_provider(url)
            try:
                with self._http.stream(
                    "GET", url, headers=self._authorization(), timeout=DOWNLOAD_TIMEOUT
                ) as response:
                    if response.is_redirect:
                        url = str(response.url.join(response.headers.get("location", "")))
                        continue
                    if response.is_error:
                        raise _refusal(response.status_code, {})
                    return _limited(response, bytes_max)
            except httpx.HTTPError as failure:
                raise SendError("unreachable", type(failure).__name__, permanent=False) from None
        raise SendError("too_many_redirects", permanent=True)

    def upload(self, data: bytes, content_type: str, *, name: str = "file") -> str:
        """Hand a file over for sending; returns the provider's media id."""
        given = self._call(
            "POST",
            f"/{self._account.phone_number_id}/media",
            data={"messaging_product": "whatsapp", "type": content_type},
            files={"file": (name, data, content_type)},
        )
        return _text_of(given, "id")

    def _send(self, to: Identity, content: dict[str, Any], reference: str) -> str:
        # A number goes in `to`; a business-scoped user id is only understood in `recipient`.
        address = "recipient" if to.kind is AliasKind.BSUID else "to"
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            address: to.external_id,
            **content,
        }
        if reference:
            body["biz_opaque_callback_data"] = reference
        given = self._post_message(body)
        try:
            return _text_of(given["messages"][0], "id")
        except (KeyError, IndexError, TypeError):
            # Accepted, but we do not know as what: the status may still tell.
            raise SendError("bad_answer", "no id", permanent=False, unsure=True) from None

    def _post_message(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._call("POST", f"/{self._account.phone_number_id}/messages", json=body)

    def _call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        try:
            response = self._http.request(
                method, self._account.base_url + path, headers=self._authorization(), **content
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as failure:
            raise SendError("unreachable", type(failure).__name__, permanent=False) from None
        except httpx.HTTPError as failure:
            raise SendError(
                "no_answer", type(failure).__name__, permanent=False, unsure=method == "POST"
            ) from None
        given = _json_of(response)
        if response.is_error or "error" in given:
            raise _refusal(response.status_code, given)
        return given

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._account.access_token}"}

    def _ensure_provider(self, url: str) -> None:
        own, asked = urlsplit(self._account.base_url), urlsplit(url)
        same = (asked.scheme, asked.hostname, asked.port) == (own.scheme, own.hostname, own.port)
        known = asked.scheme == "https" and _PROVIDER_HOSTS.fullmatch(asked.hostname or "")
        if not same and not known:
            raise SendError("strange_host", permanent=True)


def _limited(response: httpx.Response, bytes_max: int) -> bytes:
    data = bytearray()
    for piece in response.iter_bytes():
        data += piece
        if len(data) > bytes_max:
            raise SendError("too_large", permanent=True)
    return bytes(data)


def _json_of(response: httpx.Response) -> dict[str, Any]:
    try:
        given = response.json()
    except ValueError:
        given = None
    return given if isinstance(given, dict) else {}


def _refusal(status: int, given: dict[str, Any]) -> SendError:
    error = given.get("error")
    error = error if isinstance(error, dict) else {}
    code = error.get("code")
    details = error.get("error_data")
    text = (details.get("details") if isinstance(details, dict) else None) or error.get("message")
    passing = status == 429 or status >= 500 or code in PASSING_CODES
    return SendError(
        str(code) if code is not None else f"http_{status}",
        str(text or "")[:200],
        permanent=not passing,
        unsure=status >= 500,
    )


def _text_of(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise SendError("bad_answer", f"no {name}", permanent=False, unsure=True)
    return value


def _template_value(value: str) -> str:
    """Templates take no line breaks, tabs or long gaps in their values."""
    return " ".join(value.split())[:_TEMPLATE_VALUE_CHARS_MAX] or "-"
