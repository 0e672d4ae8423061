"""Telephone numbers: stored in E.164, shown as Indonesians read them, masked where unneeded."""

import phonenumbers

_COUNTRY = "ID"
_SHORT_MAX = 4
_VISIBLE_DIGITS = 3


def normalize_phone(text: str | None) -> str | None:
    """E.164 (``+62812…``) for anything a citizen may type; None if it is no dialable number.

    Short emergency numbers (110, 112, 119 …) are not subscribers and give None.
    """
    if not text:
        return None
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) <= _SHORT_MAX:
        return None
    candidate = f"+{digits}" if digits.startswith("62") else text
    try:
        number = phonenumbers.parse(candidate, _COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_format(e164: str | None) -> str:
    """``0812-3456-7890`` for reading aloud; an empty string for none."""
    if not e164:
        return ""
    try:
        number = phonenumbers.parse(e164, _COUNTRY)
    except phonenumbers.NumberParseException:
        return e164
    if number.country_code == 62:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def mask_phone(e164: str | None) -> str:
    """The number with all but its last three digits hidden: ``•••• 890``."""
    if not e164:
        return ""
    return f"•••• {e164[-_VISIBLE_DIGITS:]}"
