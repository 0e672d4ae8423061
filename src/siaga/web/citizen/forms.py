"""The citizen's forms: few fields, clear errors, nothing lost."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from siaga.kernel.phones import normalize_phone
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.regions.types import Profile

FILES_MAX = 4
FILE_MEGABYTES_MAX = 16


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A list of files, each checked later by its content."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files; at most FILES_MAX."""
        items = [item for item in (data or []) if item] if isinstance(data, list) else []
        if len(items) > FILES_MAX:
            raise forms.ValidationError(_("Send at most four files."))
        return [super(ManyFilesField, self).clean(item, initial) for item in items]


class ReportForm(forms.Form):
    """What a citizen tells, in under a minute."""

    narrative = forms.CharField(
        label=_("What is happening?"),
        min_length=5,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={
            "required": _("Please write in a few words what is happening."),
            "min_length": _("Please write a little more, so that we understand."),
        },
    )
    danger = forms.BooleanField(
        label=_("Somebody is in danger right now"),
        required=False,
        help_text=_("If you can, call 112 as well: it is free and faster."),
    )
    type_code = forms.ChoiceField(label=_("What kind of thing is it?"), required=False)
    area_code = forms.ChoiceField(label=_("Village or ward"), required=False)
    place_text = forms.CharField(
        label=_("Street, landmark, directions"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For example: behind the market, RT 3 RW 2, by the river."),
    )
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput())
    lng = forms.FloatField(
        required=False, min_value=-180, max_value=180, widget=forms.HiddenInput()
    )
    attachments = ManyFilesField(
        label=_("Photo, voice note or video"),
        required=False,
        widget=ManyFiles(attrs={"accept": "image/*,audio/*,video/*,application/pdf"}),
        help_text=_("Up to four files. The place hidden in a photo is removed."),
    )
    position_consent = forms.BooleanField(
        label=_("Use the place stored in my photo to find the location"), required=False
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Only so that we can ask back."),
    )
    anonymous = forms.BooleanField(label=_("Do not pass on my name and number"), required=False)
    confidential = forms.BooleanField(
        label=_("Keep this report confidential"),
        required=False,
        help_text=_("Only the people in charge of such cases will see it."),
    )

    def __init__(self, profile: Profile, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "id"
        self._choices("type_code", type_choices(profile, language))
        self._choices("area_code", area_choices(profile.region.id))

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_phone(self) -> str | None:
        """E.164; a number that cannot be dialled is told at once."""
        given = self.cleaned_data["phone"]
        if not given:
            return None
        phone = normalize_phone(given)
        if phone is None:
            raise forms.ValidationError(
                _("This is no complete telephone number. Example: 0812 3456 7890.")
            )
        return phone

    def uploads(self) -> "list[UploadedFile[Any]]":
        """The files sent along."""
        return list(self.cleaned_data.get("attachments") or [])


def type_choices(profile: Profile, language: str) -> list[Any]:
    """The kinds of cases by shelf; "I do not know" first."""
    shelves: list[Any] = [("", _("I do not know; please decide for me"))]
    for group in profile.taxonomy.groups:
        kinds = [
            (case.code, case.name.said_in(language))
            for case in profile.taxonomy.types
            if case.group == group.code and not case.outcome_only
        ]
        if kinds:
            shelves.append((group.name.said_in(language), kinds))
    return shelves


def area_choices(region_id: RegionId) -> list[Any]:
    """The villages by kecamatan; each kecamatan itself first."""
    shelves: list[Any] = [("", _("I do not know"))]
    for node in region_queries.area_tree(region_id):
        names = [(node.area.code, _("Somewhere in %(name)s") % {"name": node.area.name})]
        names += [(child.code, child.name) for child in node.children]
        shelves.append((node.area.name, names))
    return shelves


class MessageForm(forms.Form):
    """A further message on the tracking page."""

    text = forms.CharField(
        label=_("Write to the centre"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please write something first.")},
    )
    submission_id = forms.UUIDField(widget=forms.HiddenInput(), required=False)


class ObjectionForm(forms.Form):
    """It is not settled."""

    text = forms.CharField(
        label=_("What is not settled yet?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please write in a few words what is not settled yet.")},
    )


class CodeForm(forms.Form):
    """The tracking code, however it was typed."""

    code = forms.CharField(
        label=_("Your tracking code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
