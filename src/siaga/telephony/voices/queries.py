"""Reads of prompts."""

from pathlib import Path

from django.conf import settings

from siaga.kernel.errors import NotFound
from siaga.kernel.types import RegionId
from siaga.regions import queries as regions
from siaga.telephony.asterisk import centre, prompts, wave
from siaga.telephony.errors import NoTelephone
from siaga.telephony.plan import plan_of
from siaga.telephony.types import PhonePlan
from siaga.telephony.voices.store import Shelf
from siaga.telephony.voices.types import PromptView

SPOKEN = "spoken"


def listed(region_id: RegionId) -> list[PromptView]:
    """Every sentence of the region's telephone, as it is heard now. Raises NoTelephone."""
    plan = the_plan(region_id)
    others = _other_languages(region_id, plan)
    return [_view(plan, one, others.get(one.name, {})) for one in _prompts(plan)]


def one(region_id: RegionId, name: str) -> PromptView:
    """One of them. Raises NotFound, NoTelephone."""
    found = next((item for item in listed(region_id) if item.name == name), None)
    if found is None:
        raise NotFound
    return found


def sound(region_id: RegionId, name: str, version: str) -> bytes:
    """A WAV of 8 kHz: `now`, `draft`, `spoken` or a version's id. Raises NotFound."""
    plan = the_plan(region_id)
    prompt = the_prompt(plan, name)
    shelf, home = Shelf(centre.home(), region_id, name), centre.home()
    found = None if version == SPOKEN else shelf.sound(version)
    if found is None and version in (SPOKEN, "now"):
        path = prompts.spoken_place(prompt, home)
        found = path.read_bytes() if path.exists() else None
    if found is None:
        raise NotFound
    return found


def the_plan(region_id: RegionId) -> PhonePlan:
    """The region's telephone. Raises NoTelephone."""
    plan = plan_of(regions.profile(region_id))
    if plan is None:
        raise NoTelephone
    return plan


def the_prompt(plan: PhonePlan, name: str) -> prompts.Prompt:
    """By its name. Raises NotFound."""
    found = next((item for item in _prompts(plan) if item.name == name), None)
    if found is None:
        raise NotFound
    return found


def _prompts(plan: PhonePlan) -> list[prompts.Prompt]:
    return prompts.prompts_of(plan, prompts.read_texts(_texts()))


def _texts() -> Path:
    return Path(settings.CONTENT_DIR) / "prompts"


def _other_languages(region_id: RegionId, plan: PhonePlan) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for language in prompts.VOICES:
        other = plan_of(regions.profile(region_id), language)
        for item in _prompts(other) if other is not None else ():
            found.setdefault(item.name, {})[language] = item.text
    return found


def _view(plan: PhonePlan, prompt: prompts.Prompt, words: dict[str, str]) -> PromptView:
    home = centre.home()
    shelf, spoken = Shelf(home, plan.region, prompt.name), prompts.spoken_place(prompt, home)
    return PromptView(
        name=prompt.name,
        text=prompt.text,
        words=words,
        pause=prompt.pause,
        current=shelf.current(),
        draft=shelf.draft(),
        versions=shelf.versions(),
        spoken_seconds=wave.seconds(spoken.read_bytes()) if spoken.exists() else 0.0,
    )
