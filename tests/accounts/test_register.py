"""Registration: an account, or a refusal that leaves nothing."""

import pytest

from altis.accounts.errors import EmailTaken, InvalidEmail, WeakPassword
from altis.accounts.models import User
from altis.accounts.services.register import register
from altis.privacy.models import SubjectKey
from tests.accounts.conftest import PASSWORD, MakeUser


@pytest.mark.django_db
def test_account_is_made_for_a_customer() -> None:
    register(email="Ana@Example.com", password=PASSWORD)

    user = User.objects.get()
    assert (user.email, user.check_password(PASSWORD)) == ("Ana@example.com", True)
    assert (user.is_active, user.is_staff, user.is_superuser, user.email_verified_at) == (True, False, False, None)


def test_taken_address_is_refused(make_user: MakeUser) -> None:
    make_user()

    with pytest.raises(EmailTaken):
        register(email="ANA@example.com", password=PASSWORD)

    assert (User.objects.count(), SubjectKey.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["7xQ!z", "password123", "73829164555", "ana.gonzalez"])
def test_weak_password_is_refused_at_its_pointer(password: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        register(email="ana.gonzalez@example.com", password=password)

    [fault] = refusal.value.faults
    assert (fault.pointer, fault.code) == ("/password", "weak_password")
    assert password not in fault.detail
    assert User.objects.exists() is False


@pytest.mark.django_db
def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(InvalidEmail):
        register(email="ana at example.com", password=PASSWORD)

    assert User.objects.exists() is False
