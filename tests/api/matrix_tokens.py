"""Every kind of token that somebody may send: by what it is, the `Authorization` header that brings it."""

import base64
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from altis.accounts import tokens
from altis.accounts.links import token_for
from altis.accounts.models import User
from altis.accounts.signing import backend
from altis.accounts.tokens import issue_for, issue_guest
from altis.privacy.keyring import newest, parse_ring
from altis.shared.clock import now
from altis.shared.ids import new_id
from tests.api.matrix import PASSWORD, World

Claims = dict[str, Any]


def claims_of(token: str) -> Claims:
    """What a token says, unverified."""
    return jwt.decode(token, options={"verify_signature": False})


def signed(claims: Claims, *, key: bytes | None = None, algorithm: str = "HS256", **header: Any) -> str:
    """These very claims, signed with our newest key unless told otherwise."""
    kid, own = newest(backend().keys)
    return jwt.encode(claims, key or own, algorithm=algorithm, headers={"kid": kid, **header})


def unsigned(claims: Claims, algorithm: str, signature: str = "") -> str:
    """A token whose header claims an algorithm, and whose signature is whatever is given."""
    head = {"alg": algorithm, "typ": "JWT", "kid": newest(backend().keys)[0]}
    return f"{_b64(json.dumps(head))}.{_b64(json.dumps(claims))}.{signature}"


def _b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def refused(world: World) -> dict[str, str | None]:
    """Headers that no operation with a token accepts, by kind; None is no header at all."""
    good = world.pair.access
    claims = claims_of(good)
    return {
        **_headers(good),
        **{f"bearer: {kind}": f"Bearer {token}" for kind, token in _forged(claims).items()},
        **{f"claim: {kind}": f"Bearer {signed(changed)}" for kind, changed in _claims(claims).items()},
        **{f"person: {kind}": f"Bearer {token}" for kind, token in _people(world).items()},
    }


def _headers(good: str) -> dict[str, str | None]:
    return {
        "none": None,
        "empty": "",
        "scheme alone": "Bearer",
        "scheme and blank": "Bearer ",
        "token alone": good,
        "basic": "Basic " + base64.b64encode(b"owner@example.com:" + PASSWORD.encode()).decode(),
        "another scheme": f"Token {good}",
        "two tokens": f"Bearer {good} {good}",
        "two tokens, as a proxy joins them": f"Bearer {good}, Bearer {good}",
        "two blanks": f"Bearer  {good}",
        "a tab": f"Bearer\t{good}",
        "a tab behind": f"Bearer {good}\t",
        "quotes": f'Bearer "{good}"',
        "not ASCII": f"Bearer {good}é",
    }


def _forged(claims: Claims) -> dict[str, str]:
    kid, key = newest(backend().keys)
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = rsa_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    good = signed(claims)
    return {
        "garbage": "garbage",
        "three dots": "a.b.c",
        "alg none": unsigned(claims, "none"),
        "alg NoNe": unsigned(claims, "NoNe"),
        "alg none with our signature": unsigned(claims, "none", good.rpartition(".")[2]),
        "HS512 under the same key": signed(claims, key=key * 2, algorithm="HS512"),
        "RS256 under a key of theirs": signed(claims, key=rsa_key, algorithm="RS256"),  # type: ignore[arg-type]  # on purpose
        "RS256 with an HMAC": unsigned(claims, "RS256", good.rpartition(".")[2]),
        "HS256 under a public key": signed(claims, key=_b64(public.decode()).encode()),
        "wrong key, right kid": signed(claims, key=secrets.token_bytes(32)),
        "the secret key of Django": signed(claims, key=settings.SECRET_KEY.encode()),
        "unknown kid": signed(claims, kid="nobody"),
        "kid that is a path": signed(claims, kid="../../dev/null"),
        "no kid": jwt.encode(claims, key, algorithm="HS256"),
        "key in the header": signed(claims, key=b"k" * 32, jwk={"kty": "oct", "k": _b64("k" * 32)}, jku="//evil"),
        "signature cut": good[:-4],
        "body of another": _with_body(good, {**claims, "sub": new_id("usr")}),
        "deep header, unsigned": _b64('{"a":' * 500) + ".e30.AA",
        "over 4 KB": signed({**claims, "more": "x" * 4000}),
    }


def _with_body(token: str, claims: Claims) -> str:
    head, _, signature = token.split(".")
    return f"{head}.{_b64(json.dumps(claims))}.{signature}"


def _claims(claims: Claims) -> dict[str, Claims]:
    at = int(now().timestamp())
    others: dict[str, Claims] = {
        "wrong audience": {"aud": "partner-api"},
        "audience in a list": {"aud": [claims["aud"]]},
        "wrong issuer": {"iss": "somebody"},
        "expired": {"iat": at - 1000, "exp": at - 1},
        "issued tomorrow": {"iat": at + 86_400, "exp": at + 90_000},
        "not yet": {"nbf": at + 3600},
        "without end": {"exp": 10**18},
        "a fraction as its end": {"exp": 1e18},
        "refresh by type": {"token_type": "refresh"},
        "guest by type": {"token_type": "guest"},
        "unknown type": {"token_type": "admin"},
        "subject abc": {"sub": "abc"},
        "subject in a list": {"sub": [1]},
        "subject of another kind": {"sub": new_id("gst")},
        "subject with a NUL": {"sub": "usr_\x00" + "0" * 25},
        "subject of nobody": {"sub": new_id("usr")},
        "another stamp": {"stamp": "0" * 16},
    }
    missing = {f"no {name}": name for name in ("exp", "iat", "aud", "iss", "sub", "jti", "token_type", "stamp")}
    return {
        **{kind: {**claims, **change} for kind, change in others.items()},
        **{kind: {name: claims[name] for name in claims if name != gone} for kind, gone in missing.items()},
    }


def _people(world: World) -> dict[str, str]:
    """Tokens that were good once, or are good for something else."""
    return {
        "refresh as access": str(world.pair.refresh),
        "link of an e-mail as access": token_for(world.owner, "verify"),
        "link to a new password as access": token_for(world.owner, "reset"),
        "another ring": _under_another_ring(claims_of(world.pair.access)),
        **{kind: _lost(kind, change) for kind, change in _LOSSES.items()},
    }


def _under_another_ring(claims: Claims) -> str:
    kid, key = newest(parse_ring("ALTIS_VOUCHER_KEYS", settings.ALTIS_VOUCHER_KEYS))
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid})


def _lost(kind: str, change: Callable[[User], object]) -> str:
    user = User.objects.create_user(f"{kind.replace(' ', '-')}@example.com", PASSWORD)
    token = issue_for(user).access
    change(user)
    return token


def _shut_out(user: User) -> None:
    user.is_active = False
    user.save()


def _new_password(user: User) -> None:
    user.set_password("another battery staple")
    user.save()


_LOSSES: dict[str, Callable[[User], object]] = {
    "inactive": _shut_out,
    "deleted": lambda user: user.delete(),
    "password changed": _new_password,
}


def accepted(world: World) -> dict[str, tuple[str, str]]:
    """Headers that are somebody's, by kind: the class of caller (`guest`, `owner`, `other`) and the header."""
    verified = User.objects.create_user("verified@example.com", PASSWORD, email_verified_at=now() - timedelta(days=1))
    staff = User.objects.create_user("staff@example.com", PASSWORD, is_staff=True)
    chief = User.objects.create_superuser("chief@example.com", PASSWORD)
    people = {
        "owner": ("owner", world.pair.access),
        "owner, the scheme in capitals": ("owner", world.pair.access),
        "guest": ("guest", issue_guest().access),
        "another user": ("other", issue_for(world.other).access),
        "a verified user": ("other", issue_for(verified).access),
        "staff without a right here": ("other", issue_for(staff).access),
        "an administrator": ("other", issue_for(chief).access),
    }
    tokens.forget_verified()
    return {
        kind: (caller, f"{'BEARER' if 'capitals' in kind else 'Bearer'} {token}")
        for kind, (caller, token) in people.items()
    }
