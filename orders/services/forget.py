"""Forgetting what would still be found, or compared, once a person's data keys are gone."""

from collections.abc import Collection

from orders.models import Order, Passenger


def forget_clients(people: Collection[str]) -> None:
    """Blank the keyed hash of the address that accepted and the blind index of the contact, in these owners' orders.

    Also where both are blank: the lock makes `index_people` wait, which would fill in the index behind our back.
    """
    Order.objects.filter(owner_id__in=people).update(client="", contact_index="")


def forget_names(people: Collection[str]) -> None:
    """Blank the blind index of these passengers' family names; also where it is blank, for the same lock."""
    Passenger.objects.filter(pk__in=people).update(name_index="")
