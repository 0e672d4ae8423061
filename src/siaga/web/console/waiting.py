"""What waits: contacts, what is in hand, reports to verify, incidents that need somebody."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.intake import services as intake_services
from siaga.intake.errors import AlreadyClaimed, AlreadyEnded
from siaga.kernel import clock
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import contacts, lists
from siaga.web.console.pages import Work, opened, part, told

NEXT_TRIES = 5


@require_GET
@requires(Permission.CONSOLE_USE)
def desk(request: RegionRequest, region: str) -> HttpResponse:
    """The desk with nothing in hand."""
    return opened(request, idle(request))


def idle(request: RegionRequest) -> Work:
    """An empty desk: what to do next."""
    return Work(
        template="console/_idle.html",
        url=reverse("console:desk", args=[request.region_id]),
        title=_("Desk"),
    )


@require_GET
@requires(Permission.CONSOLE_USE)
def waiting(request: RegionRequest, region: str) -> HttpResponse:
    """The lists, looked at again."""
    return part(request, "console/_waiting.html", {"groups": lists.groups(request.viewer)})


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_CLAIM)
def take_next(request: RegionRequest, region: str) -> HttpResponse:
    """Claim the most pressing contact; if a colleague was faster, the one after it."""
    for contact in intake.waiting_contacts(request.viewer, limit=NEXT_TRIES):
        try:
            intake_services.claim(
                contact.id,
                region_id=request.region_id,
                by=request.viewer.actor,
                now=clock.now(),
            )
        except (AlreadyClaimed, AlreadyEnded):
            continue
        return contacts.after_claim(request, contact.id)
    return told(_("Nobody waits. Well done."), resync=True, status=200)
