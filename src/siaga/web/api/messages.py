"""Messages: read and search, write to a citizen."""

from typing import Any
from uuid import UUID

from ninja import Router, Status

from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.messaging import queries, services
from siaga.web.api.guard import ApiRequest, operation, viewer_of
from siaga.web.api.pages import LIMIT_DEFAULT, Page, bounded, page, read_cursor
from siaga.web.api.schemas import IdOut, MessageOut, TextIn

router = Router(tags=["messages"])


@router.get("messages", response=Page[MessageOut])
@operation(Permission.MESSAGES_READ)
def messages(
    request: ApiRequest,
    *,
    external_id: str | None = None,
    search: str = "",
    contact_id: UUID | None = None,
    cursor: str = "",
    limit: int = LIMIT_DEFAULT,
) -> Any:
    """Messages, newest first; `search` finds words anywhere in the text."""
    viewer = viewer_of(request)
    before = read_cursor(cursor)
    found = queries.search(
        viewer.region_id,
        words=search[:100],
        external_id=external_id,
        contact_id=contact_id,
        before_id=before[1] if before else None,
        limit=bounded(limit) + 1,
    )
    answer = page(request, found, limit, at="at")
    hidden = intake.hidden_ids(viewer, [item.contact_id for item in found if item.contact_id])
    answer["items"] = [item for item in answer["items"] if item.contact_id not in hidden]
    return answer


@router.post("contacts/{uuid:contact_id}/messages", response={201: IdOut})
@operation(Permission.MESSAGES_SEND)
def send(request: ApiRequest, contact_id: UUID, said: TextIn) -> Any:
    """Write to the citizen of a contact; 409 when the 24-hour window has closed."""
    seen = intake.contact_for(viewer_of(request), contact_id)
    if seen.correspondent_id is None:
        raise NotFound
    message_id = services.send_text(
        seen.correspondent_id,
        said.text,
        contact_id=seen.id,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(201, {"id": message_id})
