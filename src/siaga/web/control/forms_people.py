"""Forms about people and tokens."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from siaga.accounts.types import PersonView, Role, Scope
from siaga.regions.types import Profile
from siaga.web.shared.marks import ROLES

TOKEN_DAYS = ((30, _("30 days")), (90, _("90 days")), (180, _("half a year")), (365, _("a year")))


class RoleForm(forms.Form):
    """A role, with what belongs to it."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(r.value, ROLES[r.value].label) for r in Role]
    )
    agency_code = forms.ChoiceField(
        label=_("Agency"), required=False, help_text=_("Only for an agency officer.")
    )
    confidential_types = forms.MultipleChoiceField(
        label=_("May see these confidential types"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody sees confidential cases of others unless named here."),
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day. Empty means until it is ended."),
    )

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "id"
        agencies = [(one.code, one.name.said_in(language)) for one in profile.agencies]
        self.fields["agency_code"].choices = [("", "–"), *sorted(agencies, key=lambda c: c[1])]  # type: ignore[attr-defined]
        self.fields["confidential_types"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name.said_in(language))
            for one in profile.taxonomy.types
            if one.confidential or one.restricted
        ]
        self._zone = profile.zone

    def clean_valid_until(self) -> datetime | None:
        """The end of that day in the region."""
        chosen: date | None = self.cleaned_data["valid_until"]
        return end_of_day(chosen, self._zone) if chosen else None

    def granted(self) -> dict[str, Any]:
        """As `accounts.services.grant` takes it."""
        return {
            "role": Role(self.cleaned_data["role"]),
            "agency_code": self.cleaned_data["agency_code"] or None,
            "confidential_types": self.cleaned_data["confidential_types"],
            "valid_until": self.cleaned_data["valid_until"],
        }


class PersonForm(RoleForm):
    """Somebody new, with a first role."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Small letters, digits, dots, dashes. It cannot be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("id", "Bahasa Indonesia"), ("en", "English")]
    )
    field_order = ("full_name", "username", "phone", "email", "language", "role")


class BringForm(RoleForm):
    """Somebody who signs in already, because they serve another region."""

    username = forms.CharField(
        label=_("User name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("username", "role")


class ResetForm(forms.Form):
    """A new temporary password."""

    remove_second_factors = forms.BooleanField(
        label=_("Also remove the second factor"),
        required=False,
        help_text=_("Only when the telephone or key is lost. Make sure who is asking."),
    )


class TokenForm(forms.Form):
    """A token for a program of one person or one agency."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=80, help_text=_("Such as: recap for the website")
    )
    scope = forms.ChoiceField(
        label=_("What may it do?"),
        choices=[
            (Scope.READ.value, _("Only read")),
            (Scope.TRANSITION.value, _("Read, and do what its holder may do")),
        ],
        initial=Scope.READ.value,
    )
    recordings = forms.BooleanField(
        label=_("Also hear recordings"),
        required=False,
        help_text=_("If its holder may. Each listening is written down under the holder's name."),
    )
    holder = forms.ChoiceField(label=_("For whom?"))
    days = forms.TypedChoiceField(label=_("For how long?"), choices=TOKEN_DAYS, coerce=int)

    def __init__(self, *args: Any, people: list[PersonView], profile: Profile, **kwargs: Any):
        super().__init__(*args, **kwargs)
        agencies = sorted(profile.agencies, key=lambda one: one.short_name)
        self.fields["holder"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            (_("People"), [(f"person:{one.id}", one.full_name) for one in people]),
            (_("Agencies"), [(f"agency:{one.code}", one.short_name) for one in agencies]),
        ]

    def scopes(self) -> list[Scope]:
        """A token that may act may also look."""
        acts = Scope(self.cleaned_data["scope"]) is Scope.TRANSITION
        heard = [Scope.RECORDINGS] if self.cleaned_data["recordings"] else []
        return [Scope.READ, *([Scope.TRANSITION] if acts else []), *heard]


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day on the wall clock of the region."""
    return datetime.combine(day, time(23, 59, 59), zone)
