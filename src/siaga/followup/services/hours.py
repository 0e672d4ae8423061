"""Out of hours: whoever writes learns when it will be read, and whom to call in danger."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from siaga.followup import events, rules
from siaga.followup.models import ClosedNotice
from siaga.followup.types import Told
from siaga.intake import queries as intake_queries
from siaga.intake.types import ContactView
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId
from siaga.messaging import services as messaging
from siaga.messaging.types import Notice
from siaga.protocols import notices
from siaga.regions import queries as region_queries
from siaga.regions import rules as region_rules
from siaga.regions.types import Profile


def tell_closed(contact_id: UUID, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """Tell it once for each contact, and each person once until the centre opens again.

    The contact waits as any other; nothing here delays it.
    """
    profile = region_queries.profile(region_id)
    outside = region_rules.out_of_hours(profile, now)
    if outside is None or outside.notice is None:
        return
    contact = intake_queries.contact(region_id, contact_id)
    if contact is None or contact.correspondent_id is None or contact.channel not in rules.CHATS:
        return
    opens_at = region_rules.next_opening(profile, now)
    if _knows(contact, contact.correspondent_id, opens_at):
        return
    hours = outside.notice.said_in(contact.language)
    with transaction.atomic():
        message_id = messaging.send_notice(
            contact.correspondent_id,
            _notice(profile, hours, opens_at, contact.language),
            by=by,
            now=now,
            contact_id=contact.id,
        )
        ClosedNotice.objects.create(
            region_id=contact.region_id,
            contact_id=contact.id,
            correspondent_id=contact.correspondent_id,
            opens_at=opens_at,
            message_id=message_id,
            at=now,
        )
        journal.record(
            events.ClosedTold(contact_id=contact.id, opens_at=opens_at),
            region_id=contact.region_id,
            by=by,
            now=now,
        )


def _knows(contact: ContactView, correspondent_id: UUID, opens_at: datetime | None) -> bool:
    # Messaging holds the person's row locked, so two messages cannot both find nothing.
    same_person = Q(correspondent_id=correspondent_id, opens_at=opens_at)
    told = ClosedNotice.objects.filter(
        Q(contact_id=contact.id) | same_person, region_id=contact.region_id
    )
    return told.exists()


def _notice(profile: Profile, hours: str, opens_at: datetime | None, language: str) -> Notice:
    with override(language):
        opening = (
            date_format(region_rules.local_time(profile, opens_at), _("l j F, H:i"))
            if opens_at
            else _("the next working day")
        )
    rendered = notices.render(
        Told.OUTSIDE_HOURS,
        language,
        brand=profile.brand.name,
        hours=hours,
        opening=opening,
        phone=", ".join((profile.brand.number, *profile.brand.fallback_numbers)),
    )
    return Notice(
        text=rendered.text,
        template=rendered.template_name,
        values=tuple(rendered.template_parameters),
        language=rendered.language,
    )
