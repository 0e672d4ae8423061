"""How the softphone's own requests are answered: JSON, and a refusal as a sentence in it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import transaction
from django.http import HttpResponse, JsonResponse

from siaga.kernel.errors import SiagaError
from siaga.web.accounts.access import RegionRequest

P = ParamSpec("P")
View = Callable[Concatenate[RegionRequest, P], HttpResponse]


def in_json(view: View[P]) -> View[P]:
    """A refusal undoes what the view wrote and is told by its sentence."""

    @wraps(view)
    def answered(request: RegionRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except SiagaError as refused:
            said = {"code": refused.code, "message": str(refused.message)}
            return JsonResponse(said, status=refused.http_status)

    return answered
