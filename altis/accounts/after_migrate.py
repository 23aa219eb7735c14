"""After every migration the staff roles have the rights of the table, new models' included."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.db import DEFAULT_DB_ALIAS

from altis.accounts.services.ensure_roles import ensure_roles


def keep_roles(*, sender: AppConfig, using: str, apps: Any = installed, **_: Any) -> None:
    """Django tells each app in turn; when it tells the last one, the rights of all of them are there."""
    last = [app for app in installed.get_app_configs() if app.models_module][-1]
    if sender.label == last.label and using == DEFAULT_DB_ALIAS and _knows_groups(apps):
        ensure_roles()


def _knows_groups(apps: Any) -> bool:
    """Whether the migrations that were applied so far make the table of groups."""
    try:
        apps.get_model("auth", "Group")
    except LookupError:
        return False
    return True
