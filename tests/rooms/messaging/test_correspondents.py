"""Two workers at once, and people who were merged away meanwhile."""

import threading
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connections

from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound
from siaga.kernel.tenancy import acting_in
from siaga.messaging import services
from siaga.messaging.models import Alias, Correspondent, Message
from siaga.messaging.services.correspondents import locked
from siaga.messaging.types import AliasKind, Identity
from tests.databases import TestDatabase
from tests.rooms.messaging.conftest import NOW, REGION, incoming

BY = Actor.channel("whatsapp")


@pytest.mark.django_db
@pytest.mark.usefixtures("at_home")
def test_nobody_is_not_found() -> None:
    with pytest.raises(NotFound):
        locked(uuid4())


def test_many_first_messages_at_once_make_one_person(committed_db: TestDatabase) -> None:
    failures: list[BaseException] = []
    together = threading.Barrier(6)

    def write(number: int, moment: datetime) -> None:
        names = [Identity(kind=AliasKind.WA_ID, external_id="6281200001112")]
        if number % 2:
            names.append(Identity(kind=AliasKind.BSUID, external_id="ID.1349120865530274"))
        try:
            together.wait(10)
            with acting_in(REGION):
                services.receive(
                    incoming(external_id=f"wamid.{number % 4}", identities=tuple(names)),
                    by=BY,
                    now=moment,
                )
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number, NOW)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    with acting_in(REGION):
        assert Message.objects.count() == 4
        assert Correspondent.objects.filter(merged_into__isnull=True).count() == 1
        assert Alias.objects.count() == 2
