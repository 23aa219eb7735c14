"""What must hold of all orders together, whatever was paid and how: a part of the checker's invariants."""

from tests.insight.books import violations

_NUMBERS = ("I1", "I2", "I3", "I4", "I5", "I6", "I9", "I10", "I12", "I13", "I14b", "I15", "I28", "I29", "I30", "I33")


def contradictions() -> dict[str, list[str]]:
    """What breaks an invariant of orders or of the inventory, by its number; empty when all is well."""
    return violations(_NUMBERS)
