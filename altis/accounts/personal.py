"""What accounts keep of a person: the account, how it may be entered, and where it is logged in."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from altis.accounts import tokens
from altis.accounts.credentials import user_by_email
from altis.accounts.models import Reveal, SavedFilter, User
from altis.privacy.keepers import Keeper, register
from altis.shared.clock import iso, now


@register
class AccountKeeper(Keeper):
    """An account is shut and emptied, never deleted: orders keep their owner, by a bare id."""

    name = "account"

    def find(self, email: str) -> str | None:
        """Through the blind index; nobody has an address that is none."""
        user = user_by_email(email)
        return user.pk if user else None

    def lock(self, person: str) -> bool:
        """Lock the user's row: an order that is being placed is awaited, since it refers to that row."""
        return User.objects.select_for_update().filter(pk=person).only("pk").first() is not None

    def erase(self, subjects: Collection[str]) -> None:
        """No address to be found by, no password, no rights, no log-in that goes on."""
        for user in User.objects.filter(pk__in=subjects):
            if user.is_staff:
                _end_sessions(user)
            user.groups.clear()
            user.user_permissions.clear()
            User.objects.filter(pk=user.pk).update(
                email_index=f"erased:{user.pk}",  # unique, and no digest is spelt like this
                password=make_password(None),
                email_verified_at=None,
                last_login=None,
                is_active=False,
                is_staff=False,
                is_superuser=False,
            )
        OutstandingToken.objects.filter(user__in=subjects).delete()
        SavedFilter.objects.filter(owner__in=subjects).delete()
        transaction.on_commit(tokens.forget_verified)

    def export(self, person: str) -> dict[str, Any] | None:
        """The account, its log-ins that may still be prolonged, and which staff saw the person's data, and why."""
        user = User.objects.filter(pk=person).first()
        if user is None:
            return None
        logins = OutstandingToken.objects.filter(user=user).order_by("created_at")
        return {
            "email": user.email,
            "email_verified_at": iso(user.email_verified_at) if user.email_verified_at else None,
            "joined_at": iso(user.date_joined),
            "last_login_at": iso(user.last_login) if user.last_login else None,
            "is_active": user.is_active,
            "is_staff": user.is_staff,
            "groups": sorted(user.groups.values_list("name", flat=True)),
            "logins": [{"at": iso(one.created_at), "until": iso(one.expires_at)} for one in logins if one.created_at],
            "saved_filters": [
                {"list": one.page, "name": one.name, "filters": one.query}
                for one in SavedFilter.objects.filter(owner=person).order_by("page", "name")
            ],
            "reveals": [
                {
                    "at": iso(one.at),
                    "by": one.actor_id,
                    "saw": f"{one.object_type} {one.object_id}",
                    "reason": one.reason,
                }
                for one in Reveal.objects.filter(subject=person).order_by("id")
            ],
        }


def _end_sessions(user: User) -> None:
    """A session names its user inside its own data, so all that still run are read; only staff have any."""
    running = Session.objects.filter(expire_date__gt=now())
    mine = [one.pk for one in running.iterator() if one.get_decoded().get("_auth_user_id") == user.pk]
    Session.objects.filter(pk__in=mine).delete()
