"""Who may enter a view. Deny by default: a view that says nothing is not served.

`@requires(Permission.X)` for the views of a region, `@signed_in` for those of none, `@public` for
the citizen's. Third-party views are listed in LISTED, each with its own guard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponseBase

from siaga.accounts.types import Permission, SessionView, Viewer
from siaga.kernel.errors import Forbidden, NotFound
from siaga.kernel.types import RegionId
from siaga.web.accounts import gates

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponseBase]

LISTED = {
    "allauth.": "sign-in, second factor: guarded by allauth itself",
    "django.views.i18n": "the choice of a language",
    "ninja.": "the API: guarded by tokens",
    "siaga.web.shared.": "the design page and the like: no data of any region",
}


class RegionRequest(HttpRequest):
    """A request to a view of a region by somebody who may enter it."""

    viewer: Viewer
    region_id: RegionId
    desk: SessionView


class PublicRequest(HttpRequest):
    """A request to a citizen's view; `viewer` is somebody only if they also serve here."""

    viewer: Viewer | None
    region_id: RegionId | None


@dataclass(frozen=True, slots=True)
class Access:
    """What a view says about who may enter."""

    level: str
    permissions: frozenset[Permission] = frozenset()


def requires(*permissions: Permission) -> Callable[[View[R, P]], View[R, P]]:
    """Only for a signed-in person whose roles in this region allow all of these.

    Without a role in the region the answer is "not found", as if nothing were there.
    """

    def decorate(view: View[R, P]) -> View[R, P]:
        @wraps(view)
        def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refusal = gates.refusal(request)
            if refusal is not None:
                return refusal
            viewer: Viewer | None = getattr(request, "viewer", None)
            if viewer is None:
                raise NotFound()
            if not all(viewer.may(permission) for permission in permissions):
                raise Forbidden()
            return view(request, *args, **kwargs)

        _mark(guarded, Access("region", frozenset(permissions)))
        return guarded

    return decorate


def signed_in(view: View[R, P]) -> View[R, P]:
    """For anybody signed in, in no particular region: one's own account, the choice of a region."""

    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        refusal = gates.refusal(request)
        return refusal if refusal is not None else view(request, *args, **kwargs)

    _mark(guarded, Access("signed_in"))
    return guarded


def public(view: View[R, P]) -> View[R, P]:
    """For everybody. Say it aloud, so that nothing is public by forgetting."""

    @wraps(view)
    def open_view(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    _mark(open_view, Access("public"))
    return open_view


def access_of(view: Callable[..., Any]) -> Access | None:
    """What this view says; None means it must not be served."""
    while isinstance(view, partial):
        view = view.func
    said = getattr(view, "siaga_access", None)
    if isinstance(said, Access):
        return said
    view = getattr(view, "func", view)  # a functools.partial, as ninja serves its description
    if any(view.__module__.startswith(prefix) for prefix in LISTED):
        return Access("listed")
    return None


def _mark(view: Callable[..., Any], access: Access) -> None:
    view.siaga_access = access  # type: ignore[attr-defined]
