"""Webhook bodies of every kind, built as the documentation describes them."""

from dataclasses import dataclass
from typing import Any

from siaga.messaging.whatsapp.standin.accounts import StandInAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A citizen. A number, a business-scoped user id, or both."""

    wa_id: str | None = None
    user_id: str | None = None
    name: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Every id the person goes by."""
        return tuple(key for key in (self.wa_id, self.user_id) if key)

    def contact(self) -> dict[str, Any]:
        """The entry in `contacts`."""
        named: dict[str, Any] = {"profile": {"name": self.name}} if self.name else {}
        if self.wa_id:
            named["wa_id"] = self.wa_id
        if self.user_id:
            named["user_id"] = self.user_id
        return named

    def sender(self) -> dict[str, str]:
        """The fields that name the sender of a message."""
        named: dict[str, str] = {"from": self.wa_id} if self.wa_id else {}
        if self.user_id:
            named["from_user_id"] = self.user_id
        return named


def envelope(account: StandInAccount, *values: dict[str, Any]) -> dict[str, Any]:
    """A whole body with one change per value."""
    changes = []
    for value in values:
        metadata = {
            "display_phone_number": account.display_number,
            "phone_number_id": account.phone_number_id,
        }
        whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        changes.append({"value": whole, "field": "messages"})
    entry = {"id": f"waba-{account.region_id}", "changes": changes}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def message_value(person: Person, *messages: dict[str, Any]) -> dict[str, Any]:
    """A value with messages of one person."""
    value: dict[str, Any] = {"messages": list(messages)}
    # The documentation: system messages come without contacts.
    if any(message["type"] != "system" for message in messages):
        value["contacts"] = [person.contact()]
    return value


def message(
    person: Person, kind: str, content: Any, *, wamid: str, timestamp: int, reply_to: str = ""
) -> dict[str, Any]:
    """One message; `content` stands under the name of its kind."""
    whole: dict[str, Any] = {
        **person.sender(),
        "id": wamid,
        "timestamp": str(timestamp),
        "type": kind,
    }
    if content is not None:
        whole[kind] = content
    if reply_to:
        whole["context"] = {"id": reply_to}
    return whole


def status_value(
    person: Person, wamid: str, status: str, *, timestamp: int, reference: str = "", error: int = 0
) -> dict[str, Any]:
    """A value with one delivery status."""
    whole: dict[str, Any] = {"id": wamid, "status": status, "timestamp": str(timestamp)}
    if person.wa_id:
        whole["recipient_id"] = person.wa_id
    if person.user_id:
        whole["recipient_user_id"] = person.user_id
    if reference:
        whole["biz_opaque_callback_data"] = reference
    if error:
        whole["errors"] = [error_of(error)]
    else:
        whole["pricing"] = {"billable": False, "pricing_model": "PMP", "category": "service"}
    return {"statuses": [whole]}


ERROR_TITLES = {
    100: "Invalid parameter",
    190: "Access token has expired",
    131009: "Parameter value is not valid",
    131026: "Message undeliverable",
    131047: "Re-engagement message",
    131052: "Media download error",
    132001: "Template does not exist",
    130429: "Rate limit hit",
}


def error_of(code: int, details: str = "") -> dict[str, Any]:
    """An error as the service words it."""
    title = ERROR_TITLES.get(code, "Something went wrong")
    return {
        "code": code,
        "title": title,
        "message": f"(#{code}) {title}",
        "error_data": {"messaging_product": "whatsapp", "details": details or title},
    }
