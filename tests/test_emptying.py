"""After a test that committed, the next one finds the database as the migrations left it."""

import pytest
from django.contrib.auth.models import Group, Permission

from altis.accounts.models import User
from altis.accounts.roles import Role
from altis.store.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("round", [1, 2])
def test_rows_of_the_test_before_are_gone(round: int, owner_user: User) -> None:
    assert (User.objects.count(), OutboxEvent.objects.count()) == (1, 0)


@pytest.mark.parametrize("round", [1, 2])
def test_what_migrations_made_is_made_again_when_a_test_spoils_it(round: int) -> None:
    role = Group.objects.get(name=Role.FINANCE.value)

    assert role.permissions.exists()
    assert not Group.objects.filter(name="somebody's own").exists()
    assert Permission.objects.filter(codename="reveal_personal_data").exists()

    role.permissions.clear()
    Group.objects.create(name="somebody's own")
    Permission.objects.filter(codename="reveal_personal_data").delete()
