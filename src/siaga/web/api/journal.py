"""The journal: what happened, newest first, for those who may read it."""

from typing import Any
from uuid import UUID

from ninja import Router

from siaga.accounts.types import Permission
from siaga.followup.queries import readable
from siaga.journal import queries
from siaga.web.api.guard import ApiRequest, operation, viewer_of
from siaga.web.api.pages import LIMIT_DEFAULT, Page, bounded, page, read_cursor
from siaga.web.api.schemas import EntryOut

router = Router(tags=["journal"])


@router.get("journal", response=Page[EntryOut])
@operation(Permission.JOURNAL_READ)
def journal(
    request: ApiRequest,
    name: str = "",
    subject: UUID | None = None,
    cursor: str = "",
    limit: int = LIMIT_DEFAULT,
) -> Any:
    """Entries, newest first; by name of fact, or the timeline of one subject."""
    viewer = viewer_of(request)
    if subject is not None:
        found = queries.timeline(viewer.region_id, subject)[::-1]
        return {"items": readable(viewer, found), "next": None}
    found = queries.entries(
        viewer.region_id,
        names=(name,) if name else (),
        before=read_cursor(cursor),
        limit=bounded(limit) + 1,
    )
    answer = page(request, found, limit, at="at")
    answer["items"] = readable(viewer, answer["items"])
    return answer
