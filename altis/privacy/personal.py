"""What this app itself keeps of a person: data keys, and the answers kept for idempotent retries."""

from collections.abc import Collection
from typing import Any

from altis.privacy.keepers import Keeper, register
from altis.privacy.models import ErasureLog, SubjectKey
from altis.shared.clock import iso
from altis.store.models import IdempotencyKey


@register
class KeysKeeper(Keeper):
    """Guests are known by nothing else than their data key."""

    name = "keys"

    def lock(self, person: str) -> bool:
        """Somebody with a data key, or who was erased before: then it is done again."""
        known = SubjectKey.objects.select_for_update().filter(pk=person).exists()
        return known or ErasureLog.objects.filter(pk=person).exists()

    def erase(self, subjects: Collection[str]) -> None:
        """The kept answers, sealed as they are: a retry meets the operation itself again, and its refusal."""
        IdempotencyKey.objects.filter(principal__in=subjects).delete()

    def export(self, person: str) -> dict[str, Any] | None:
        """When the data key was made, when the person was erased, and which answers are kept (a day at most)."""
        key = SubjectKey.objects.filter(pk=person).first()
        erased = ErasureLog.objects.filter(pk=person).first()
        answers = IdempotencyKey.objects.filter(principal=person).order_by("created_at")
        return {
            "made_at": iso(key.created_at) if key else None,
            "erased_at": iso(erased.at) if erased else None,
            "kept_answers": [{"route": row.route, "at": iso(row.created_at)} for row in answers],
        }
