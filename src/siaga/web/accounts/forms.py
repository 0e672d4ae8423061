"""The few fields of one's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from siaga.accounts.rules import PIN_LENGTH_MAX


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
