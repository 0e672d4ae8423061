"""The profile as it is in force, its history, and its folder to take away."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.regions import folders, queries
from siaga.regions import rules as region_rules
from siaga.regions.rules.differing import differences
from siaga.regions.rules.writing import write_profile
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control import schedules, wording
from siaga.web.control.pages import shown


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_READ)
def in_force(request: RegionRequest, region: str) -> HttpResponse:
    """Brand, hours, scope, verification, clocks, routing, shifts."""
    now = clock.now()
    profile = queries.profile(request.viewer.region_id)
    today = region_rules.local_time(profile, now).date()
    words = {
        "profile": profile,
        "version": queries.version(request.viewer.region_id),
        "today": today,
        "open_now": region_rules.is_open(profile, now),
        "hours": [(one, schedules.lines(one.schedule.periods)) for one in profile.hours],
        "agencies": {one.code: one.short_name for one in profile.agencies},
        "types": {one.code: one.name for one in profile.taxonomy.types},
        "groups": {one.code: one.name for one in profile.taxonomy.groups},
        "steps": wording.ESCALATIONS,
        "clocks": [
            (one, wording.duration(one.within_seconds) if one.within_seconds else "")
            for one in profile.clocks
        ],
    }
    return shown(request, "control/profile.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_READ)
def agencies(request: RegionRequest, region: str) -> HttpResponse:
    """All agencies, with who is on duty now."""
    now = clock.now()
    profile = queries.profile(request.viewer.region_id)
    words = {
        "agencies": [
            (
                one,
                one.active and region_rules.agency_on_duty(profile, one.code, now),
                schedules.lines(one.duty.periods),
            )
            for one in profile.agencies
        ],
        "kinds": wording.AGENCY_KINDS,
        "mandates": {one.code: one.name for one in profile.taxonomy.mandates},
    }
    return shown(request, "control/agencies.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_READ)
def types(request: RegionRequest, region: str) -> HttpResponse:
    """The taxonomy as it holds here, shelf by shelf."""
    taxonomy = queries.profile(request.viewer.region_id).taxonomy
    shelves = [
        (group, [one for one in taxonomy.types if one.group == group.code])
        for group in taxonomy.groups
    ]
    words = {
        "shelves": [(group, found) for group, found in shelves if found],
        "mandates": {one.code: one.name for one in taxonomy.mandates},
    }
    return shown(request, "control/types.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_READ)
def versions(request: RegionRequest, region: str) -> HttpResponse:
    """Every version, newest first, with who made it and what changed."""
    found = queries.versions(request.viewer.region_id)
    names = wording.actor_names(one.actor for one in found)
    words = {"versions": [(one, wording.actor_words(one.actor, names)) for one in found]}
    return shown(request, "control/versions.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_READ)
def version(request: RegionRequest, region: str, number: int) -> HttpResponse:
    """What one version changed."""
    region_id = request.viewer.region_id
    if not 1 <= number <= queries.version(region_id):
        raise NotFound()
    former = queries.profile_at_version(region_id, number - 1) if number > 1 else None
    changes = differences(former, queries.profile_at_version(region_id, number))
    return shown(request, "control/version.html", {"number": number, "changes": changes})


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_READ)
def export(request: RegionRequest, region: str) -> HttpResponse:
    """The folder of the profile in force, as `siaga regions apply` reads it."""
    region_id = request.viewer.region_id
    texts = write_profile(queries.profile(region_id), folders.national_taxonomy())
    at = clock.now()
    written = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(ZipInfo(f"{region_id}/{name}", written), text, ZIP_DEFLATED)
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    number = queries.version(region_id)
    response["Content-Disposition"] = f'attachment; filename="{region_id}-v{number}.zip"'
    response["Cache-Control"] = "no-store"
    return response
