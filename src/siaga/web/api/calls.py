"""Calls: read only; what may be done with one is done with its contact."""

from typing import Any
from uuid import UUID

from ninja import Router

from siaga.accounts.types import Permission
from siaga.intake import queries as intake_queries
from siaga.kernel.errors import NotFound
from siaga.telephony import queries
from siaga.web.api.guard import ApiRequest, operation, viewer_of
from siaga.web.api.pages import LIMIT_DEFAULT, Page, bounded, page, read_cursor
from siaga.web.api.schemas import CallOut

router = Router(tags=["calls"])


@router.get("calls", response=Page[CallOut])
@operation(Permission.CONTACTS_READ)
def calls(request: ApiRequest, cursor: str = "", limit: int = LIMIT_DEFAULT) -> Any:
    """Every offered call, newest first; a call's contact has the call's own id."""
    viewer = viewer_of(request)
    found = queries.calls(viewer, before=read_cursor(cursor), limit=bounded(limit) + 1)
    hidden = intake_queries.hidden_ids(viewer, [call.id for call in found])
    answer = page(request, found, limit, at="presented_at")
    # Who called about what only some may see is as confidential as the contact itself.
    return answer | {"items": [call for call in answer["items"] if call.id not in hidden]}


@router.get("calls/{uuid:call_id}", response=CallOut)
@operation(Permission.CONTACTS_READ)
def call(request: ApiRequest, call_id: UUID) -> Any:
    """One call."""
    viewer = viewer_of(request)
    if intake_queries.hidden_ids(viewer, [call_id]):
        raise NotFound
    return queries.call_for(viewer, call_id)
