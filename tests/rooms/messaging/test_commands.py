"""What an administrator types."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from siaga.messaging import drain
from siaga.messaging.models import Inbound
from siaga.protocols import notices
from tests.rooms.messaging.conftest import NEIGHBOUR, REGION, Stage, deliver


def run(*line: str) -> str:
    out = StringIO()
    call_command(*line, stdout=out)
    return out.getvalue()


def test_every_notice_has_a_template_to_hand_in_in_both_languages() -> None:
    handed_in = [json.loads(line) for line in run("whatsapp", "templates").splitlines()]
    assert len(handed_in) == 2 * len(notices.all_forms())
    for template in handed_in:
        (body,) = template["components"]
        places = body["text"].count("{{")
        assert places == len(body.get("example", {"body_text": [[]]})["body_text"][0])
        assert template["category"] == "UTILITY"


def test_an_account_can_be_tried(stage: Stage) -> None:
    assert "Call Center 112" in run("whatsapp", "check", REGION)
    assert stage.exchange.sent == []


def test_an_account_that_does_not_work_says_why(stage: Stage, home: Path) -> None:
    secrets = home / "secrets.toml"
    secrets.write_text(secrets.read_text().replace(f"access-of-{REGION}", "expired-token"))
    with pytest.raises(CommandError, match="190") as refusal:
        run("whatsapp", "check", REGION)
    assert "expired-token" not in str(refusal.value)
    with pytest.raises(CommandError, match=r"no \[whatsapp.nowhere\]"):
        run("whatsapp", "check", "nowhere")


@pytest.mark.django_db
@pytest.mark.usefixtures("at_home", "frozen")
def test_troubled_deliveries_are_listed_and_read_again() -> None:
    row = deliver(b"not json")
    drain.drain_inbound()
    assert f"{row.id}  " in run("inbound", REGION)
    assert run("inbound", NEIGHBOUR) == ""
    assert "1 will be read again" in run("inbound", REGION, "--retry")
    assert Inbound.objects.get().state == "new"


def test_the_stand_in_needs_accounts_to_play_for(home: Path) -> None:
    (home / "secrets.toml").unlink()
    with pytest.raises(CommandError, match="no WhatsApp account"):
        run("whatsapp_standin")
