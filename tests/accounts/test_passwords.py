"""A new password: by the old one, or by a link. Every session from before ends."""

import pytest
from django.test import Client
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from altis.accounts import links, tokens
from altis.accounts.errors import InvalidCredentials, InvalidLink, WeakPassword
from altis.accounts.hashers import Argon2Hasher
from altis.accounts.models import User
from altis.accounts.passwords import replace_password
from altis.accounts.services.change_password import change_password
from altis.accounts.services.login import login
from altis.accounts.services.refresh import refresh_session
from altis.accounts.services.reset_password import reset_password
from altis.shared.errors import Unauthenticated
from tests.accounts.conftest import NEW_PASSWORD, PASSWORD, MakeUser
from tests.races.threads import Runner, race


def assert_ended(*pairs: tokens.Pair) -> None:
    """No token of these works any more, and no refresh token is left unspent."""
    for pair in pairs:
        with pytest.raises(Unauthenticated):
            tokens.actor_of(pair.access)
        with pytest.raises(Unauthenticated):
            refresh_session(refresh=pair.refresh or "")
    assert OutstandingToken.objects.filter(blacklistedtoken=None).exists() is False


def test_change_takes_the_old_password_and_ends_every_session(make_user: MakeUser) -> None:
    user = make_user()
    sessions = [tokens.issue_for(user), tokens.issue_for(user)]
    assert [tokens.actor_of(session.access).id for session in sessions] == [user.pk, user.pk]

    changed = change_password(user_id=user.pk, current_password=PASSWORD, new_password=NEW_PASSWORD)

    assert_ended(*sessions)
    assert tokens.actor_of(tokens.issue_for(changed).access).id == user.pk
    assert login(email="ana@example.com", password=NEW_PASSWORD) == user
    with pytest.raises(InvalidCredentials):
        login(email="ana@example.com", password=PASSWORD)


def test_change_ends_nobody_elses_session(make_user: MakeUser) -> None:
    other = tokens.issue_for(make_user("bea@example.com"))

    change_password(user_id=make_user().pk, current_password=PASSWORD, new_password=NEW_PASSWORD)

    assert tokens.actor_of(other.access).kind == "user"
    assert BlacklistedToken.objects.exists() is False


@pytest.mark.parametrize(
    ("current", "new", "refusal"),
    [("wrong", NEW_PASSWORD, InvalidCredentials), (PASSWORD, "12345678", WeakPassword), (PASSWORD, "", WeakPassword)],
)
def test_refused_change_leaves_password_and_sessions(
    current: str, new: str, refusal: type[Exception], make_user: MakeUser
) -> None:
    user = make_user()
    session = tokens.issue_for(user)

    with pytest.raises(refusal):
        change_password(user_id=user.pk, current_password=current, new_password=new)

    assert User.objects.get().password == user.password
    assert tokens.actor_of(session.access).id == user.pk


@pytest.mark.parametrize("gone", [True, False])
def test_nobody_changes_the_password_of_a_shut_or_deleted_account(gone: bool, make_user: MakeUser) -> None:
    user = make_user(is_active=False)
    stored = user.password
    user_id = user.pk
    if gone:
        user.delete()

    with pytest.raises(Unauthenticated):
        change_password(user_id=user_id, current_password=PASSWORD, new_password=NEW_PASSWORD)

    assert [each.password for each in User.objects.all()] == ([] if gone else [stored])


@pytest.mark.django_db(databases=["default", "analytics"])  # the sidebar counts what waits
def test_staff_session_ends_with_the_password(make_user: MakeUser) -> None:
    user = make_user(is_staff=True)
    browser = Client()
    browser.force_login(user)
    assert browser.get("/admin/").status_code == 200

    change_password(user_id=user.pk, current_password=PASSWORD, new_password=NEW_PASSWORD)

    assert browser.get("/admin/").status_code == 302


def test_reset_by_link_sets_the_password_verifies_the_address_and_ends_sessions(make_user: MakeUser) -> None:
    user = make_user()
    session = tokens.issue_for(user)

    reset_password(token=links.token_for(user, "reset"), new_password=NEW_PASSWORD)

    assert_ended(session)
    assert login(email="ana@example.com", password=NEW_PASSWORD).email_verified_at is not None


def test_reset_link_works_once(make_user: MakeUser) -> None:
    token = links.token_for(make_user(), "reset")
    reset_password(token=token, new_password=NEW_PASSWORD)

    with pytest.raises(InvalidLink):
        reset_password(token=token, new_password="yet another battery")

    assert login(email="ana@example.com", password=NEW_PASSWORD)


def test_weak_password_leaves_the_link_good(make_user: MakeUser) -> None:
    token = links.token_for(make_user(), "reset")

    with pytest.raises(WeakPassword) as refusal:
        reset_password(token=token, new_password="ana@example.com")

    assert [fault.pointer for fault in refusal.value.faults] == ["/new_password"]
    assert login(email="ana@example.com", password=PASSWORD).email_verified_at is None
    assert reset_password(token=token, new_password=NEW_PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_one_link_used_at_once_sets_one_password(make_user: MakeUser) -> None:
    token = links.token_for(make_user(), "reset")
    wishes = [f"battery staple {number}" for number in range(6)]

    def use(wish: str) -> Runner:
        return Runner(lambda: reset_password(token=token, new_password=wish).pk)

    told = race([use(wish) for wish in wishes])

    assert sorted(each == "invalid_link" for each in told) == [False, *[True] * 5]
    winner = wishes[next(index for index, each in enumerate(told) if each != "invalid_link")]
    assert User.objects.get().check_password(winner)


def test_password_that_was_read_too_early_is_not_replaced(make_user: MakeUser) -> None:
    early = make_user()
    change_password(user_id=early.pk, current_password=PASSWORD, new_password=NEW_PASSWORD)

    assert replace_password(early, "yet another battery") is False
    assert User.objects.get().check_password(NEW_PASSWORD)


def test_hash_of_an_older_cost_is_replaced_at_log_in(make_user: MakeUser, monkeypatch: pytest.MonkeyPatch) -> None:
    old = make_user().password
    monkeypatch.setattr(Argon2Hasher, "time_cost", 2)

    user = login(email="ana@example.com", password=PASSWORD)

    stored = User.objects.get().password
    assert ("t=1" in old, "t=2" in stored, stored == user.password) == (True, True, True)
    assert login(email="ana@example.com", password=PASSWORD).password == stored


def test_upgrade_does_not_bring_an_old_password_back(make_user: MakeUser, monkeypatch: pytest.MonkeyPatch) -> None:
    early = make_user()
    change_password(user_id=early.pk, current_password=PASSWORD, new_password=NEW_PASSWORD)
    monkeypatch.setattr(Argon2Hasher, "time_cost", 2)

    assert early.check_password(PASSWORD)
    assert User.objects.get().check_password(NEW_PASSWORD)
