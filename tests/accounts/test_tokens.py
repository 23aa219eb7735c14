"""Bearer tokens: whose they are, and every way in which one can be bad."""

import base64
import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from altis.accounts import tokens
from altis.accounts.models import User
from altis.accounts.signing import backend
from altis.privacy.keyring import newest
from altis.shared.actors import Actor
from altis.shared.errors import Unauthenticated
from altis.shared.ids import is_id, new_id
from tests.accounts.conftest import MakeUser

Change = Callable[[dict[str, Any]], None]


def signed(claims: dict[str, Any], key: bytes | None = None, algorithm: str = "HS256", **header: Any) -> str:
    """A token with these very claims, signed by our newest key unless another is given."""
    kid, own = newest(backend().keys)
    return jwt.encode(claims, key or own, algorithm=algorithm, headers={"kid": kid, **header})


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def test_guest_token_names_a_guest_and_writes_nothing(
    django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(0):
        pair = tokens.issue_guest()
        actor = tokens.actor_of(pair.access)

    assert (actor.kind, is_id("gst", actor.id)) == ("guest", True)
    assert (pair.kind, pair.refresh) == ("guest", None)


def test_user_token_names_its_user(make_user: MakeUser) -> None:
    user = make_user()

    pair = tokens.issue_for(user)

    assert tokens.actor_of(pair.access) == Actor("user", user.pk)
    assert pair.kind == "user"
    assert OutstandingToken.objects.get().token == ""


def test_token_lasts_a_quarter_of_an_hour(make_user: MakeUser) -> None:
    start = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        pair = tokens.issue_for(make_user())
        clock.shift(899)
        tokens.actor_of(pair.access)
        clock.shift(1)
        with pytest.raises(Unauthenticated):
            tokens.actor_of(pair.access)

    assert pair.expires_at == start + timedelta(minutes=15)


def test_claims_say_what_the_standards_ask_for(make_user: MakeUser) -> None:
    user = make_user()

    claims = claims_of(tokens.issue_for(user).access)

    assert claims.keys() == {"token_type", "exp", "iat", "jti", "sub", "kind", "stamp", "aud", "iss"}
    assert (claims["sub"], claims["aud"], claims["iss"]) == (user.pk, "altis-api", "altis")
    assert user.email not in str(claims)


def _set(**changes: Any) -> Change:
    return lambda claims: claims.update(changes)


def _without(name: str) -> Change:
    return lambda claims: claims.pop(name)


@pytest.mark.parametrize(
    "change",
    [
        *(_without(name) for name in ("exp", "iat", "iss", "aud", "sub", "jti", "token_type", "stamp")),
        _set(aud="altis-admin"),
        _set(aud=["altis-api", "other"]),
        _set(iss="somebody"),
        _set(exp=1),
        _set(exp=1e18),
        _set(exp=10**18),
        _set(exp="soon"),
        _set(exp=True),
        _set(iat=4_000_000_000),
        _set(nbf=4_000_000_000),
        _set(token_type="refresh"),
        _set(token_type=["access"]),
        _set(token_type="guest"),
        _set(sub="abc"),
        _set(sub=[1]),
        _set(sub=None),
        _set(sub="usr_\x00" + "0" * 25),
        _set(sub="usr_" + "é" * 26),
        _set(jti=7),
        _set(stamp="0" * 16),
        lambda claims: claims.update(sub=new_id("usr")),
        lambda claims: claims.update(sub=new_id("gst")),
    ],
)
def test_signed_token_with_a_wrong_claim_is_refused(change: Change, make_user: MakeUser) -> None:
    claims = claims_of(tokens.issue_for(make_user()).access)
    tokens.actor_of(signed(claims))

    change(claims)

    with pytest.raises(Unauthenticated):
        tokens.actor_of(signed(claims))


@pytest.mark.parametrize("subject", ["", "gst_1", "usr_01jd0000000000000000000000", 7, None])
def test_guest_token_with_a_malformed_subject_is_refused(subject: object) -> None:
    claims = {**claims_of(tokens.issue_guest().access), "sub": subject}

    with pytest.raises(Unauthenticated):
        tokens.actor_of(signed(claims))


@pytest.mark.parametrize(
    "header",
    [{"kid": "nobody"}, {"kid": None}, {"kid": 7}, {"kid": ["dev"]}, {"kid": {}}, {"crit": ["exp"]}],
)
def test_token_with_a_wrong_header_is_refused(header: dict[str, Any]) -> None:
    kid, key = newest(backend().keys)
    claims = claims_of(tokens.issue_guest().access)
    head = b64(json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid, **header}))
    message = f"{head}.{b64(json.dumps(claims))}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(message.encode(), key)
    raw = f"{message}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    with pytest.raises(Unauthenticated):
        tokens.actor_of(raw)


def test_other_algorithms_and_keys_are_refused() -> None:
    claims = claims_of(tokens.issue_guest().access)
    kid, key = newest(backend().keys)
    bad = [
        signed(claims, key=secrets.token_bytes(32)),
        signed(claims, key=secrets.token_bytes(64), algorithm="HS512"),
        signed(claims, key=key * 2, algorithm="HS512"),
        jwt.encode(claims, key, algorithm="HS256"),
        *(f"{b64(json.dumps({'alg': alg, 'kid': kid}))}.{b64(json.dumps(claims))}." for alg in ("none", "NoNe", "")),
        *(f"{b64(json.dumps({'alg': alg, 'kid': kid}))}.{b64(json.dumps(claims))}.AA" for alg in ("none", "RS256", 1)),
    ]

    for raw in bad:
        with pytest.raises(Unauthenticated):
            tokens.actor_of(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "garbage",
        "a.b.c",
        "..",
        "\x00",
        "a.b.c\x00",
        "a.b.ç",
        "a.b.\udc80",
        "a" * 4097,
        "a.b." + "c" * 65536,
        f"{b64('[' * 1000)}.{b64('{}')}.AA",
        b64('{"a":' * 500) + ".e30.AA",
        f"{b64('[]')}.{b64('[]')}.{b64('x')}",
        f"{b64('null')}.{b64('null')}.{b64('x')}",
    ],
)
def test_garbage_is_refused(raw: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens.actor_of(raw)


def test_damaged_token_is_refused() -> None:
    raw = tokens.issue_guest().access

    for damaged in (raw[:-2], raw[1:], raw + "A", raw + ".x", raw.replace(".", "..", 1), f" {raw}", f"{raw}\n"):
        with pytest.raises(Unauthenticated):
            tokens.actor_of(damaged)


def test_refresh_token_is_no_access_token(make_user: MakeUser) -> None:
    pair = tokens.issue_for(make_user())

    with pytest.raises(Unauthenticated):
        tokens.actor_of(pair.refresh or "")


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "argon2$another"}])
def test_user_who_is_shut_out_is_refused_within_five_seconds(change: dict[str, Any], make_user: MakeUser) -> None:
    pair = tokens.issue_for(make_user())
    tokens.actor_of(pair.access)
    User.objects.update(**change)

    tokens.forget_verified()

    assert tokens.CACHE_SECONDS <= 5
    with pytest.raises(Unauthenticated):
        tokens.actor_of(pair.access)


def test_deleted_user_is_refused(make_user: MakeUser) -> None:
    pair = tokens.issue_for(make_user())
    User.objects.all().delete()

    with pytest.raises(Unauthenticated):
        tokens.actor_of(pair.access)


def test_verified_token_is_remembered_but_not_past_its_end(
    make_user: MakeUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False) as clock:
        pair = tokens.issue_for(make_user())
        with django_assert_num_queries(1):
            tokens.actor_of(pair.access)
            tokens.actor_of(pair.access)
        clock.shift(900)
        with pytest.raises(Unauthenticated), django_assert_num_queries(0):
            tokens.actor_of(pair.access)


def test_previous_signing_key_is_accepted_until_it_leaves_the_ring(settings: Settings) -> None:
    old = tokens.issue_guest().access
    following = f"k2:{secrets.token_urlsafe(32)}"
    settings.ALTIS_SIGNING_KEYS = f"{following},{settings.ALTIS_SIGNING_KEYS}"
    during = tokens.actor_of(old), jwt.get_unverified_header(tokens.issue_guest().access)["kid"]

    settings.ALTIS_SIGNING_KEYS = following
    tokens.forget_verified()

    assert (during[0].kind, during[1]) == ("guest", "k2")
    with pytest.raises(Unauthenticated):
        tokens.actor_of(old)
