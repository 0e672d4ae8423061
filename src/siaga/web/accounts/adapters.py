"""How allauth behaves in this house: nobody signs up, nothing is mailed, secrets are encrypted."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from qrcode.image.svg import SvgPathFillImage

from siaga.kernel import clock
from siaga.web.accounts.desk import client_ip, desk_of

_PROOF_FRESH = timedelta(minutes=5)
# The page itself shows that one is in or out; a second message would only be in the way.
_UNSAID = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator and belong to people known by name."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are added in the control face or by `siaga people add`."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the front hands it on; allauth counts attempts by it."""
        return client_ip(request) or "0.0.0.0"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To one's own region, or to the choice of it."""
        return reverse("accounts_home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Back to the door."""
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """On to the work."""
        return reverse("accounts_home")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for whoever has just signed in: the same proof twice in a row protects nothing."""
        desk = desk_of(context.request)
        if desk is not None and clock.now() - desk.created_at < _PROOF_FRESH:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Says what allauth wants said, except the obvious."""
        template = kwargs.get("message_template") or (args[2] if len(args) > 2 else "")
        if template not in _UNSAID:
            super().add_message(*args, **kwargs)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the centre may have no mail. The journal and the session list tell."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors; their secrets are useless in a stolen backup of the database alone."""

    def encrypt(self, text: str) -> str:
        """With a key made from the installation's secret, which is no part of the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The counterpart; older secret keys are tried too."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The name under which the generator's app lists us: no e-mail address needed."""
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        """On white, whatever the theme: cameras do not read black on black."""
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (sha256(b"siaga.second-factor:" + force_bytes(secret)).digest() for secret in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
