"""The officer's forms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from siaga.dispatch.types import AssignmentState


class DeclineForm(forms.Form):
    """Why the agency cannot take it."""

    reason = forms.CharField(
        label=_("Why can your agency not take it?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why; the centre then asks another agency at once.")},
    )


class DoneForm(forms.Form):
    """What was done, with a photo if there is one."""

    note = forms.CharField(
        label=_("What was done?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write in a few words what was done.")},
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


class AdvanceForm(forms.Form):
    """On the way, or there."""

    state = forms.ChoiceField(
        choices=[
            (AssignmentState.EN_ROUTE.value, "en_route"),
            (AssignmentState.ON_SCENE.value, "on_scene"),
        ]
    )
