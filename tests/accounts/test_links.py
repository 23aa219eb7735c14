"""Links in e-mails: good for one purpose and one person, and for nothing else that takes a token."""

from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
import time_machine
from pytest_django import Settings

from altis.accounts import links, tokens
from altis.accounts.errors import InvalidLink
from altis.accounts.models import User
from altis.accounts.services.refresh import refresh_session
from altis.accounts.signing import link_backend
from altis.shared.clock import now
from altis.shared.errors import Unauthenticated
from tests.accounts.conftest import NEW_PASSWORD, MakeUser

Purposes = pytest.mark.parametrize("purpose", ["verify", "reset"])


@Purposes
def test_link_names_its_person(purpose: links.Purpose, make_user: MakeUser) -> None:
    make_user("bea@example.com")
    user = make_user()

    assert links.person_of(links.token_for(user, purpose), purpose) == user


def test_link_leads_to_the_public_address(make_user: MakeUser, settings: Settings) -> None:
    settings.ALTIS_PUBLIC_URL = "https://shop.example/"

    link = links.link_for(make_user(), "reset")

    assert link.startswith("https://shop.example/account/reset?token=ey")


@Purposes
@pytest.mark.parametrize(("ahead", "good"), [(-2, True), (1, False)])
def test_link_ends_with_its_lifetime(
    purpose: links.Purpose, ahead: int, good: bool, make_user: MakeUser, settings: Settings
) -> None:
    settings.ALTIS_VERIFY_LINK_SECONDS = settings.ALTIS_RESET_LINK_SECONDS = 60
    token = links.token_for(make_user(), purpose)

    with time_machine.travel(now() + timedelta(seconds=60 + ahead)):
        if good:
            assert links.person_of(token, purpose)
        else:
            with pytest.raises(InvalidLink):
                links.person_of(token, purpose)


def _wrong_tokens(user: User) -> dict[str, str]:
    pair = tokens.issue_for(user)
    good = links.token_for(user, "reset")
    claims = jwt.decode(good, options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", algorithm="none", headers={"kid": "dev"})
    return {
        "of the other purpose": links.token_for(user, "verify"),
        "access token": pair.access,
        "refresh token": pair.refresh or "",
        "guest token": tokens.issue_guest().access,
        "empty": "",
        "garbage": "a.b.c",
        "altered": good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        "unsigned": unsigned,
        "another key": jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": "dev"}),
        "too long": good + "A" * 5000,
        "with a NUL": good[:10] + "\x00" + good[10:],
        "of nobody": links.token_for(User(pk=user.pk[:-1] + ("0" if user.pk[-1] != "0" else "1")), "reset"),
        "of no id": links.token_for(User(pk="abc"), "reset"),
    }


def test_nothing_else_passes_for_a_link(make_user: MakeUser) -> None:
    user = make_user()

    for name, token in _wrong_tokens(user).items():
        with pytest.raises(InvalidLink) as refusal:
            links.person_of(token, "reset")
        assert (refusal.value.detail, len(refusal.value.faults)) == (InvalidLink.message, 1), name


@Purposes
def test_link_is_no_token(purpose: links.Purpose, make_user: MakeUser) -> None:
    token = links.token_for(make_user(), purpose)

    for use in (tokens.actor_of, lambda raw: refresh_session(refresh=raw)):
        with pytest.raises(Unauthenticated):
            use(token)


def test_audience_alone_keeps_links_and_tokens_apart(make_user: MakeUser) -> None:
    token = links.token_for(make_user(), "reset")

    with pytest.raises(Unauthenticated):
        tokens.verified_claims(token, "reset")
    assert tokens.verified_claims(token, "reset", by=link_backend())["token_type"] == "reset"


def _change_password(user: User) -> None:
    user.set_password(NEW_PASSWORD)
    user.save()


def _change_address(user: User) -> None:
    user.email = "bea@example.com"
    user.save()


def _shut(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@Purposes
@pytest.mark.parametrize("change", [_change_password, _change_address, _shut, User.delete])
def test_link_ends_when_its_person_changes(
    change: Callable[[User], object], purpose: links.Purpose, make_user: MakeUser
) -> None:
    user = make_user()
    token = links.token_for(user, purpose)

    change(user)

    with pytest.raises(InvalidLink):
        links.person_of(token, purpose)
