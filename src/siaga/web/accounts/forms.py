"""The few fields of one's own account."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from siaga.accounts.rules import PIN_LENGTH_MAX
from siaga.web.accounts.desk import keep_cookie


class SignInForm(LoginForm):  # type: ignore[misc]
    """A name and a password; how long the sign-in lasts is decided by the roles, not by a tick."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name == "login":
                field.label = _("User name")
                field.widget.attrs.update(
                    {"autocapitalize": "none", "spellcheck": "false", "autofocus": True}
                )
            else:
                field.help_text = ""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Signs in, then lets the cookie live as long as the sign-in."""
        answer: HttpResponse = super().login(request, redirect_url=redirect_url)
        keep_cookie(request)
        return answer


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """A new password. What it must be is said once, above the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)


class UnlockForm(forms.Form):
    """The PIN, or the password, of whoever locked this desk."""

    secret = forms.CharField(
        label=_("PIN or password"),
        max_length=128,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "autofocus": True, "data-focus-here": True}
        ),
    )


class PinForm(forms.Form):
    """A PIN for unlocking, chosen with the password at hand."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    pin = forms.CharField(
        label=_("New PIN"),
        help_text=_("6 to 12 digits. It only unlocks your own desk."),
        max_length=PIN_LENGTH_MAX,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
