"""siaga people add|list|grant|revoke|reset"""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from siaga.accounts import queries, services
from siaga.accounts.passwords import temporary_password
from siaga.accounts.types import PersonView, Role
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.errors import SiagaError
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import LANGUAGES, RegionId
from siaga.regions import queries as regions

INSTALLER = Actor.system("people-command")
ROLES = tuple(role.value for role in Role)


class Command(BaseCommand):
    """For whoever runs the installation: the first administrator, and lost passwords."""

    help = "Add people, list them, grant and end their roles, reset their passwords."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        adding = steps.add_parser("add", help="add a person with a first role")
        _who(adding)
        adding.add_argument("--name", required=True, help="the full name")
        adding.add_argument("--email", default="")
        adding.add_argument("--phone", default=None)
        adding.add_argument("--language", choices=LANGUAGES, default="id")
        _role(adding)
        listing = steps.add_parser("list", help="who holds which role in a region")
        listing.add_argument("region")
        granting = steps.add_parser("grant", help="give a person of the house another role")
        _who(granting)
        _role(granting)
        ending = steps.add_parser("revoke", help="end a role")
        _who(ending)
        ending.add_argument("role", choices=ROLES)
        resetting = steps.add_parser("reset", help="give a temporary password")
        _who(resetting)
        resetting.add_argument(
            "--second-factor", action="store_true", help="remove the second factors too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        step, region_id = options["step"], RegionId(options["region"])
        if region_id not in regions.region_ids():
            raise CommandError(f"there is no region {region_id}; see `siaga regions apply`")
        with translation.override("en"):
            try:
                # All or nothing: a person whose role is refused is not added either.
                with acting_in(region_id):
                    getattr(self, f"_{step}")(region_id, options, clock.now())
            except SiagaError as refusal:
                raise CommandError(refusal.message) from refusal

    def _add(self, region_id: RegionId, options: dict[str, Any], now: datetime) -> None:
        password = temporary_password()
        person_id = services.create_person(
            username=options["username"],
            full_name=options["name"],
            password=password,
            region_id=region_id,
            email=options["email"],
            phone=options["phone"],
            language=options["language"],
            must_change_password=True,
            by=INSTALLER,
            now=now,
        )
        services.grant(
            person_id=person_id,
            region_id=region_id,
            role=Role(options["role"]),
            agency_code=options["agency"],
            confidential_types=options["confidential"],
            by=INSTALLER,
            now=now,
        )
        self.stdout.write(f"temporary password of {options['username']}: {password}")

    def _list(self, region_id: RegionId, options: dict[str, Any], now: datetime) -> None:
        for person in queries.people(region_id, now):
            held = ", ".join(_held(person))
            factor = "second factor" if person.has_second_factor else "-"
            self.stdout.write(f"{person.username:20} {person.full_name:30} {factor:14} {held}")

    def _grant(self, region_id: RegionId, options: dict[str, Any], now: datetime) -> None:
        person_id = queries.person_id(options["username"])
        if person_id is None:
            raise CommandError(f"nobody signs in as {options['username']}")
        services.grant(
            person_id=person_id,
            region_id=region_id,
            role=Role(options["role"]),
            agency_code=options["agency"],
            confidential_types=options["confidential"],
            by=INSTALLER,
            now=now,
        )

    def _revoke(self, region_id: RegionId, options: dict[str, Any], now: datetime) -> None:
        person = self._person(region_id, options["username"], now)
        ended = [item.id for item in person.memberships if item.role == options["role"]]
        if not ended:
            raise CommandError(f"{person.username} is no {options['role']} in {region_id}")
        for membership_id in ended:
            services.revoke(membership_id=membership_id, region_id=region_id, by=INSTALLER, now=now)

    def _reset(self, region_id: RegionId, options: dict[str, Any], now: datetime) -> None:
        person = self._person(region_id, options["username"], now)
        password = services.reset_password(
            person_id=person.id,
            region_id=region_id,
            remove_second_factors=options["second_factor"],
            by=INSTALLER,
            now=now,
        )
        self.stdout.write(f"temporary password of {person.username}: {password}")

    def _person(self, region_id: RegionId, username: str, now: datetime) -> PersonView:
        person_id = queries.person_id(username)
        person = queries.person(person_id, region_id, now) if person_id else None
        if person is None:
            raise CommandError(f"{username} holds no role in {region_id}")
        return person


def _who(parser: ArgumentParser) -> None:
    parser.add_argument("region")
    parser.add_argument("username")


def _role(parser: ArgumentParser) -> None:
    parser.add_argument("--role", choices=ROLES, required=True)
    parser.add_argument("--agency", default=None, help="the agency of an agency officer")
    parser.add_argument(
        "--confidential",
        action="append",
        default=[],
        metavar="TYPE",
        help="a confidential case type this person may see, e.g. KDRT; may be repeated",
    )


def _held(person: PersonView) -> list[str]:
    return [
        f"{item.role}({item.agency_code})" if item.agency_code else item.role.value
        for item in person.memberships
    ]
