"""The only writes of prompts: recorded, published, rolled back. Asterisk plays what it finds."""

from datetime import datetime

from django.db import transaction

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound
from siaga.kernel.types import RegionId
from siaga.telephony import events
from siaga.telephony.asterisk import centre, prompts
from siaga.telephony.asterisk.installation import find_program
from siaga.telephony.voices import queries, sounds
from siaga.telephony.voices.errors import NoDraft
from siaga.telephony.voices.store import Shelf
from siaga.telephony.voices.types import Version


def keep_draft(region_id: RegionId, name: str, data: bytes, *, by: Actor, now: datetime) -> None:
    """A recording to be listened to before anybody else hears it.

    Raises NotFound, NotASound, Silence, TooLong.
    """
    prompt = queries.the_prompt(queries.the_plan(region_id), name)
    sound = sounds.for_telephones(data, pause=prompt.pause)
    _shelf(region_id, name).keep_draft(sound, prompt.text, by.person_id, now)


def drop_draft(region_id: RegionId, name: str) -> None:
    """Not this one."""
    queries.the_prompt(queries.the_plan(region_id), name)
    _shelf(region_id, name).drop_draft()


def publish(region_id: RegionId, name: str, *, by: Actor, now: datetime) -> None:
    """The draft is heard from the next playing on. Raises NoDraft, NotFound."""
    queries.the_prompt(queries.the_plan(region_id), name)
    if _shelf(region_id, name).draft() is None:
        raise NoDraft
    with transaction.atomic():
        told = events.PromptPublished(name=name, version=now.isoformat())
        journal.record(told, region_id=region_id, by=by, now=now)
        _heard(region_id, name, _shelf(region_id, name).publish_draft(now))


def roll_back(region_id: RegionId, name: str, version: str, *, by: Actor, now: datetime) -> None:
    """An earlier recording is heard again, or our spoken voice. Raises NotFound."""
    queries.the_prompt(queries.the_plan(region_id), name)
    shelf = _shelf(region_id, name)
    with transaction.atomic():
        told = events.PromptRolledBack(name=name, version=version)
        journal.record(told, region_id=region_id, by=by, now=now)
        if version == queries.SPOKEN:
            shelf.withdraw()
            _point(region_id, name)
        else:
            _heard(region_id, name, shelf.publish(version))


def _heard(region_id: RegionId, name: str, published: Version | None) -> None:
    if published is None:
        raise NotFound
    _point(region_id, name)


def _point(region_id: RegionId, name: str) -> None:
    """Asterisk's own name of the sentence leads to what is to be heard."""
    plan, home = queries.the_plan(region_id), centre.home()
    prompt = queries.the_prompt(plan, name)
    prompts.point_at_best(plan, prompt, home, lambda: find_program("espeak-ng", home))


def _shelf(region_id: RegionId, name: str) -> Shelf:
    return Shelf(centre.home(), region_id, name)
