"""Offers that were decided, and what each search showed: the impressions, which know no person."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from altis.shared.actors import Cause
from altis.shared.events import Event
from altis.store.database import db_clock
from altis.store.fields import CreatedAtField, CurrencyField, MoneyOf, PublicIdField
from altis.store.making import make
from offers.documents import OfferDocument
from offers.events import OfferAccepted, OfferRejected
from offers.lifecycle import OFFER, OfferStatus


class Offer(models.Model):
    """An offer that has left ACTIVE by somebody's decision. Live ones stand in Redis alone, expired ones nowhere.

    The primary key is what makes *accept once* true.
    """

    LIFECYCLE: ClassVar = OFFER

    id = PublicIdField(prefix="off")
    search_id = models.CharField(max_length=32, db_collation="C")
    status = models.CharField(max_length=9, choices=[(s.value, s.value) for s in OfferStatus], editable=False)
    version = models.PositiveIntegerField(default=1)
    bundle = models.CharField(max_length=32)
    total_minor = models.PositiveBigIntegerField(help_text="In minor units of the currency")
    currency = CurrencyField()
    document = models.JSONField(help_text="The offer as it was shown, with all that its order needs")
    created_at = models.DateTimeField(help_text="When it was made, by the application's clock")
    expires_at = models.DateTimeField()
    decided_at = CreatedAtField()

    total = MoneyOf("total_minor")
    clock: Callable[[], datetime] = staticmethod(db_clock)  # the database's, as it was at the decision; no column

    class Meta:
        ordering = ("-decided_at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s.value for s in OfferStatus]), name="offer_status_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="offer_lasts"),
        ]
        indexes = [
            models.Index("search_id", name="offer_by_search"),
            models.Index("decided_at", name="offer_by_decision"),
            models.Index("decided_at", name="offer_rejected", condition=Q(status="CANCELLED")),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.status}"

    @classmethod
    def of(cls, document: OfferDocument) -> "Offer":
        """The unsaved row of a live offer, ready for its first move."""
        return make(
            cls,
            id=document.id,
            search_id=document.search_id,
            bundle=document.bundle,
            total_minor=document.total_minor,
            currency=document.currency,
            document=document.as_json(),
            created_at=document.created_at,
            expires_at=document.expires_at,
        )

    def read(self) -> OfferDocument:
        """The offer as it was shown."""
        return OfferDocument.from_json(self.document)

    def told(self, *, came_from: str | None, cause: Cause) -> tuple[models.Model | None, Event | None]:
        """No history row, since there is only one move; its event."""
        kind = OfferAccepted if self.status == OfferStatus.ACCEPTED else OfferRejected
        return None, kind(
            subject=self.pk,
            sequence=self.version,
            search_id=self.search_id,
            bundle=self.bundle,
            rank=self.document["rank"],
            total=self.total,
        )


class Outcome(models.TextChoices):
    """What came of a search's offers."""

    ACCEPTED = "accepted", "An offer was accepted"
    REJECTED = "rejected", "Every offer was rejected"
    EXPIRED = "expired", "Time went by"


class Impression(models.Model):
    """What one search showed and what came of it; written once, when the offers' time is over."""

    search_id = models.CharField(primary_key=True, max_length=32, db_collation="C")
    shown_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    offers = models.JSONField(help_text="id, bundle, rank, score, propensity and total of each offer shown")
    chosen = models.CharField(max_length=32, db_collation="C", blank=True, help_text="The offer that was accepted")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    weight = models.DecimalField(
        max_digits=12, decimal_places=4, default=1, help_text="Searches that this row stands for"
    )

    class Meta:
        ordering = ("-shown_at", "-search_id")
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="impression_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="accepted", chosen__gt="") | (~Q(outcome="accepted") & Q(chosen="")),
                name="impression_chosen_when_accepted",
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="impression_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.search_id} {self.outcome}"
