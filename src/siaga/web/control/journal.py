"""The journal: what happened, newest first, why it happened, and whether the chain holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from siaga.accounts.types import Permission, Viewer
from siaga.followup.queries import readable
from siaga.journal import facts, queries, sealing
from siaga.journal.types import EntryView
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.oversight import queries as oversight
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control import subjects, wording
from siaga.web.control.pages import PAGE_ROWS, Page, page, read_key, shown

CAUSES_MAX = 20
VERIFIED_LAST = 500
FLAWS_MAX = 20
# What the one who runs the installation may read: nothing about citizens and their cases.
HOUSE_ROOMS = ("accounts", "regions", "workforce")
HOUSE_FACTS = ("messaging.inbound_refused",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as it is drawn, with who and where it leads."""

    id: UUID
    name: str
    at: datetime
    sentence: str
    who: str
    subjects: tuple[UUID, ...]
    has_cause: bool
    forgotten: bool


@require_safe
@requires(Permission.CONTROL_USE, Permission.JOURNAL_READ)
def listed(request: RegionRequest, region: str) -> HttpResponse:
    """Newest first; `name` filters by kind of fact, `subject` by what it concerns."""
    viewer = request.viewer
    wanted = request.GET.get("name", "")
    subject = request.GET.get("subject", "").strip()
    words: dict[str, Any] = {
        "groups": _groups(viewer),
        "name": wanted,
        "subject": subject,
        "sealing": oversight.sealing(viewer.region_id, clock.now()),
    }
    if subject:
        found = _about(request, subject, wanted)
        words["unknown"] = found is None
        words["page"] = Page(rows=drawn(found or []), newest="", older="")
        return shown(request, "control/journal.html", words)
    names = (wanted,) if wanted else _names(viewer)
    if wanted and not _may_read(viewer, wanted):
        names = ("-",)
    found = queries.entries(
        viewer.region_id,
        names=names,
        before=read_key(request.GET.get("after", "")),
        limit=PAGE_ROWS + 1,
    )
    part = page(request, found, lambda item: (item.at, item.id))
    rows = drawn(readable(viewer, part.rows))
    words["page"] = Page(rows=rows, newest=part.newest, older=part.older)
    return shown(request, "control/journal.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.JOURNAL_READ)
def entry(request: RegionRequest, region: str, entry_id: UUID) -> HttpResponse:
    """One entry, and the walk up to what led to it."""
    viewer = request.viewer
    one = queries.entry_view(viewer.region_id, entry_id)
    if one is None or not _may_read(viewer, one.name) or not readable(viewer, [one]):
        raise NotFound()
    above = [
        item for item in queries.causes(entry_id, limit=CAUSES_MAX) if _may_read(viewer, item.name)
    ]
    told = drawn([one, *readable(viewer, above)])
    return shown(
        request,
        "control/entry.html",
        {"entry": told[0], "causes": told[1:], "fields": _fields(one)},
    )


@require_POST
@requires(Permission.CONTROL_USE, Permission.JOURNAL_READ)
def verify(request: RegionRequest, region: str) -> HttpResponse:
    """Recompute the newest links of the chain; the command line does the whole of it."""
    region_id = request.viewer.region_id
    flaws = []
    for flaw in sealing.verify(region_id, last=VERIFIED_LAST):
        flaws.append(flaw)
        if len(flaws) >= FLAWS_MAX:
            break
    length, head = sealing.head(region_id)
    return shown(
        request,
        "control/_verified.html",
        {"flaws": flaws, "checked": min(length, VERIFIED_LAST), "length": length, "head": head},
    )


def timeline(viewer: Viewer, subject_id: UUID) -> list[Entry]:
    """What happened to one thing, oldest first, as this viewer may read it."""
    found = queries.timeline(viewer.region_id, subject_id)
    return drawn(readable(viewer, [item for item in found if _may_read(viewer, item.name)]))


def drawn(entries: list[EntryView]) -> list[Entry]:
    """With the names of the people, looked up once."""
    names = wording.actor_names(item.actor for item in entries)
    return [
        Entry(
            id=item.id,
            name=item.name,
            at=item.at,
            sentence=item.sentence,
            who=wording.actor_words(item.actor, names),
            subjects=item.subjects,
            has_cause=item.cause_id is not None,
            forgotten=item.forgotten,
        )
        for item in entries
    ]


def _about(request: RegionRequest, text: str, name: str) -> list[EntryView] | None:
    """The timeline of what was typed (an id or a code), newest first; None if nothing is known."""
    subject_id = subjects.named(request.viewer, text)
    if subject_id is None:
        return None
    found = queries.timeline(request.viewer.region_id, subject_id)[::-1]
    kept = [
        item
        for item in found
        if _may_read(request.viewer, item.name) and (not name or item.name == name)
    ]
    return readable(request.viewer, kept)


def _may_read(viewer: Viewer, name: str) -> bool:
    if viewer.may(Permission.REPORTS_READ):
        return True
    return name.split(".")[0] in HOUSE_ROOMS or name in HOUSE_FACTS


def _names(viewer: Viewer) -> tuple[str, ...]:
    """Empty means all of them."""
    if viewer.may(Permission.REPORTS_READ):
        return ()
    return tuple(name for name in facts.registry() if _may_read(viewer, name))


def _groups(viewer: Viewer) -> list[tuple[str, list[tuple[str, str]]]]:
    """Kinds of facts for the filter, by room: their sentences with the places left open."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, declared in sorted(facts.registry().items()):
        room = name.split(".")[0]
        if room in wording.ROOMS and _may_read(viewer, name):
            found.setdefault(room, []).append((name, _opened(_(declared.reads))))
    return [(str(wording.ROOMS[room]), names) for room, names in found.items()]


def _opened(sentence: str) -> str:
    class Dots(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return "…"

    try:
        return sentence % Dots()
    except (TypeError, ValueError):
        return sentence


def _fields(one: EntryView) -> list[tuple[str, str]]:
    """The recorded values, for those who check; ids lead to their subjects by the page."""
    return [(key, "–" if value in (None, "") else str(value)) for key, value in one.data.items()]
