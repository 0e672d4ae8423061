"""Who may call: a token of a person or of an agency, for one region, within its scopes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from siaga.accounts import services as accounts
from siaga.accounts.types import Permission, TokenHolder, Viewer
from siaga.kernel import clock
from siaga.kernel.errors import Forbidden
from siaga.kernel.tenancy import acting_in

P = ParamSpec("P")
T = TypeVar("T")


class ApiRequest(HttpRequest):
    """A request with a valid token."""

    auth: TokenHolder


class TokenAuth(HttpBearer):
    """`Authorization: Bearer siaga_…`; anything else is 401."""

    def authenticate(self, request: HttpRequest, token: str) -> TokenHolder | None:
        """The holder, or None."""
        del request
        return accounts.use_token(token, clock.now())


def operation(
    permission: Permission,
) -> Callable[[Callable[Concatenate[ApiRequest, P], T]], Callable[Concatenate[ApiRequest, P], T]]:
    """Only for holders who may do this; runs in one transaction that sees their region only."""

    def decorate(
        call: Callable[Concatenate[ApiRequest, P], T],
    ) -> Callable[Concatenate[ApiRequest, P], T]:
        @wraps(call)
        def guarded(request: ApiRequest, *args: P.args, **kwargs: P.kwargs) -> T:
            if not request.auth.may(permission):
                raise Forbidden
            with acting_in(request.auth.region_id):
                return call(request, *args, **kwargs)

        return cast("Callable[Concatenate[ApiRequest, P], T]", guarded)

    return decorate


def viewer_of(request: HttpRequest) -> Viewer:
    """As whom the token looks."""
    holder: Any = getattr(request, "auth", None)
    assert isinstance(holder, TokenHolder)
    return holder.viewer
