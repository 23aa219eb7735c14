"""Everything that must be true of the stores: one query each, which finds what contradicts it."""

from altis.insight.invariants import announced, bank, claims, history, inventory, money, offers, orders, people
from altis.insight.invariants.invariant import Invariant, Kind, Source

INVARIANTS: tuple[Invariant, ...] = tuple(
    sorted(
        (
            *inventory.INVARIANTS,
            *orders.INVARIANTS,
            *offers.INVARIANTS,
            *announced.INVARIANTS,
            *money.INVARIANTS,
            *bank.INVARIANTS,
            *history.INVARIANTS,
            *claims.INVARIANTS,
            *people.INVARIANTS,
        ),
        key=lambda invariant: invariant.place,
    )
)

__all__ = ["INVARIANTS", "Invariant", "Kind", "Source", "numbered"]


def numbered(*numbers: str) -> tuple[Invariant, ...]:
    """The invariants of these numbers, in order; `I14` means all its parts. Raises LookupError for an unknown one."""
    for number in numbers:
        if not any(invariant.answers_to(number) for invariant in INVARIANTS):
            raise LookupError(number)
    return tuple(invariant for invariant in INVARIANTS if any(invariant.answers_to(number) for number in numbers))
