"""What `manage.py check --deploy` says about e-mail."""

from typing import Any, Final

from django.conf import settings
from django.core.checks import Warning

_ASIDE: Final = ("console", "dummy", "filebased", "locmem")


def mail_reaches_people(**_: Any) -> list[Warning]:
    """Warn when nobody would get an e-mail, or when its links would lead nowhere or travel in the clear."""
    warnings = []
    if settings.EMAIL_BACKEND in {f"django.core.mail.backends.{name}.EmailBackend" for name in _ASIDE}:
        hint = "Set ALTIS_EMAIL_URL, for instance smtp+tls://user:password@host:587"
        warnings.append(Warning("E-mails are not sent to anybody.", hint=hint, id="accounts.W001"))
    if not settings.ALTIS_PUBLIC_URL.startswith("https://"):
        hint = "Set ALTIS_PUBLIC_URL to the https:// address that customers see"
        warnings.append(Warning("Links in e-mails do not begin with https://.", hint=hint, id="accounts.W002"))
    return warnings
