"""A number's outcomes become its grade, and fade out of it; the telephone is told."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from siaga.intake import reputation
from siaga.intake.models import Contact
from siaga.intake.reputation import Outcome, Policy
from siaga.intake.types import ContactDisposition, ContactState
from siaga.journal import deadlines
from siaga.journal.types import Actor
from siaga.kernel.types import Channel, RegionId
from siaga.regions import queries as region_queries
from siaga.telephony import queries as telephony
from siaga.telephony.grades import services as grades
from siaga.telephony.grades.types import Grade, GradeEnd

FADES = "intake.reputation_fades"
OUTCOMES_MAX = 200


_NUMBERS = UUID("5f6a3cf1-90ab-5b4c-8d55-112112112112")


def weigh(
    phone: str,
    *,
    region_id: RegionId,
    contact_id: UUID | None = None,
    without: UUID | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Look at the number's latest outcomes and grade it by them, higher or lower than before.

    `without` is a contact whose outcome is just being taken back.
    """
    policy = _policy(region_id)
    outcomes = _outcomes(region_id, phone, policy, now)
    found = reputation.weigh([outcome for key, outcome in outcomes if key != without], policy, now)
    _forget(region_id, phone, now)
    if found.until is None:
        grades.fade(phone, region_id=region_id, by=by, now=now)
        return
    hours = int(policy.window.total_seconds() // 3600)
    reason = _("silent and prank calls within %(hours)s hours: %(count)s") % {
        "hours": hours,
        "count": f"{found.counted:g}",
    }
    grades.give(
        phone,
        Grade(min(found.grade, Grade.ASK)),
        found.until,
        region_id=region_id,
        reason=reason,
        contact_id=contact_id,
        by=by,
        now=now,
    )
    if found.grade >= Grade.HOLD:
        grades.propose_hold(
            phone,
            now + timedelta(hours=region_queries.profile(region_id).nuisance.hard_block_hours_max),
            region_id=region_id,
            reason=reason,
            contact_id=contact_id,
            by=by,
            now=now,
        )
    deadlines.set_deadline(
        region_id,
        name=FADES,
        subject_id=_subject(region_id, phone),
        due_at=found.until,
        data={"phone": phone},
    )


def reported(phone: str, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """The number has reported something: whatever was before, it begins anew."""
    _forget(region_id, phone, now)
    grades.lift(phone, GradeEnd.REPORTED, region_id=region_id, by=by, now=now)


def _policy(region_id: RegionId) -> Policy:
    wanted = region_queries.profile(region_id).nuisance
    return Policy(
        flag_after=wanted.flag_after,
        window=timedelta(hours=wanted.window_hours),
        half_life=timedelta(hours=wanted.half_life_hours),
        expires_after=timedelta(hours=wanted.expires_after_hours),
        may_hold=wanted.hard_block,
    )


def _outcomes(
    region_id: RegionId, phone: str, policy: Policy, now: datetime
) -> list[tuple[UUID, Outcome]]:
    rows = Contact.objects.filter(
        Q(state=ContactState.DISPOSED) | Q(state=ContactState.REPORTED),
        region_id=region_id,
        phone=phone,
        received_at__gt=now - policy.window,
    )
    if not settings.SIAGA_DEMO:
        rows = rows.filter(is_test=False)
    found = list(rows.order_by("-received_at")[:OUTCOMES_MAX])
    silent = telephony.could_not_speak(region_id, [row.id for row in found])
    return [
        (
            row.id,
            Outcome(
                at=row.received_at,
                disposition=ContactDisposition(row.disposition) if row.disposition else None,
                cannot_speak=row.id in silent,
            ),
        )
        for row in found
        if row.channel == Channel.PHONE or row.state == ContactState.REPORTED
    ]


def _forget(region_id: RegionId, phone: str, now: datetime) -> None:
    deadlines.cancel_deadlines(region_id, _subject(region_id, phone), now=now, names=(FADES,))


def _subject(region_id: RegionId, phone: str) -> UUID:
    """The number as a deadline's subject."""
    return uuid5(_NUMBERS, f"{region_id} {phone}")
