"""Hands for the tests of signing in."""

import time
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.test import Client

from siaga.accounts.models import Person
from tests.rooms.accounts.people import PASSWORD, Colleague

LOGIN = "/accounts/login/"
HTMX = {"HX-Request": "true"}
_PERIOD_SECONDS = 30


def sign_in(client: Client, who: Colleague | str, password: str = PASSWORD) -> Any:
    """Type name and password, as a person does."""
    name = who if isinstance(who, str) else who.username
    return client.post(LOGIN, {"login": name, "password": password})


def enrol(person_id: UUID) -> str:
    """Give a person an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(Person.objects.get(id=person_id), secret)
    return secret


def present_code(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // _PERIOD_SECONDS))


def stored_secret(person_id: UUID) -> str:
    """What the database holds of the secret."""
    return str(Authenticator.objects.get(user_id=person_id).data["secret"])
