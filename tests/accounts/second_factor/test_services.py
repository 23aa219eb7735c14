"""Setting an authenticator up, using its codes once, and losing it."""

import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet
from pytest_django import Settings

from altis.accounts.models import User
from altis.accounts.second_factor.codes import matching_step
from altis.accounts.second_factor.errors import NotEnrolled, TooSoon, WrongCode
from altis.accounts.second_factor.models import Authenticator, RecoveryCode
from altis.accounts.second_factor.selectors import Standing, is_enrolled, recovery_codes_left, standing_of
from altis.accounts.second_factor.services import verify
from altis.accounts.second_factor.services.enrol import begin_enrolment, confirm_enrolment
from altis.accounts.second_factor.services.verify import verify_code
from tests.accounts.second_factor.apps import code_of, device_of, enrolled
from tests.races.threads import Runner, race

WRONG = "AAAA-AAAA-AAAA-AAAA"


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("agent@example.com", "correct horse battery", is_staff=True)


def test_an_authenticator_is_in_force_once_its_code_was_given(user: User) -> None:
    waiting = begin_enrolment(user=user)
    before = is_enrolled(user)

    device, codes = confirm_enrolment(user=user, code=code_of(waiting.secret))

    assert (before, is_enrolled(user), device.pk, len(codes)) == (False, True, waiting.pk, 10)
    assert recovery_codes_left(user) == 10


def test_looking_twice_shows_one_secret(user: User) -> None:
    assert begin_enrolment(user=user).secret == begin_enrolment(user=user).secret


def test_a_wrong_first_code_changes_nothing(user: User) -> None:
    begin_enrolment(user=user)

    with pytest.raises(WrongCode):
        confirm_enrolment(user=user, code="")

    assert (is_enrolled(user), RecoveryCode.objects.count()) == (False, 0)


def test_a_second_authenticator_does_not_push_the_first_out(user: User) -> None:
    secret, _ = enrolled(user)
    waiting = begin_enrolment(user=user)

    with pytest.raises(WrongCode):
        confirm_enrolment(user=user, code=code_of(waiting.secret))

    assert device_of(user).secret == secret


def test_the_secret_stands_nowhere_in_clear(user: User) -> None:
    secret, codes = enrolled(user)

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM second_factor_authenticator")
        [(stored,)] = cursor.fetchall()

    assert stored.startswith("v1|")
    assert secret not in stored
    digests = "".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code.replace("-", "") in digests.upper() for code in codes)


def test_a_code_is_good_once(user: User) -> None:
    secret, _ = enrolled(user)
    code = code_of(secret)

    assert verify_code(user=user, code=f" {code[:3]} {code[3:]} ").user_id == user.pk
    with pytest.raises(WrongCode):
        verify_code(user=user, code=code)


def test_a_recovery_code_is_good_once_and_for_its_owner_only(user: User) -> None:
    other = User.objects.create_user("other@example.com", "correct horse battery", is_staff=True)
    enrolled(other)
    _, codes = enrolled(user)

    with pytest.raises(WrongCode):
        verify_code(user=other, code=codes[0])
    verify_code(user=user, code=codes[0].lower())
    with pytest.raises(WrongCode):
        verify_code(user=user, code=codes[0])

    assert recovery_codes_left(user) == 9


def test_after_wrong_codes_not_even_the_right_one_is_looked_at(user: User) -> None:
    secret, _ = enrolled(user)
    Authenticator.objects.filter(user=user).update(throttling_failure_count=5)

    with pytest.raises(WrongCode):
        verify_code(user=user, code=WRONG)
    with pytest.raises(TooSoon):
        verify_code(user=user, code=code_of(secret))

    device = device_of(user)
    assert device.throttling_failure_count == 6
    Authenticator.objects.filter(pk=device.pk).update(throttling_failure_timestamp=None)
    verify_code(user=user, code=code_of(secret))
    assert device_of(user).throttling_failure_count == 0


def test_who_has_none_is_told_so(user: User) -> None:
    begin_enrolment(user=user)

    with pytest.raises(NotEnrolled):
        verify_code(user=user, code=WRONG)


@pytest.mark.parametrize(("required", "expected"), [(False, Standing.COMPLETE), (True, Standing.NEEDS_SET_UP)])
def test_a_password_alone_is_enough_unless_the_setting_says_otherwise(
    user: User, settings: Settings, required: bool, expected: Standing
) -> None:
    settings.ALTIS_REQUIRE_TOTP = required

    assert standing_of(user, verified=False) is expected
    enrolled(user)
    assert standing_of(user, verified=False) is Standing.NEEDS_CODE
    assert standing_of(user, verified=True) is Standing.COMPLETE


def test_an_operator_takes_a_lost_authenticator_away(user: User) -> None:
    enrolled(user)
    out = StringIO()

    call_command("reset_second_factor", user.pk, stdout=out)

    assert out.getvalue() == f"{user.pk} has no second factor any more\n"
    assert (is_enrolled(user), recovery_codes_left(user)) == (False, 0)
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", user.pk)
    with pytest.raises(CommandError, match="no user"):
        call_command("reset_second_factor", "usr_nobody")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("spare", [False, True])
def test_of_ten_that_bring_one_code_at_once_one_gets_in(user: User, spare: bool) -> None:
    secret, codes = enrolled(user)
    code = codes[0] if spare else code_of(secret)

    def bring() -> str:
        try:
            verify_code(user=user, code=code)
        except (WrongCode, TooSoon):
            return "refused"
        return "in"

    answers = race([Runner(bring)] * 10, connect_first=False)

    assert sorted(answers) == ["in", *["refused"] * 9]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_get_in(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: both have read the last step before either has written it."""
    secret, _ = enrolled(user)
    code, both = code_of(secret), threading.Barrier(2, timeout=20)

    def meet(*args: Any, **kwargs: Any) -> int | None:
        both.wait()
        return matching_step(*args, **kwargs)

    monkeypatch.setattr(verify, "matching_step", meet)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self: self)

    answers = race([Runner(lambda: verify_code(user=user, code=code).user_id)] * 2)

    assert answers == [user.pk, user.pk]
