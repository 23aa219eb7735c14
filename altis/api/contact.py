"""Whom to tell of a weakness: /.well-known/security.txt (RFC 9116)."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from altis.shared.clock import now

_VALID = timedelta(days=30)  # whoever keeps a copy asks again after that


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """The contact in ALTIS_SECURITY_CONTACT, an e-mail address or a URI; 404 when there is none."""
    contact = settings.ALTIS_SECURITY_CONTACT.strip()
    if not contact:
        raise Http404
    uri = contact if ":" in contact else f"mailto:{contact}"
    expires = (now() + _VALID).strftime("%Y-%m-%dT00:00:00Z")
    text = f"Contact: {uri}\nExpires: {expires}\nPreferred-Languages: en\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
