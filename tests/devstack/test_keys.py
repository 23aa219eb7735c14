"""Development secrets."""

import base64
from pathlib import Path

import pytest

from altis.devstack.errors import StackError
from altis.devstack.keys import MAKERS, development_secrets


def test_secrets_are_made_once_and_reused(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"

    first = development_secrets(file, {})

    assert development_secrets(file, {}) == first
    assert set(first) == set(MAKERS)
    assert file.stat().st_mode & 0o777 == 0o600


def test_environment_goes_before_the_file_and_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"

    given = development_secrets(file, {"ALTIS_ADMIN_PASSWORD": "from outside"})

    assert given["ALTIS_ADMIN_PASSWORD"] == "from outside"
    assert "from outside" not in file.read_text()


def test_formats_are_those_the_settings_read(tmp_path: Path) -> None:
    found = development_secrets(tmp_path / "secrets.json", {})

    assert len(bytes.fromhex(found["ALTIS_SECRET_KEY"])) == 32
    name, _, key = found["ALTIS_KEK_RING"].partition(":")
    assert (name, len(base64.urlsafe_b64decode(key))) == ("k1", 32)
    assert len(base64.urlsafe_b64decode(found["ALTIS_BLIND_INDEX_KEY"])) == 32


def test_damaged_file_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text('{"ALTIS_KEK')

    with pytest.raises(StackError, match="is damaged"):
        development_secrets(file, {})

    assert file.read_text() == '{"ALTIS_KEK'
