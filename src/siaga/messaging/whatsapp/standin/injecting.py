"""A citizen writes: what the control door takes, turned into webhook bodies."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from siaga.messaging.whatsapp.standin import bodies
from siaga.messaging.whatsapp.standin.accounts import StandInAccount
from siaga.messaging.whatsapp.standin.bodies import Person
from siaga.messaging.whatsapp.standin.exchange import Exchange, new_wamid
from siaga.messaging.whatsapp.standin.outgoing import Refused

Given = dict[str, Any]
_FILE_TYPES = {
    "image": "image/jpeg",
    "audio": "audio/ogg; codecs=opus",
    "video": "video/mp4",
    "document": "application/pdf",
    "sticker": "image/webp",
}


def inject(exchange: Exchange, account: StandInAccount, given: Given) -> tuple[str, Given]:
    """The message's id and the webhook body for what a citizen does.

    `given`: `kind`, `from` and/or `user_id`, `name`, and by kind `text`, `latitude` and
    `longitude`, `media_base64` and `mime_type`, `emoji` and `message_id`, `new_wa_id`, or
    `content` as it stands; `reply_to` names a message of ours. Raises Refused.
    """
    person = Person(
        wa_id=given.get("from"), user_id=given.get("user_id"), name=given.get("name", "")
    )
    if not person.keys:
        raise Refused(100, "from or user_id is required.")
    kind = given.get("kind", "text")
    make = _MAKERS.get(kind, _as_it_stands)
    wamid = given.get("wamid") or new_wamid()
    message = bodies.message(
        person,
        kind,
        make(exchange, given),
        wamid=wamid,
        timestamp=exchange.timestamp(),
        reply_to=given.get("reply_to", ""),
    )
    exchange.received.add(wamid)
    if kind != "system":
        exchange.met(account.phone_number_id, person)
    return wamid, bodies.envelope(account, bodies.message_value(person, message))


def _text(_: Exchange, given: Given) -> Given:
    return {"body": given.get("text", "")}


def _location(_: Exchange, given: Given) -> Given:
    place = {"latitude": given.get("latitude", 0.0), "longitude": given.get("longitude", 0.0)}
    named = {name: given[name] for name in ("name_of_place", "address") if name in given}
    return (
        place | ({"name": named.pop("name_of_place")} if "name_of_place" in named else {}) | named
    )


def _file(kind: str) -> Callable[[Exchange, Given], Given]:
    def make(exchange: Exchange, given: Given) -> Given:
        try:
            data = base64.b64decode(given.get("media_base64", ""), validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise Refused(100, "media_base64 is not base64.") from None
        mime_type = given.get("mime_type") or _FILE_TYPES[kind]
        media_id = exchange.keep_file(data, mime_type)
        file: Given = {
            "id": media_id,
            "mime_type": mime_type,
            "sha256": base64.b64encode(bytes.fromhex(exchange.files[media_id].sha256)).decode(),
        }
        if kind == "audio":
            file["voice"] = True
        if given.get("text"):
            file["caption"] = given["text"]
        if given.get("filename"):
            file["filename"] = given["filename"]
        return file

    return make


def _contacts(_: Exchange, given: Given) -> list[Given]:
    name = given.get("contact_name", "Kontak")
    phone = given.get("contact_phone", "+62 800-0000-112")
    card: Given = {"name": {"formatted_name": name, "first_name": name}}
    return [card | {"phones": [{"phone": phone, "type": "CELL"}]}]


def _interactive(_: Exchange, given: Given) -> Given:
    reply = {"id": given.get("reply_id", "yes"), "title": given.get("text", "")}
    return {"type": "button_reply", "button_reply": reply}


def _button(_: Exchange, given: Given) -> Given:
    return {"text": given.get("text", ""), "payload": given.get("payload", given.get("text", ""))}


def _reaction(_: Exchange, given: Given) -> Given:
    return {"message_id": given.get("message_id", ""), "emoji": given.get("emoji", "👍")}


def _system(_: Exchange, given: Given) -> Given:
    changed: Given = {"type": "user_changed_number", "body": "The user changed their number"}
    if given.get("new_wa_id"):
        changed["wa_id"] = given["new_wa_id"]
    if given.get("new_user_id"):
        changed |= {"user_id": given["new_user_id"], "previous_user_id": given.get("user_id", "")}
    return changed


def _as_it_stands(_: Exchange, given: Given) -> Any:
    return given.get("content")


_MAKERS: dict[str, Callable[[Exchange, Given], Any]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "system": _system,
    **{kind: _file(kind) for kind in _FILE_TYPES},
}
