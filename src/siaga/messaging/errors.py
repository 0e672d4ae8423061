"""What messaging may refuse. The docstring is the meaning; the sentence is for people."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import SiagaError


class WindowClosed(SiagaError):
    """The citizen's last message is older than the channel allows for free text."""

    code = "messaging.window_closed"
    http_status = 409
    sentence = _(
        "The citizen wrote more than 24 hours ago. Only an approved template can be sent now."
    )


class ChannelUnavailable(SiagaError):
    """This region has no account on the channel, so nothing can be sent by it."""

    code = "messaging.channel_unavailable"
    http_status = 409
    sentence = _("This region has no account for this channel. Ask the administrator.")


class EmptyMessage(SiagaError):
    """A message needs words."""

    code = "messaging.empty_message"
    http_status = 422
    sentence = _("Write something first.")


class MessageTooLong(SiagaError):
    """Longer than the channel carries."""

    code = "messaging.message_too_long"
    http_status = 422
    sentence = _("The message is too long: at most %(chars_max)s characters.")


class MediaRejected(SiagaError):
    """The file is not of a kind we keep, too large, or not what it claims to be."""

    code = "messaging.media_rejected"
    http_status = 422

    def __init__(self, *, reason: str, bytes_max: int = 0) -> None:
        super().__init__(reason=reason, bytes_max=bytes_max)
        self.reason = reason

    @property
    def message(self) -> str:
        """Why, in words the sender can act on."""
        megabytes = int(str(self.details["bytes_max"])) // (1024 * 1024)
        return str(REASONS.get(self.reason, REASONS["kind"])) % {"megabytes": megabytes}


REASONS = {
    "empty": _("The file is empty."),
    "too_large": _("The file is too large: at most %(megabytes)s MB."),
    "kind": _("This kind of file is not accepted. Send a photo, a voice note, a video or a PDF."),
    "broken": _("The file is damaged and cannot be opened."),
    "no_room": _(
        "There is no room for files at the moment. Send it without the file; "
        "in an emergency call 112."
    ),
    "gone": _("The file is no longer available from the sender's service."),
    "unfetchable": _("The file could not be fetched from the sender's service."),
}
