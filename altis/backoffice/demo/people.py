"""The demo's accounts: three customers, and staff who may look."""

from base64 import b32encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.crypto import salted_hmac

from altis.accounts.credentials import user_by_email
from altis.accounts.models import User
from altis.accounts.services.register import register
from altis.store.database import command

CUSTOMERS = ("amelia@demo.altis.example", "bessie@demo.altis.example", "charles@demo.altis.example")
# Who, and in which group. What a group may look at, by app; for now none may change anything.
STAFF = {"agent@demo.altis.example": "Customer agent", "auditor@demo.altis.example": "Auditor"}
_SEES = {
    "Customer agent": ("catalog", "offers", "orders", "payments"),
    "Auditor": ("catalog", "offers", "orders", "payments", "store", "accounts", "auth"),
}
_HIDDEN = ("subjectkey", "idempotencykey", "permission")


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account. The password is None when somebody has chosen another since."""

    user: User
    email: str
    role: str
    password: str | None
    made: bool


def ensure_people() -> list[Account]:
    """The customers, then the staff in their groups; what is missing is made, passwords are never reset."""
    groups = {name: _ensure_group(name, apps) for name, apps in _SEES.items()}
    return [*_customers(CUSTOMERS), *_staff(groups)]


def _customers(emails: Sequence[str]) -> Iterator[Account]:
    for email in emails:
        role, password, user = "customer", _password(email), user_by_email(email)
        if user is not None:
            yield _known(user, email, role, password)
        else:
            yield Account(register(email=email, password=password), email, role, password, made=True)


def _staff(groups: dict[str, Group]) -> Iterator[Account]:
    for email, group in STAFF.items():
        role, password, user = group.lower(), _password(email), user_by_email(email)
        if user is not None:
            yield _known(user, email, role, password)
            continue
        with command():
            user = User.objects.create_user(email, password, is_staff=True)
            user.groups.add(groups[group])
        yield Account(user, email, role, password, made=True)


def _known(user: User, email: str, role: str, password: str) -> Account:
    return Account(user, email, role, password if user.check_password(password) else None, made=False)


def _password(email: str) -> str:
    """The same at every run of one installation, and known to nobody who does not know its secret key."""
    digest = salted_hmac("altis.backoffice.demo", email, algorithm="sha256").digest()
    return b32encode(digest[:10]).decode().lower()


def _ensure_group(name: str, apps: Sequence[str]) -> Group:
    with command():
        group, made = Group.objects.get_or_create(name=name)
        if made:
            looking = Q(content_type__app_label__in=apps, codename__startswith="view_")
            hidden = Q(content_type__model__in=_HIDDEN)
            group.permissions.set(Permission.objects.filter(looking & ~hidden))
    return group
