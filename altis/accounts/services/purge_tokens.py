"""Delete the records of refresh tokens that have expired."""

from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from altis.store.database import DbNow

BATCH = 1000


def purge_tokens(*, limit: int = BATCH) -> int:
    """Delete at most `limit` expired records, spent or not; returns how many. An expired token is refused by itself."""
    old = OutstandingToken.objects.filter(expires_at__lte=DbNow()).order_by("pk").values_list("pk", flat=True)
    ids = list(old[:limit])
    OutstandingToken.objects.filter(pk__in=ids).delete()
    return len(ids)
