"""A browser in which one of the cast has signed in."""

from django.test import Client

from siaga.accounts.models import Person
from siaga.accounts.types import Viewer


def desk(viewer: Viewer) -> Client:
    """Signed in as this person."""
    client = Client()
    client.force_login(Person.objects.get(id=viewer.person_id))
    return client
