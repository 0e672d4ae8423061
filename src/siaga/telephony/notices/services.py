"""The only writes of notices: given by a person, ended by a person."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from siaga.journal.types import Actor
from siaga.kernel.errors import InvalidField
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.notices.models import TEXT_LENGTH_MAX
from siaga.telephony.services import commands
from siaga.telephony.types import CommandKind

TEXT_LENGTH_MIN = 10
_TOO_SHORT = _("Say in a sentence what is known already.")
_TOO_LONG = _("Callers will not listen so long: at most 400 characters.")


def give(
    region_id: RegionId, text: str, *, incident_id: UUID | None = None, by: Actor, now: datetime
) -> UUID:
    """From now on callers hear these words first; returns the command that speaks them.

    A former notice ends. Whether callers hear it is told by the live picture, not by the row.
    Raises InvalidField.
    """
    words = clean(text)
    with transaction.atomic():
        _end(region_id, now)
        models.Notice.objects.create(
            region_id=region_id,
            text=words,
            incident_id=incident_id,
            given_by=by.person_id,
            given_at=now,
        )
        return commands.request(CommandKind.NOTICE_ON, region_id, {"text": words}, by=by, now=now)


def end(region_id: RegionId, *, by: Actor, now: datetime) -> UUID:
    """The greeting is followed by the queue again, whoever had given the notice."""
    with transaction.atomic():
        _end(region_id, now)
        return commands.request(CommandKind.NOTICE_OFF, region_id, by=by, now=now)


def clean(text: str) -> str:
    """One line, as it is spoken. Raises InvalidField."""
    words = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if len(words) < TEXT_LENGTH_MIN:
        raise InvalidField(field="text", message=_TOO_SHORT)
    if len(words) > TEXT_LENGTH_MAX:
        raise InvalidField(field="text", message=_TOO_LONG)
    return words


def _end(region_id: RegionId, now: datetime) -> None:
    models.Notice.objects.filter(region_id=region_id, ended_at=None).update(ended_at=now)
