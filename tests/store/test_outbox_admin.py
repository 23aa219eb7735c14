"""Staff see the outbox, and may have a parked event tried again."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from altis.accounts.models import User
from altis.store.database import DbNow
from altis.store.models import OutboxEvent
from tests.store.rows import note

pytestmark = pytest.mark.django_db(databases=["default", "analytics"])  # the sidebar counts drift
LIST = "admin:store_outboxevent_changelist"


def _staff(*permissions: str) -> Client:
    user = User.objects.create_user("staff@example.com", "correct horse battery", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def _try_again(client: Client) -> Any:
    chosen = [str(row.position) for row in OutboxEvent.objects.all()]
    return client.post(reverse(LIST), {"action": "try_again", "_selected_action": chosen}, follow=True)


@pytest.fixture(autouse=True)
def _parked() -> None:
    rows = note("a", "1", "2")
    OutboxEvent.objects.filter(position=rows[0].position).update(parked_at=DbNow(), error="too large")


def test_staff_with_the_right_to_it_have_parked_events_tried_again() -> None:
    reply = _try_again(_staff("view_outboxevent", "retry_outboxevent"))

    assert "1 parked events will be tried again." in reply.content.decode()
    assert not OutboxEvent.objects.filter(parked_at__isnull=False).exists()


def test_whoever_may_only_look_is_not_offered_it_and_changes_nothing() -> None:
    reply = _try_again(_staff("view_outboxevent"))

    assert "try_again" not in reply.content.decode()
    assert OutboxEvent.objects.filter(parked_at__isnull=False).count() == 1
