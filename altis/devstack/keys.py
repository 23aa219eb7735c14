"""Development secrets: random, made once, kept in the state folder for its owner alone."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from altis.devstack.errors import StackError
from altis.devstack.state import write_private


def _hex_key() -> str:
    return secrets.token_hex(32)


def _bytes_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _key_ring() -> str:
    return f"k1:{_bytes_key()}"


def _password() -> str:
    return secrets.token_urlsafe(12)


MAKERS: Mapping[str, Callable[[], str]] = {
    "ALTIS_SECRET_KEY": _hex_key,
    "ALTIS_WEBHOOK_SECRETS": _hex_key,
    "ALTIS_SIMULATOR_API_KEY": _hex_key,
    "ALTIS_SIGNING_KEYS": _key_ring,
    "ALTIS_KEK_RING": _key_ring,
    "ALTIS_VOUCHER_KEYS": _key_ring,
    "ALTIS_BLIND_INDEX_KEY": _bytes_key,
    "ALTIS_ADMIN_PASSWORD": _password,
}


def fresh_secrets() -> dict[str, str]:
    """One new value for each variable; nothing is kept."""
    return {name: make() for name, make in MAKERS.items()}


def development_secrets(file: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Each secret from the environment, else from `file`, else made now and added to `file` (mode 0600).

    Raises StackError for a damaged file: new keys in its place would make the stored personal data unreadable.
    """
    kept = _read(file)
    missing = {name: make() for name, make in MAKERS.items() if name not in kept and not environ.get(name)}
    if missing:
        kept |= missing
        write_private(file, json.dumps(kept, indent=1))
    return {name: environ.get(name) or kept[name] for name in MAKERS}


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    try:
        content = json.loads(file.read_text())
    except ValueError as error:
        raise StackError(f"{file} is damaged: put it back, or start afresh with `make reset`") from error
    return dict(content)
