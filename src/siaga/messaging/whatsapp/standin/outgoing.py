"""What a business may post to `/{phone_number_id}/messages`, checked as the service checks it."""

import re
from dataclasses import dataclass
from typing import Any

TEXT_CHARS_MAX = 4096
INTERACTIVE_CHARS_MAX = 1024
CALLBACK_CHARS_MAX = 512
_TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_NUMBER = re.compile(r"\+?[0-9]{6,20}")
_USER_ID = re.compile(r"[A-Z]{2}(\.[A-Z]+)?\.[A-Za-z0-9]+")
_FILES = {"image", "audio", "video", "document", "sticker"}
_GAPS = re.compile(r"[\n\t]| {5,}")


class Refused(Exception):
    """The service would answer with this error."""

    def __init__(self, code: int, details: str, status: int = 400) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
        self.status = status


@dataclass(frozen=True, slots=True)
class Order:
    """A well-formed message."""

    to: str
    kind: str
    content: dict[str, Any]
    reference: str

    @property
    def is_template(self) -> bool:
        """Templates may be sent at any time."""
        return self.kind == "template"


def check(body: Any) -> Order:
    """The message in this body. Raises Refused."""
    if not isinstance(body, dict) or body.get("messaging_product") != "whatsapp":
        raise Refused(100, "The parameter messaging_product is required.")
    kind = body.get("type", "text")
    content = body.get(kind) if isinstance(kind, str) else None
    if not isinstance(content, dict):
        raise Refused(100, f"The parameter {kind} is required.")
    reference = body.get("biz_opaque_callback_data", "")
    if not isinstance(reference, str) or len(reference) > CALLBACK_CHARS_MAX:
        raise Refused(100, "biz_opaque_callback_data is too long.")
    _CHECKS.get(kind, _unsupported)(content)
    return Order(_recipient(body), kind, content, reference)


def _recipient(body: dict[str, Any]) -> str:
    if isinstance(to := body.get("to"), str):
        if not _NUMBER.fullmatch(to):
            raise Refused(131009, "to is not a phone number.")
        return to.lstrip("+")
    if isinstance(recipient := body.get("recipient"), str):
        if not _USER_ID.fullmatch(recipient):
            raise Refused(131009, "recipient is not a business-scoped user id.")
        return recipient
    raise Refused(100, "The parameter to or recipient is required.")


def _words(content: dict[str, Any], name: str, chars_max: int) -> None:
    text = content.get(name)
    if not isinstance(text, str) or not 1 <= len(text) <= chars_max:
        raise Refused(100, f"{name} must be 1 to {chars_max} characters long.")


def _text(content: dict[str, Any]) -> None:
    _words(content, "body", TEXT_CHARS_MAX)


def _template(content: dict[str, Any]) -> None:
    if not _TEMPLATE_NAME.fullmatch(str(content.get("name", ""))):
        raise Refused(132001, "Template name does not exist.", 404)
    language = content.get("language")
    if not isinstance(language, dict) or not _LANGUAGE.fullmatch(str(language.get("code", ""))):
        raise Refused(100, "language.code is required.")
    for component in content.get("components", []):
        for parameter in component.get("parameters", []):
            if _GAPS.search(str(parameter.get("text", ""))):
                raise Refused(132018, "Parameters take no line breaks, tabs or long gaps.")


def _interactive(content: dict[str, Any]) -> None:
    body = content.get("body")
    if not isinstance(body, dict):
        raise Refused(100, "interactive.body is required.")
    _words(body, "text", INTERACTIVE_CHARS_MAX)
    asks = content.get("type") == "location_request_message"
    if asks and content.get("action") != {"name": "send_location"}:
        raise Refused(100, "action.name must be send_location.")


def _file(content: dict[str, Any]) -> None:
    if not content.get("id") and not content.get("link"):
        raise Refused(100, "id or link is required.")


def _reaction(content: dict[str, Any]) -> None:
    _words(content, "message_id", 250)


def _unsupported(content: dict[str, Any]) -> None:
    raise Refused(100, "This type is not supported.")


_CHECKS = {
    "text": _text,
    "template": _template,
    "interactive": _interactive,
    "reaction": _reaction,
    **dict.fromkeys(_FILES, _file),
}
