"""The tables of people. A person is of no region; what they may do is, by membership."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from siaga.accounts.roles import Role, Scope
from siaga.kernel.ids import new_id


class PersonManager(models.Manager["Person"]):
    """What Django's sign-in asks of the table of users."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this user name, whatever its letter case."""
        return self.get(username=(username or "").lower())


class Person(AbstractBaseUser):
    """Somebody who signs in. Global: carries no region, is listed only through memberships."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, null=True)
    language = models.CharField(max_length=2, default="id")
    pin = models.CharField(max_length=128, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        db_table = "accounts_person"
        constraints = [
            models.CheckConstraint(
                condition=Q(username=Lower("username")), name="person_username_lower"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["id", "en"]), name="person_language_known"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """The name by which colleagues know the person; Django's own word for it."""
        return self.full_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """The one condition that everybody asks for."""

    def valid_at(self, now: object) -> Self:
        """Those in force at this moment."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=now), valid_from__lte=now)


class Membership(models.Model):
    """A role of a person in a region, for a time. Revoking sets its end; rows are kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24)
    agency_code = models.CharField(max_length=40, null=True)
    confidential_types = ArrayField(models.CharField(max_length=40), default=list)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Membership"]] = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "accounts_membership"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id", "person", "role", "agency_code"],
                nulls_distinct=False,
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[item.value for item in Role]), name="membership_role_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(role=Role.AGENCY_OFFICER.value, agency_code__isnull=False)
                    | (~Q(role=Role.AGENCY_OFFICER.value) & Q(agency_code=None))
                ),
                name="membership_agency_of_officers",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="membership_ends_after_start",
            ),
        ]
        indexes = [
            # Read by accounts.queries.on_call_officers, for every assignment sent.
            models.Index(
                fields=["region_id", "agency_code"],
                name="membership_agency",
                condition=Q(agency_code__isnull=False),
            ),
            # Read by accounts.queries.memberships at sign-in, across a person's regions.
            models.Index(fields=["person", "region_id"], name="membership_person"),
        ]


class ApiToken(models.Model):
    """A key for a program, held by a person or by an agency. Only its digest is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="tokens")
    agency_code = models.CharField(max_length=40, null=True)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=12))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_token"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(person__isnull=False, agency_code=None)
                    | Q(person=None, agency_code__isnull=False)
                ),
                name="token_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=[item.value for item in Scope])
                & Q(scopes__len__gt=0),
                name="token_scopes_known",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="token_expires_later"
            ),
        ]
        indexes = [
            # Read by accounts.queries.tokens, the list in the control face.
            models.Index(fields=["region_id", "-created_at"], name="token_region"),
        ]


class SignIn(models.Model):
    """A place where a person is signed in. Without its row a session opens nothing.

    Locking lives here and not in the session's own data, because a session is written whole:
    a slow request could write a lock away.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40)
    ip = models.CharField(max_length=45)
    device = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    active_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    unlock_failures = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    idle_lock = models.BooleanField()

    class Meta:
        db_table = "accounts_sign_in"
        indexes = [
            # Read by accounts.queries.sessions, the person's own list.
            models.Index(fields=["person", "-seen_at"], name="sign_in_person"),
        ]
