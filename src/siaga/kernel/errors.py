"""The family of errors that people may meet. The class's docstring is its meaning."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class SiagaError(Exception):
    """Something was refused for a reason that can be told."""

    code: ClassVar[str] = "siaga.error"
    http_status: ClassVar[int] = 400
    sentence: ClassVar[Any] = _("This could not be done.")

    def __init__(self, **details: object) -> None:
        super().__init__(self.code)
        self.details = details

    @property
    def message(self) -> str:
        """The sentence for a person, in the active language."""
        return str(self.sentence) % self.details if self.details else str(self.sentence)

    def __str__(self) -> str:
        return f"{self.code} {self.details}" if self.details else self.code


class NotFound(SiagaError):
    """Absent, or in a region this person does not serve: the answer is the same."""

    code = "siaga.not_found"
    http_status = 404
    sentence = _("This was not found. It may have been moved, or it belongs to another region.")


class Forbidden(SiagaError):
    """The person is known and may see it, but may not do this."""

    code = "siaga.forbidden"
    http_status = 403
    sentence = _("Your role does not allow this. Ask your supervisor.")


class InvalidField(SiagaError):
    """One field of a form or a request is wrong; `field` names it, `message` the cure."""

    code = "siaga.invalid_field"
    http_status = 422

    def __init__(self, *, field: str, message: Any) -> None:
        super().__init__()
        self.field = field
        self.cure = message

    @property
    def message(self) -> str:
        """The cure, in the active language."""
        return str(self.cure)

    def __str__(self) -> str:
        return f"{self.code} {self.field}: {self.cure}"


class Unstorable(SiagaError):
    """A character or a number that no field of the database takes, such as a NUL."""

    code = "siaga.unstorable"
    http_status = 400
    sentence = _("Something in it cannot be stored: a strange character, or too large a number.")


class Conflict(SiagaError):
    """Somebody else was faster, or the state has moved on."""

    code = "siaga.conflict"
    http_status = 409
    sentence = _("Somebody else was faster. The screen shows what is true now.")
