"""The demo's accounts: three customers, and one member of staff per role."""

from base64 import b32encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from altis.accounts.credentials import user_by_email
from altis.accounts.models import User
from altis.accounts.roles import Role
from altis.accounts.services.grant_role import grant_role
from altis.accounts.services.register import register

CUSTOMERS = ("amelia@demo.altis.example", "bessie@demo.altis.example", "charles@demo.altis.example")
STAFF = {
    "agent@demo.altis.example": Role.CUSTOMER_AGENT,
    "analyst@demo.altis.example": Role.PRICING_ANALYST,
    "auditor@demo.altis.example": Role.AUDITOR,
    "boss@demo.altis.example": Role.ADMINISTRATOR,
    "finance@demo.altis.example": Role.FINANCE,
    "manager@demo.altis.example": Role.PRODUCT_MANAGER,
}


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account. The password is None when somebody has chosen another since."""

    user: User
    email: str
    role: str
    password: str | None
    made: bool


def ensure_people() -> list[Account]:
    """The customers, then the staff in their roles; what is missing is made, passwords are never reset."""
    return [*_customers(CUSTOMERS), *_staff()]


def _customers(emails: Sequence[str]) -> Iterator[Account]:
    for email in emails:
        role, password, user = "customer", _password(email), user_by_email(email)
        if user is not None:
            yield _known(user, email, role, password)
        else:
            yield Account(register(email=email, password=password), email, role, password, made=True)


def _staff() -> Iterator[Account]:
    for email, role in STAFF.items():
        password, user = _password(email), user_by_email(email)
        if user is not None:
            yield _known(user, email, role.value.lower(), password)
            continue
        user = User.objects.create_user(email, password)
        grant_role(user=user, role=role)
        user.refresh_from_db()
        yield Account(user, email, role.value.lower(), password, made=True)


def _known(user: User, email: str, role: str, password: str) -> Account:
    return Account(user, email, role, password if user.check_password(password) else None, made=False)


def _password(email: str) -> str:
    """The same at every run of one installation, and known to nobody who does not know its secret key."""
    digest = salted_hmac("altis.backoffice.demo", email, algorithm="sha256").digest()
    return b32encode(digest[:10]).decode().lower()
