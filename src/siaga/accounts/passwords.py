"""What a password must be, and temporary ones that can be read aloud over the telephone."""

import secrets
from itertools import pairwise

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from siaga.accounts.models import Person
from siaga.accounts.rules import PIN_LENGTH_MAX, PIN_LENGTH_MIN
from siaga.kernel.errors import InvalidField

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no look-alikes: l, 1, i, o, 0
_GROUPS = 4
_GROUP_LENGTH = 4
_DIFFERENT_SIGNS_MIN = 5


class PlainPatternValidator:
    """Refuses what is long but has no substance: one sign repeated, digits in a row."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError, as Django's own validators do."""
        if len(set(password.lower())) < _DIFFERENT_SIGNS_MIN or _is_run(password):
            raise ValidationError(self.get_help_text(), code="password_plain")

    def get_help_text(self) -> str:
        """The cure, in the active language."""
        return _("Not the same few signs again and again, and not digits in a row.")


def temporary_password() -> str:
    """Such as ``k7qm-3f9t-xw2d-h8rn``: 79 bits, changed by its owner at the first sign-in."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )


def ensure_good_password(password: str, person: Person) -> None:
    """Long and not common; no rules of composition. Raises InvalidField with the cure."""
    try:
        validate_password(password, person)
    except ValidationError as refusal:
        raise InvalidField(field="password", message=" ".join(refusal.messages)) from refusal


def ensure_good_pin(pin: str) -> None:
    """Six to twelve digits that are neither one digit repeated nor a plain run."""
    if not (pin.isascii() and pin.isdigit() and PIN_LENGTH_MIN <= len(pin) <= PIN_LENGTH_MAX):
        raise InvalidField(field="pin", message=_("A PIN has 6 to 12 digits."))
    if _is_run(pin) or len(set(pin)) == 1:
        raise InvalidField(field="pin", message=_("This PIN is too easy to guess."))


def _is_run(text: str) -> bool:
    """Digits that only count up or down, such as 123456789012."""
    if not (text.isascii() and text.isdigit()):
        return False
    steps = {(int(later) - int(sooner)) % 10 for sooner, later in pairwise(text)}
    return steps in ({1}, {9})
