"""Events: frozen facts with a payload that JSON can carry."""

from dataclasses import FrozenInstanceError, dataclass
from typing import ClassVar

import pytest

from altis.shared.actors import Actor, Cause, system
from altis.shared.events import Event
from altis.shared.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingSold(Event):
    """A fact."""

    topic: ClassVar[str] = "altis.things"
    type: ClassVar[str] = "altis.thing.sold"

    price: Money
    note: str | None = None


SOLD = ThingSold(subject="thg_1", sequence=3, price=Money(150, "USD"))


def test_the_payload_is_the_events_own_fields() -> None:
    assert SOLD.payload() == {"price": {"amount": "1.50", "currency": "USD"}, "note": None}


def test_a_fact_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        SOLD.sequence = 4  # type: ignore[misc]  # what the test is about


def test_an_actor_is_written_as_kind_and_id() -> None:
    assert str(Actor("user", "usr_1")) == "user:usr_1"
    assert system("sweep", "hold_ended") == Cause(Actor("system", "sweep"), "hold_ended")
