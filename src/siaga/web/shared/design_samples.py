"""Invented people and events for the design page: all marked as such, none of them real."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _ago(now: datetime, minutes: float) -> datetime:
    return now - timedelta(minutes=minutes)


def waiting(now: datetime) -> list[SimpleNamespace]:
    """Rows of the waiting list, one of each kind."""
    return [
        SimpleNamespace(
            channel="phone",
            title="•••• 118",
            since=_ago(now, 0.2),
            urgency="",
            ringing=True,
            text=str(_("Ringing at position 2")),
            state="waiting",
        ),
        SimpleNamespace(
            channel="whatsapp",
            title="Bu Sri (contoh)",
            since=_ago(now, 1.4),
            urgency="P1",
            text="Tulung pak, omahe tanggaku kobong, geni wis gedhe, isih ana wong neng njero",
            state="waiting",
            current=True,
            mine=True,
        ),
        SimpleNamespace(
            channel="whatsapp",
            title="•••• 771",
            since=_ago(now, 6),
            urgency="P2",
            text="Pohon tumbang nutup jalan depan SDN 2 Kabat, motor nggak bisa lewat blas",
            state="claimed",
        ),
        SimpleNamespace(
            channel="web",
            title=str(_("Web form")),
            since=_ago(now, 22),
            urgency="P4",
            text="Lampu jalan mati tiga titik di Jl. Ikan Tombro sejak hari Senin.",
            state="waiting",
        ),
        SimpleNamespace(
            channel="instagram",
            title="@contoh.warga",
            since=_ago(now, 75),
            urgency="",
            text="min mau tanya vaksin di puskesmas mana ya",
            state="waiting",
            stale=True,
        ),
    ]


def conversation(now: datetime) -> list[SimpleNamespace]:
    """A short exchange on WhatsApp with every state of a message."""
    return [
        SimpleNamespace(
            text="Tulung pak, omahe tanggaku kobong! Isih ana wong neng njero",
            at=_ago(now, 4),
            ours=False,
            state="",
            who="",
            attachments=[],
        ),
        SimpleNamespace(
            text="Baik Bu, petugas kami siapkan. Alamat lengkapnya di mana?",
            at=_ago(now, 3.4),
            ours=True,
            state="read",
            who="Rina",
            attachments=[],
        ),
        SimpleNamespace(
            text="Jl. Kepiting gang 3, Tukangkayu. Lantai siji pak",
            at=_ago(now, 2.6),
            ours=False,
            state="",
            who="",
            attachments=[SimpleNamespace(kind="file", name="lokasi.vcf", url="#")],
        ),
        SimpleNamespace(
            text="Mobil pemadam sudah berangkat. Tetap di luar rumah, jangan masuk kembali.",
            at=_ago(now, 1),
            ours=True,
            state="failed",
            who="Rina",
            attachments=[],
        ),
    ]


def timeline(now: datetime) -> list[SimpleNamespace]:
    """What the journal tells about one incident."""
    entry = SimpleNamespace
    return [
        entry(
            at=_ago(now, 4),
            icon="brand-whatsapp",
            who="",
            weighty=False,
            sentence=str(_("The first message arrived on WhatsApp.")),
        ),
        entry(
            at=_ago(now, 3.8),
            icon="user-check",
            who="Rina",
            weighty=False,
            sentence=str(_("Taken into hand.")),
        ),
        entry(
            at=_ago(now, 3.1),
            icon="flame",
            who="Rina",
            weighty=True,
            sentence=str(_("Opened as P1, building fire, not yet A1.")),
        ),
        entry(
            at=_ago(now, 2.9),
            icon="send",
            who="Dimas",
            weighty=True,
            sentence=str(_("Sent to the fire brigade and PSC 119.")),
        ),
    ]


def evidence(now: datetime) -> list[SimpleNamespace]:
    """Two pieces of evidence for one report."""
    return [
        SimpleNamespace(kind="second_caller", at=_ago(now, 2), who="Rina", note="•••• 402"),
        SimpleNamespace(kind="media_from_reporter", at=_ago(now, 1.2), who="Rina", note=""),
    ]


def steps(now: datetime) -> list[SimpleNamespace]:
    """The way of a citizen's report."""
    step = SimpleNamespace
    return [
        step(title=str(_("Received")), state="done", at=_ago(now, 14), detail="", icon=""),
        step(
            title=str(_("Checked by our staff")), state="done", at=_ago(now, 11), detail="", icon=""
        ),
        step(
            title=str(_("Sent to the agency")),
            state="now",
            at=_ago(now, 10),
            icon="send",
            detail=str(_("Public Works has until 22.10 to answer")),
        ),
        step(title=str(_("Being worked on")), state="next", at=None, detail="", icon="tool"),
        step(title=str(_("Finished")), state="next", at=None, detail="", icon="flag"),
    ]


class SampleForm(forms.Form):
    """One of each kind of field."""

    story = forms.CharField(
        label=_("What happened?"), widget=forms.Textarea, help_text=_("In your own words.")
    )
    name = forms.CharField(label=_("Name"), required=False)
    district = forms.ChoiceField(
        label=_("District"), choices=[("", "–"), ("1", "Kalisari"), ("2", "Giri")]
    )
    injured = forms.ChoiceField(
        label=_("Is anybody hurt?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))],
    )
    anonymous = forms.BooleanField(
        label=_("Keep my name hidden"),
        required=False,
        help_text=_("The agency sees the report, not who wrote it."),
    )
    photo = forms.FileField(label=_("Photo or video"), required=False)


def samples(now: datetime) -> dict[str, Any]:
    """Everything the design page shows."""
    wrong = SampleForm({"injured": "no", "name": "Wulan"}, auto_id="%s_wrong")
    wrong.is_valid()
    return {
        "waiting": waiting(now),
        "conversation": conversation(now),
        "timeline": timeline(now),
        "evidence": evidence(now),
        "steps": steps(now),
        "form": SampleForm(auto_id="%s_light"),
        "wrong_form": wrong,
        "urgencies": ["P1", "P2", "P3", "P4", "P5"],
        "contact_states": ["waiting", "claimed", "disposed", "reported"],
        "incident_statuses": [
            "new",
            "in_triage",
            "dispatched",
            "acknowledged",
            "en_route",
            "on_scene",
            "done",
            "closed",
            "reopened",
        ],
        "clock_run": (_ago(now, 1.1), now + timedelta(minutes=14)),
        "clock_soon": (_ago(now, 12), now + timedelta(minutes=1.6)),
        "clock_late": (_ago(now, 12), _ago(now, 3.4)),
        "clock_stopped": (_ago(now, 12), _ago(now, 8)),
    }
