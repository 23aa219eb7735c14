"""Who keeps something of a person. Each app has a module `personal` that registers its keeper here.

Privacy stands below accounts, orders and payments, and may not know them; yet one transaction must reach what all of
them keep. So they are found by name, as Django finds an app's `admin`, and asked in the order of the floors.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

_registered: list["Keeper"] = []  # filled by the import of the apps' modules, then only read


@dataclass(frozen=True, slots=True)
class Objection:
    """Why somebody cannot be erased yet: a stable word, and the id of what stands in the way."""

    reason: str
    thing: str


class Keeper:
    """What one app keeps of a person. `person` is the id that was asked about: a usr_, gst_ or pax_ id.

    `name` is the section of the export. An app overrides what it has something to say about.
    """

    name = ""

    def find(self, email: str) -> str | None:
        """The id of whoever has this e-mail address."""
        return None

    def lock(self, person: str) -> bool:
        """Keep others from adding something of the person until the transaction ends; False for somebody unknown."""
        return False

    def subjects(self, person: str) -> Iterable[str]:
        """Further ids under whose data keys the person's data lie."""
        return ()

    def objections(self, person: str) -> Iterable[Objection]:
        """What stands in the way of erasing the person now."""
        return ()

    def erase(self, subjects: Collection[str]) -> None:
        """Take away what the loss of their data keys does not make unreadable. Runs in the erasing transaction."""

    def export(self, person: str) -> Any:
        """All that is kept about the person, as plain JSON values; None for nothing."""
        return None


def register(kind: type[Keeper]) -> type[Keeper]:
    """Decorate a keeper's class: it is asked from now on."""
    _registered.append(kind())
    return kind


@cache
def keepers() -> tuple[Keeper, ...]:
    """Every app's keeper, the lowest floor first (the order of INSTALLED_APPS)."""
    autodiscover_modules("personal")
    return tuple(_registered)
