"""What the second factor keeps of a member of staff."""

from collections.abc import Collection

from altis.accounts.second_factor.models import Authenticator, RecoveryCode
from altis.privacy.keepers import Keeper, register
from altis.shared.clock import iso


@register
class SecondFactorKeeper(Keeper):
    """Secrets, which are told to nobody a second time; only that there are some."""

    name = "second_factor"

    def erase(self, subjects: Collection[str]) -> None:
        """The authenticator and the recovery codes."""
        Authenticator.objects.filter(user__in=subjects).delete()
        RecoveryCode.objects.filter(user__in=subjects).delete()

    def export(self, person: str) -> dict[str, object] | None:
        """Since when there is an authenticator, and how many recovery codes are left."""
        found = Authenticator.objects.filter(user=person).order_by("created_at").first()
        codes = RecoveryCode.objects.filter(user=person).count()
        if found is None and not codes:
            return None
        return {"enrolled_at": iso(found.created_at) if found else None, "recovery_codes": codes}
