"""Many decide on one offer at the same moment."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from altis.shared.actors import Actor, Cause
from altis.shared.errors import AltisError
from altis.store.database import command
from altis.store.models import OutboxEvent
from offers.documents import OfferDocument
from offers.lifecycle import OfferStatus
from offers.models import Offer
from offers.services.decide import decide
from tests.offers.builders import offer

CALLERS = 16
CAUSE = Cause(Actor("user", "usr_1"), "race")


def _race(document: OfferDocument) -> list[str]:
    """Half of the callers accept, half reject, at once; what each of them was told."""
    barrier, told = threading.Barrier(CALLERS), [""] * CALLERS

    def call(index: int) -> None:
        to = OfferStatus.ACCEPTED if index % 2 else OfferStatus.CANCELLED
        barrier.wait(10)
        try:
            with command():
                told[index] = decide(document=document, to=to, cause=CAUSE).status
        except AltisError as error:
            told[index] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=(index,)) for index in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return told


@pytest.mark.django_db(transaction=True)
def test_one_decision_wins_and_all_others_are_told_which() -> None:
    document = offer(created_at=datetime.now(UTC))

    told = _race(document)

    row = Offer.objects.get()
    loser = "offer_already_accepted" if row.status == "ACCEPTED" else "offer_cancelled"
    assert sorted(told) == sorted([row.status, *[loser] * (CALLERS - 1)])
    assert OutboxEvent.objects.filter(subject=document.id).count() == 1
